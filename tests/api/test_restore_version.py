"""restore/memory: what a memory said before is what it says again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shared.domain.memory import Memory, Status, Type
from shared.domain.memory_detail import SKILL_VALUE, VERSION_OF
from shared.domain.validity import period_of
from tests.api.read_world import ReadWorld
from tests.api.world import CLOUD, OTHER_KEY, World

BEIJING, SHANGHAI = "I live in Beijing.", "I live in Shanghai now."
BLUE, RED = "The van is blue.", "The van is red."


@pytest.fixture
async def read(idle: World) -> AsyncIterator[ReadWorld]:
    yield ReadWorld(idle, {(BEIJING, SHANGHAI): "update"})


async def restore(world: World, memory: str, version: str) -> dict[str, object]:
    body = {"memory_id": memory, "version_id": version}
    return dict((await world.post("restore/memory", body)).data)


async def history(world: World, memory: str) -> list[dict[str, object]]:
    return list((await world.get(f"get/memory/{memory}")).data["history"])


async def found(world: World, query: str) -> list[str]:
    body = {"user_id": "ann", "query": query, "relativity": 0}
    rows = (await world.post("search/memory", body)).data["memory_detail_list"]
    return [row["memory_value"] for row in rows]


async def test_a_change_by_hand_is_taken_back_and_forth(world: World) -> None:
    memory = await world.remember(BLUE)
    change = {"memory_id": memory.id, "content": RED}
    assert (await world.post("update/memory", change)).data["success"]
    (entry,) = await history(world, memory.id)
    receipt = await restore(world, memory.id, str(entry["id"]))
    assert (receipt["memory_id"], receipt["text"]) == (memory.id, BLUE)
    assert await found(world, "van") == [BLUE]
    newest, _ = await history(world, memory.id)
    assert (newest["id"], newest["text"]) == (receipt["archived_id"], RED)
    again = await restore(world, memory.id, str(newest["id"]))
    assert again["text"] == RED
    assert await found(world, "van") == [RED]


async def test_what_was_done_to_a_memory_since_stays_when_its_words_come_back(
    world: World,
) -> None:
    memory = await world.remember(BLUE, info={"k": "old"})
    await world.post("update/memory", {"memory_id": memory.id, "content": RED})
    (entry,) = await history(world, memory.id)
    body = {"metadata": {"k": "new", "case": "17"}}
    await world.client.put(f"/mem0/v1/memories/{memory.id}/", json=body)
    await world.post("rate/memory", {"memory_ids": [memory.id], "thumb": "up"})
    assert (await restore(world, memory.id, str(entry["id"])))["text"] == BLUE
    shown = (await world.get(f"get/memory/{memory.id}")).data
    assert shown["info"] == {"k": "new", "case": "17"}
    assert [thumb["thumb"] for thumb in shown["thumbs"]] == ["up"]


SKILL = {
    "name": "book_room",
    "description": "Books a room.",
    "procedure": "1. Call book.",
}


async def test_a_skill_shows_its_new_words_and_its_old_ones_again(world: World) -> None:
    memory = await world.remember(
        "book_room: Books a room.",
        type=Type.SKILL,
        title="book_room",
        detail={SKILL_VALUE: SKILL},
    )
    change = {"memory_id": memory.id, "content": "Books a hall.", "title": "book_hall"}
    assert (await world.post("update/memory", change)).data["success"]
    shown = (await world.get(f"get/memory/{memory.id}")).data
    assert shown["skill_value"]["name"] == "book_hall"
    assert shown["skill_value"]["description"] == "Books a hall."
    assert shown["skill_value"]["procedure"] == SKILL["procedure"]
    file = await world.get(f"/skills/{memory.id}/SKILL.md")
    assert "book_hall" in file.response.text and "room" not in file.response.text
    await restore(world, memory.id, str(shown["history"][0]["id"]))
    shown = (await world.get(f"get/memory/{memory.id}")).data
    assert shown["skill_value"]["description"] == SKILL["description"]


async def test_what_it_says_already_is_not_written_again(world: World) -> None:
    memory = await world.remember(BLUE)
    change = {"memory_id": memory.id, "content": RED}
    await world.post("update/memory", change)
    (entry,) = await history(world, memory.id)
    await restore(world, memory.id, str(entry["id"]))
    before = dict(world.memories.stored)
    receipt = await restore(world, memory.id, str(entry["id"]))
    assert (receipt["text"], receipt["archived_id"]) == (BLUE, "")
    assert world.memories.stored == before


async def test_what_was_superseded_takes_its_place_back(read: ReadWorld) -> None:
    await read.say(BEIJING, "2025-01-10")
    await read.say(SHANGHAI, "2025-03-01")
    old, new = read.one("Beijing"), read.one("Shanghai")
    receipt = await restore(read.world, new.id, old.id)
    assert (receipt["memory_id"], receipt["archived_id"]) == (old.id, new.id)
    assert await read.found("home") == await read.listed() == [BEIJING]
    assert await read.found("home", as_of="2025-02-01") == [BEIJING]
    assert await read.found("home", as_of="2025-04-01") == [SHANGHAI]
    (entry,) = await history(read.world, old.id)
    assert entry["id"] == new.id
    again = await restore(read.world, old.id, new.id)
    assert again["memory_id"] == new.id
    assert await read.found("home") == [SHANGHAI]


async def test_forgotten_words_are_in_no_history_and_are_not_restored(
    world: World,
) -> None:
    ulm = await world.remember("I live in Ulm.", status=Status.ARCHIVED)
    bonn = await world.remember("I lived in Bonn.", status=Status.FORGOTTEN)
    before = await world.remember(
        "I live in Bonn.", status=Status.ARCHIVED, detail={VERSION_OF: bonn.id}
    )
    ids = (bonn.id, before.id, ulm.id)
    kiel = await world.remember("I live in Kiel.", replaced=ids)
    assert [entry["id"] for entry in await history(world, kiel.id)] == [ulm.id]
    entries = (await world.get(f"/mem0/v1/memories/{kiel.id}/history/")).body
    assert [entry["new_memory"] for entry in entries] == [ulm.text, kiel.text]
    for version in (bonn, before):
        body = {"memory_id": kiel.id, "version_id": version.id}
        answer = await world.post("restore/memory", body)
        assert (answer.status, answer.code) == (404, 40307)


async def test_unknown_memories_and_versions_are_refused(world: World) -> None:
    memory, other = await world.remember(BLUE), await world.remember("Another one.")
    unknown = "0a89db3a-2061-4c97-a1b8-45700f8745bc"
    for body in (
        {"memory_id": unknown, "version_id": memory.id},
        {"memory_id": memory.id, "version_id": unknown},
        {"memory_id": memory.id, "version_id": other.id},
        {"memory_id": memory.id, "version_id": "x"},
    ):
        refused = await world.post("restore/memory", body)
        assert (refused.status, refused.code) == (404, 40307)
    missing = await world.post("restore/memory", {"memory_id": memory.id})
    assert (missing.status, missing.code) == (422, 40002)


async def test_another_projects_memory_is_as_if_it_were_not_there(
    world: World,
) -> None:
    memory = await world.remember(BLUE)
    await world.post("update/memory", {"memory_id": memory.id, "content": RED})
    (entry,) = await history(world, memory.id)
    body = {"memory_id": memory.id, "version_id": entry["id"]}
    refused = await world.client.post(
        f"{CLOUD}/restore/memory",
        json=body,
        headers={"Authorization": f"Token {OTHER_KEY}"},
    )
    assert refused.status_code == 404
    assert await found(world, "van") == [RED]


@pytest.mark.parametrize("by", ["memory_ids", "filter", "status", "mem0"])
async def test_what_it_said_before_goes_with_it(world: World, by: str) -> None:
    memory = await world.remember("Her diagnosis is diabetes.", tags=("x",))
    change = {"memory_id": memory.id, "content": "Her diagnosis is asthma."}
    assert (await world.post("update/memory", change)).data["success"]
    if by == "status":
        body = {"memory_id": memory.id, "status": "deleted"}
        assert (await world.post("update/memory", body)).data["success"]
    elif by == "mem0":
        assert (
            await world.client.delete(f"/mem0/v1/memories/{memory.id}/")
        ).status_code == 200
    else:
        named = {"memory_ids": [memory.id], "filter": {"id": memory.id}}
        body = {"user_id": "ann", by: named[by]}
        assert (await world.post("delete/memory", body)).data["success"]
    assert not world.memories.stored


async def test_what_was_restored_stays_where_what_it_came_from_is_deleted(
    read: ReadWorld,
) -> None:
    await read.say(BEIJING, "2025-01-10")
    await read.say(SHANGHAI, "2025-03-01")
    old, new = read.one("Beijing"), read.one("Shanghai")
    change = {"memory_id": new.id, "content": "I live in Rome now."}
    assert (await read.world.post("update/memory", change)).data["success"]
    version = read.one("Shanghai")
    await restore(read.world, new.id, old.id)
    await restore(read.world, old.id, version.id)
    await read.world.post("delete/memory", {"user_id": "ann", "memory_ids": [new.id]})
    assert await read.listed() == [SHANGHAI]


async def test_a_version_activated_by_hand_is_a_memory_of_its_own(world: World) -> None:
    memory = await world.remember(BLUE)
    await world.post("update/memory", {"memory_id": memory.id, "content": RED})
    (entry,) = await history(world, memory.id)
    change = {"memory_id": entry["id"], "status": "activated"}
    assert (await world.post("update/memory", change)).data["success"]
    await world.post("delete/memory", {"user_id": "ann", "memory_ids": [memory.id]})
    assert await found(world, "van") == [BLUE]


async def forget(world: World, memory: Memory) -> None:
    await world.memories.archive([replace(memory, status=Status.FORGOTTEN)])


@pytest.mark.parametrize("forgotten", ["memory", "version"])
@pytest.mark.parametrize("by_hand", [True, False])
async def test_what_is_forgotten_is_neither_restored_nor_archived(
    read: ReadWorld, forgotten: str, by_hand: bool
) -> None:
    await read.say(BEIJING, "2025-01-10")
    if by_hand:
        change = {"memory_id": read.one("Beijing").id, "content": SHANGHAI}
        await read.world.post("update/memory", change)
    else:
        await read.say(SHANGHAI, "2025-03-01")
    memory, version = read.one("Shanghai"), read.one("Beijing")
    await forget(read.world, memory if forgotten == "memory" else version)
    before = dict(read.world.memories.stored)
    body = {"memory_id": memory.id, "version_id": version.id}
    refused = await read.world.post("restore/memory", body)
    assert (refused.status, refused.code) == (404, 40307)
    assert read.world.memories.stored == before


@pytest.mark.parametrize("status", ["", "activated"])
async def test_forgotten_words_that_are_changed_by_hand_are_deleted_in_time(
    read: ReadWorld, status: str
) -> None:
    memory = await read.world.remember(BLUE)
    await forget(read.world, memory)
    change = {"memory_id": memory.id, "content": RED, "status": status}
    assert (await read.world.post("update/memory", change)).data["success"]
    await read.world.memories.delete_forgotten(memory.updated_at + 1)
    assert [memory.text for memory in read.memories()] == [RED]


ROME = "I live in Rome now."


@pytest.fixture
async def moved_twice(idle: World) -> AsyncIterator[ReadWorld]:
    """Beijing until March, Shanghai until May, Rome since."""
    script = {(BEIJING, SHANGHAI): "update", (SHANGHAI, ROME): "update"}
    read = ReadWorld(idle, script)
    await read.say(BEIJING, "2025-01-10")
    await read.say(SHANGHAI, "2025-03-01")
    await read.say(ROME, "2025-05-01")
    yield read


async def test_archived_words_that_are_changed_held_no_longer_for_that(
    moved_twice: ReadWorld,
) -> None:
    shanghai = moved_twice.one("Shanghai")
    change = {"memory_id": shanghai.id, "content": "I live in Pudong now."}
    assert (await moved_twice.world.post("update/memory", change)).data["success"]
    assert await moved_twice.listed(as_of="2025-04-01") == [SHANGHAI]
    assert await moved_twice.listed(as_of="2025-06-01") == [ROME]
    await restore(moved_twice.world, shanghai.id, moved_twice.one("Shanghai").id)
    assert await moved_twice.listed(as_of="2025-04-01") == [SHANGHAI]
    assert await moved_twice.listed(as_of="2025-06-01") == [ROME]


async def test_an_archived_memory_held_no_longer_for_what_took_its_place_back(
    moved_twice: ReadWorld,
) -> None:
    beijing, shanghai = moved_twice.one("Beijing"), moved_twice.one("Shanghai")
    await restore(moved_twice.world, shanghai.id, beijing.id)
    assert await moved_twice.listed(as_of="2025-04-01") == [SHANGHAI]
    assert await moved_twice.listed(as_of="2025-06-01") == [ROME]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Home"},
        {"status": "archived"},
        {"expiration_date": "2100-01-01"},
        {"content": "I live in Pudong."},
    ],
)
async def test_an_archived_memory_held_no_longer_for_any_change_of_it(
    world: World, change: dict[str, str]
) -> None:
    memory = await world.remember(BEIJING, status=Status.ARCHIVED)
    until = period_of(memory).until
    body = {"memory_id": memory.id, **change}
    assert (await world.post("update/memory", body)).data["success"]
    ends = [period_of(e.memory).until for e in world.memories.stored.values()]
    assert set(ends) == {until}


async def test_another_title_keeps_forgotten_words_no_longer(world: World) -> None:
    memory = await world.remember(BLUE)
    await forget(world, memory)
    body = {"memory_id": memory.id, "title": "Van"}
    assert (await world.post("update/memory", body)).data["success"]
    await world.memories.delete_forgotten(memory.updated_at + 1)
    assert not world.memories.stored
