"""`as_of`: what held on a day, in searches and lists, in the Cloud's dialect and mem0's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.gateway.routes.mem0 import PREFIX
from tests.api.read_world import ReadWorld
from tests.api.world import World

BEIJING, SHANGHAI = "I live in Beijing.", "I live in Shanghai now."
DOG, LEFT = "I have a dog called Rex.", "I work at Acme and I sing in a choir."
QUIT = "I have left Acme."
SCRIPT: dict[tuple[str, str], Any] = {
    (BEIJING, SHANGHAI): "update",
    (SHANGHAI, BEIJING): "update",
    (LEFT, QUIT): ("update", 0.8),
}


@pytest.fixture
async def read(idle: World) -> AsyncIterator[ReadWorld]:
    yield ReadWorld(idle, SCRIPT)


async def both(read: ReadWorld, as_of: Any = "", **more: Any) -> set[str]:
    """What a search finds, and a list shows: the same."""
    if as_of != "":
        more["as_of"] = as_of
    found = set(await read.found("Where do I live?", **more))
    assert found == set(await read.listed(**more))
    return found


async def of_mem0(read: ReadWorld, as_of: str) -> set[str]:
    """The same through mem0's dialect."""
    client, whose = read.world.client, {"filters": {"user_id": "ann"}, "as_of": as_of}
    query = {"query": "Where do I live?", "threshold": 0.0, **whose}
    found = (await client.post(f"{PREFIX}/v3/memories/search", json=query)).json()
    listed = (await client.post(f"{PREFIX}/v3/memories", json=whose)).json()
    texts = {row["memory"] for row in found["results"]}
    assert texts == {row["memory"] for row in listed["results"]}
    return texts


async def test_what_was_said_later_is_hidden_and_what_it_superseded_shown(
    read: ReadWorld,
) -> None:
    await read.say(BEIJING, "2025-01-10")
    await read.say(DOG, "2025-01-20")
    await read.say(SHANGHAI, "2025-03-01")
    expected = {
        "2025-01-09": set(),
        "2025-01-10": {BEIJING},
        "2025-01-20": {BEIJING, DOG},
        "2025-02-28": {BEIJING, DOG},
        "2025-03-01": {SHANGHAI, DOG},
    }
    for day, texts in expected.items():
        assert await both(read, day) == await of_mem0(read, day) == texts
    assert await both(read) == {SHANGHAI, DOG}


async def test_a_moment_is_as_exact_as_it_is_written(read: ReadWorld) -> None:
    await read.say(BEIJING, "2025-01-10")  # at noon
    assert await both(read, "2025-01-10 11:59:59") == set()
    assert await both(read, "2025-01-10 12:00:00") == {BEIJING}
    said_at = read.one("Beijing").said_at
    assert await both(read, said_at - 1) == set()
    assert await both(read, said_at) == await both(read, str(said_at)) == {BEIJING}


async def test_what_is_said_again_has_held_before_and_not_in_between(
    read: ReadWorld,
) -> None:
    await read.say(BEIJING, "2025-01-10")
    await read.say(SHANGHAI, "2025-03-01")
    await read.say(BEIJING, "2025-05-01")
    days = ("2025-02-01", "2025-04-01", "2025-06-01")
    assert [await both(read, day) for day in days] == [{BEIJING}, {SHANGHAI}, {BEIJING}]


async def test_what_is_repeated_has_held_from_the_first_time_on(
    read: ReadWorld,
) -> None:
    await read.say(DOG, "2025-01-10")
    await read.say(DOG, "2025-05-01")
    assert read.one("dog").said_at > read.one("dog").valid_from > 0
    assert await both(read, "2025-01-09") == set()
    assert await both(read, "2025-02-01") == {DOG}


async def test_no_note_speaks_of_what_was_said_later(read: ReadWorld) -> None:
    await read.say(LEFT, "2025-01-10")
    await read.say(QUIT, "2025-03-01")
    assert await both(read, "2025-02-01") == {LEFT}
    noted = await both(read, "2025-03-01")
    assert QUIT in noted
    assert any(text != LEFT and text.startswith(LEFT[:14]) for text in noted)


async def test_items_say_from_when_until_when(read: ReadWorld) -> None:
    await read.say(BEIJING, "2025-01-10")
    await read.say(SHANGHAI, "2025-03-01")
    old, new = read.one("Beijing"), read.one("Shanghai")
    body = {"user_id": "ann", "query": "home", "relativity": 0}
    (row,) = (await read.world.post("search/memory", body)).data["memory_detail_list"]
    assert row["valid_from"] == new.said_at
    assert "valid_until" not in row
    body["as_of"] = "2025-02-01"
    (row,) = (await read.world.post("search/memory", body)).data["memory_detail_list"]
    assert (row["valid_from"], row["valid_until"]) == (old.said_at, new.said_at)
    single = (await read.world.get(f"get/memory/{new.id}")).data
    (entry,) = single["history"]
    assert (entry["valid_from"], entry["valid_until"]) == (old.said_at, new.said_at)


async def test_what_was_changed_by_hand_said_something_else_before(
    world: World,
) -> None:
    memory = await world.remember("The van is blue.", said_at=1_700_000_000_000)
    change = {"memory_id": memory.id, "content": "The van is red."}
    assert (await world.post("update/memory", change)).data["success"]
    body = {"user_id": "ann", "query": "van", "relativity": 0}
    for more, text in (({}, "red"), ({"as_of": "2024-01-01"}, "blue")):
        answer = await world.post("search/memory", {**body, **more})
        (row,) = answer.data["memory_detail_list"]
        assert row["memory_value"] == f"The van is {text}."


async def test_what_was_archived_by_hand_held_until_then(world: World) -> None:
    memory = await world.remember("The van is blue.", said_at=1_700_000_000_000)
    change = {"memory_id": memory.id, "status": "archived"}
    assert (await world.post("update/memory", change)).data["success"]
    body = {"user_id": "ann", "as_of": "2024-01-01"}
    assert (await world.post("get/memory", body)).data["total"] == 1
    body["as_of"] = "2100-01-01"
    assert (await world.post("get/memory", body)).data["total"] == 0


MICROSECONDS = 1_765_376_340_736_000


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "2025-13-01",
        "1.2.2025",
        -5,
        MICROSECONDS,
        str(MICROSECONDS),
        10**18,
        float(MICROSECONDS),
    ],
)
async def test_what_is_no_time_is_refused(world: World, written: Any) -> None:
    body = {"user_id": "ann", "query": "van", "as_of": written}
    for route in ("search/memory", "get/memory", "chat"):
        refused = await world.post(route, body)
        assert (refused.status, refused.code) == (400, 40000)
        assert "as_of" in refused.message
    filters = {"query": "van", "filters": {"user_id": "ann"}, "as_of": written}
    answer = await world.client.post(f"{PREFIX}/v3/memories/search", json=filters)
    assert answer.status_code == 400


async def test_true_is_not_the_first_millisecond(world: World) -> None:
    body = {"user_id": "ann", "query": "van", "as_of": True}
    for route in ("search/memory", "get/memory", "chat"):
        refused = await world.post(route, body)
        assert (refused.status, refused.code) == (422, 40000)
        assert "as_of" in refused.message


@pytest.mark.parametrize(
    "written",
    [
        "9999-12-31",
        "9999-12-31 23:59:59",
        "9999-12-31T23:59:59-12:00",
        1765376340736,
        1765376340736.5,
    ],
)
async def test_every_time_that_a_date_can_say_is_read(
    world: World, written: Any
) -> None:
    await world.remember("The van is blue.", said_at=1_700_000_000_000)
    body = {"user_id": "ann", "query": "the van next week", "relativity": 0}
    for route in ("search/memory", "get/memory"):
        answer = await world.post(route, {**body, "as_of": written})
        assert len(answer.data["memory_detail_list"]) == 1
    chat = await world.post("chat", {**body, "as_of": written})
    assert "blue" in chat.data["response"]
    until = {"create_time": {"lte": written}}
    listed = await world.post("get/memory", {"user_id": "ann", "filter": until})
    assert len(listed.data["memory_detail_list"]) == 1


async def test_what_is_not_kept_by_day_is_refused(world: World) -> None:
    body = {"user_id": "ann", "query": "van", "as_of": "2025-01-01"}
    views = {**body, "include_memory_view": ["profile"]}
    for route, asked in (
        ("search/memory", views),
        ("get/memory", views),
        ("get/memory", {**body, "status": "archived"}),
    ):
        refused = await world.post(route, asked)
        assert (refused.status, refused.code) == (400, 40000)


async def test_a_chat_answers_from_a_day_and_is_not_remembered(
    read: ReadWorld,
) -> None:
    await read.say(BEIJING, "2025-01-10")
    await read.say(SHANGHAI, "2025-03-01")
    world, ask = read.world, {"user_id": "ann", "query": "Where do I live?"}
    body = {**ask, "relativity": 0, "conversation_id": "then", "as_of": "2025-02-01"}
    then = (await world.post("chat", body)).data["response"]
    assert "Beijing" in then and "Shanghai" not in then
    await world.app.state.background.close()
    assert await world.messages.latest("one", "ann", "then", 9) == []
    refused = await world.post("chat", {**body, "as_of": "soon"})
    assert refused.code == 40000
