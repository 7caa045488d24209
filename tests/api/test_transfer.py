"""export/memory, import/memory, list/user: nothing is lost on the way, and nobody's
memories can be overwritten.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from typing import Any
from uuid import uuid4

import pytest

from services.gateway.ingest.fast_memories import by_words
from shared.domain.memory import Memory, Origin, Status, ToolUse, Type
from shared.domain.scope import RECORDS
from tests.api.world import OTHER_KEY, World

OTHER_PROJECT = {"headers": {"Authorization": f"Token {OTHER_KEY}"}}


async def all_of(
    world: World, user: str, size: int = 200, **more: Any
) -> list[dict[str, Any]]:
    records, after = [], ""
    while after is not None:
        data = (
            await world.post(
                "export/memory", {"user_id": user, "after": after, "size": size}, **more
            )
        ).data
        records += data["records"]
        after = data["after"]
    return records


async def bring(
    world: World, user: str, records: list[dict[str, Any]], **more: Any
) -> dict[str, int]:
    data: dict[str, int] = (
        await world.post("import/memory", {"user_id": user, "records": records}, **more)
    ).data
    return data


async def say(world: World, *texts: str, user: str = "ann", **more: Any) -> None:
    messages = [
        {"role": "user", "content": text, "chat_time": "2025-01-01 10:00:00"}
        for text in texts
    ]
    await world.post(
        "add/message",
        {
            "user_id": user,
            "conversation_id": "c",
            "messages": messages,
            "async_mode": False,
            **more,
        },
    )


def comparable(page: dict[str, Any]) -> list[Any]:
    """What a client sees of all memories, but for their ids and what is named after them."""
    lists = [
        row for name in sorted(page) if name.endswith("_list") for row in page[name]
    ]
    return sorted(
        (
            {
                name: value
                for name, value in row.items()
                if name not in ("id", "skill_url")
            }
            for row in lists
        ),
        key=repr,
    )


async def memories(world: World, user: str, **more: Any) -> list[Any]:
    return comparable(
        (await world.post("get/memory", {"user_id": user, "size": 50}, **more)).data
    )


async def messages(world: World, user: str, **more: Any) -> list[Any]:
    result: list[Any] = (
        await world.post(
            "get/message", {"user_id": user, "message_limit_number": 50}, **more
        )
    ).data["message_detail_list"]
    return result


async def everything(world: World) -> None:
    await say(
        world,
        "I live in Lisbon.",
        "I drink decaf.",
        info={"scene": "travel"},
        agent_id="guide",
    )
    await world.remember("Prefers trains.", type=Type.EXPLICIT, reasoning="she said so")
    await world.remember(
        "asked -> looked",
        type=Type.TRAJECTORY,
        tools=(ToolUse("look", 2, 0.5, "timeout", "ask again"),),
        experience="e",
    )
    await world.remember(
        "Baking bread", type=Type.SKILL, detail={"skill_value": {"procedure": "knead"}}
    )


async def test_another_user_gets_the_same(world: World) -> None:
    await everything(world)
    records = await all_of(world, "ann")
    assert await bring(world, "bea", records) == {
        "messages": 2,
        "memories": 5,
        "known": 0,
    }
    assert await memories(world, "bea") == await memories(world, "ann") != []
    assert await messages(world, "bea") == await messages(world, "ann") != []


async def test_another_project_gets_the_same(world: World) -> None:
    await everything(world)
    await bring(world, "ann", await all_of(world, "ann"), **OTHER_PROJECT)
    assert await memories(world, "ann", **OTHER_PROJECT) == await memories(world, "ann")
    assert await messages(world, "ann", **OTHER_PROJECT) == await messages(world, "ann")


async def test_what_came_in_is_found(world: World) -> None:
    await bring(
        world,
        "ann",
        [
            {
                "record": "memory",
                "type": "LongTermMemory",
                "text": "The user keeps two greyhounds.",
            }
        ],
    )
    result = (
        await world.post(
            "search/memory",
            {"user_id": "ann", "query": "Which greyhounds does the user keep?"},
        )
    ).data
    assert [row["memory_value"] for row in result["memory_detail_list"]] == [
        "The user keeps two greyhounds."
    ]


async def test_page_by_page_nothing_is_left_out(world: World) -> None:
    await everything(world)
    whole = await all_of(world, "ann")
    assert [record["record"] for record in whole] == ["message"] * 2 + ["memory"] * 5
    assert (
        await all_of(world, "ann", size=1)
        == whole
        == await all_of(world, "ann", size=2)
    )


async def exported_while(
    world: World, happens: Callable[[list[str]], Awaitable[object]], **whose: Any
) -> list[dict[str, Any]]:
    """An export in pages of two; after each this happens, given the ids until then."""
    records: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        body = {"after": after, "size": 2, **whose}
        data = (await world.post("export/memory", body)).data
        records += data["records"]
        after = data["after"]
        await happens([record["id"] for record in data["records"] if "id" in record])
    return records


@pytest.mark.parametrize("change", ["archived", "deleted"])
async def test_what_goes_meanwhile_takes_no_other_memory_out(
    world: World, change: str
) -> None:
    async def goes(ids: list[str]) -> None:
        for id in ids[:1]:
            if change == "deleted":
                await world.post("delete/memory", {"memory_ids": [id]})
            else:
                body = {"memory_id": id, "status": "archived"}
                await world.post("update/memory", body)

    stored = [await world.remember(f"Fact {number}.") for number in range(9)]
    records = await exported_while(world, goes, user_id="ann")
    assert sorted(record["id"] for record in records) == sorted(m.id for m in stored)


async def test_what_is_new_meanwhile_comes_along_and_nothing_twice(
    world: World,
) -> None:
    """So of a memory and the one that takes its place one at least is exported."""
    old = [await world.remember(f"Fact {number}.") for number in range(6)]
    new: list[str] = []

    async def comes(ids: list[str]) -> None:
        if ids and len(new) < 3:
            memory = await world.remember(f"New {len(new)}.")
            later = replace(memory, created_at=memory.created_at + 1 + len(new))
            await world.memories.put([by_words(later)])
            new.append(memory.id)

    records = await exported_while(world, comes, user_id="ann")
    ids = [record["id"] for record in records]
    assert ids == [*sorted(memory.id for memory in old), *new] and len(new) == 3


async def test_messages_that_go_meanwhile_take_no_other_out(world: World) -> None:
    await say(world, *(f"Number {number}." for number in range(9)))
    said = list(world.messages.stored)

    async def goes(ids: list[str]) -> None:
        for message in await world.messages.get("one", ids[:1]):
            await world.messages.delete("one", [message.id])

    records = await exported_while(world, goes, user_id="ann")
    assert [r["id"] for r in records if r["record"] == "message"] == said


async def test_files_that_go_meanwhile_take_no_other_out(world: World) -> None:
    base = await knowledge(world)
    for name in "bcde":
        body = {
            "knowledgebase_id": base,
            "file": [{"content": "eA==", "name": f"{name}.txt"}],
        }
        await world.post("add/knowledgebase-file", body)
    files = world.knowledge_bases.stored_files

    async def goes(ids: list[str]) -> None:
        for id in [id for id in ids if id in files][:1]:
            del files[id]

    stored = set(files)
    records = await exported_while(world, goes, knowledgebase_id=base)
    assert {r["id"] for r in records if r["record"] == "knowledge_file"} == stored


async def test_an_export_that_an_earlier_release_began_is_ended(world: World) -> None:
    """It counted records: "fact:2" was its answer after the first two."""
    stored = [await world.remember(f"Fact {number}.") for number in range(5)]
    after, ids, places = "fact:2", list[str](), list[str]()
    while after is not None:
        body = {"user_id": "ann", "after": after, "size": 2}
        data = (await world.post("export/memory", body)).data
        ids += [record["id"] for record in data["records"]]
        after = data["after"]
        places.append(after)
    assert ids == sorted(memory.id for memory in stored)[2:]
    assert places[0] == "fact:4"


async def test_importing_twice_is_importing_once(world: World) -> None:
    await everything(world)
    records = await all_of(world, "ann")
    await bring(world, "bea", records)
    assert await bring(world, "bea", records) == {
        "messages": 0,
        "memories": 0,
        "known": 7,
    }
    assert await bring(world, "ann", records) == {
        "messages": 0,
        "memories": 0,
        "known": 7,
    }
    assert len(await memories(world, "bea")) == len(await memories(world, "ann")) == 5
    assert len(await messages(world, "bea")) == len(await messages(world, "ann")) == 2


async def test_nobodys_memories_can_be_overwritten(world: World) -> None:
    theirs = await world.remember("Ann's own words.")
    await bring(
        world,
        "eve",
        [
            {
                "record": "memory",
                "id": theirs.id,
                "type": "WorkingMemory",
                "text": "changed",
                "user_id": "ann",
            }
        ],
    )
    assert world.memories.stored[theirs.id].memory == theirs
    assert [row["memory_value"] for row in await memories(world, "eve")] == ["changed"]


async def test_nothing_gets_into_a_knowledge_base_or_stays_unrefined(
    world: World,
) -> None:
    await bring(
        world,
        "ann",
        [
            {
                "record": "memory",
                "type": "WorkingMemory",
                "text": "a",
                "knowledge_base": "kb",
                "fast": True,
                "job": "j",
                "status": "forgotten",
            }
        ],
    )
    (memory,) = [entry.memory for entry in world.memories.stored.values()]
    assert (memory.knowledge_base, memory.fast, memory.job, memory.status) == (
        "",
        False,
        "",
        Status.ACTIVATED,
    )


async def test_memories_name_the_messages_that_came_with_them(world: World) -> None:
    await say(world, "I live in Lisbon.")
    await bring(world, "bea", await all_of(world, "ann"))
    (row,) = (await world.post("get/memory", {"user_id": "bea"})).data[
        "memory_detail_list"
    ]
    assert [source["content"] for source in row["sources"]] == ["I live in Lisbon."]


async def test_a_file_stays_a_source(world: World) -> None:
    await world.remember(
        "From a paper.", origins=(Origin(file="paper.pdf", source="sha", page=3),)
    )
    await bring(world, "bea", await all_of(world, "ann"))
    assert (await memories(world, "bea"))[0]["sources"] == [
        {"file": "paper.pdf", "page": 3}
    ]


@pytest.mark.parametrize(
    "record, where",
    [
        ({}, "records.0.record"),
        ({"record": "rabbit"}, "records.0.record"),
        ({"record": "memory", "text": "x"}, "records.0.type"),
        ({"record": "memory", "text": "x", "type": "Nonsense"}, "records.0.type"),
        ({"record": "message"}, "records.0.role"),
        ({"record": "memory", "text": " ", "type": "WorkingMemory"}, "without a text"),
        (
            {"record": "message", "role": "user", "spoken_at": "yesterday"},
            "records.0.spoken_at",
        ),
    ],
)
async def test_what_cannot_be_read_is_named_and_nothing_is_written(
    world: World, record: dict[str, Any], where: str
) -> None:
    good = {"record": "memory", "type": "WorkingMemory", "text": "good"}
    answer = await world.post(
        "import/memory", {"user_id": "ann", "records": [record, good]}
    )
    assert (answer.status, answer.code) == (400, 40000)
    assert where in answer.message
    assert world.memories.stored == {}


@pytest.mark.parametrize("at", [-5, 0, 1 << 60])
async def test_times_beyond_all_calendars_are_brought_within(
    world: World, at: int
) -> None:
    await bring(
        world,
        "ann",
        [
            {
                "record": "message",
                "role": "user",
                "content": "x",
                "text": "x",
                "arrived_at": at,
                "spoken_at": "0001-01-01T00:00:00+14:00",
            },
            {
                "record": "memory",
                "type": "WorkingMemory",
                "text": "x",
                "created_at": at,
                "updated_at": at,
                "happened_at": at,
            },
        ],
    )
    assert len(await messages(world, "ann")) == len(await memories(world, "ann")) == 1


@pytest.mark.parametrize(
    "after",
    [
        "nonsense",
        "message",
        "message:-1",
        "fact:x",
        "fact:1e3",
        "fact:99999999999999999999",
        "fact:1.0.x",
        f"fact:1.0.{'-' * 36}",
        f"fact:1.0.{'0' * 36}",
        "nonsense:1.0.6d0b1e4f-d6f5-4aee-b2c9-059d8feaca89",
        "superseded-fact:1.0.6d0b1e4f-d6f5-4aee-b2c9-059d8feaca89",
    ],
)
async def test_an_unknown_place_to_go_on_from_is_refused(
    world: World, after: str
) -> None:
    answer = await world.post("export/memory", {"user_id": "ann", "after": after})
    assert (answer.status, answer.code) == (400, 40000)


async def test_too_many_records_are_refused(world: World) -> None:
    records = [
        {"record": "memory", "type": "WorkingMemory", "text": str(number)}
        for number in range(201)
    ]
    assert (
        await world.post("import/memory", {"user_id": "ann", "records": records})
    ).status == 422


async def test_who_is_known(world: World, prefix: str) -> None:
    await say(world, "hello there", user="carl")
    await world.remember("x", user="ann")
    await world.remember("y", user="bob", knowledge_base="kb")
    assert (await world.post(f"{prefix}/list/user", {})).data == {
        "user_id_list": ["ann", "carl"]
    }
    assert (await world.post("list/user", {}, **OTHER_PROJECT)).data == {
        "user_id_list": []
    }


async def test_records_without_an_id_that_say_the_same_are_all_kept(
    world: World,
) -> None:
    """By conversation, agent, attached facts or place they are different records."""
    said = {"record": "message", "role": "user", "text": "ok", "content": "ok"}
    known = {"record": "memory", "type": "WorkingMemory", "text": "The user is well."}
    records = [
        said,
        said,
        {**said, "conversation_id": "tuesday"},
        known,
        {**known, "conversation_id": "tuesday"},
        {**known, "info": {"scene": "travel"}},
        {**known, "agent_id": "nurse"},
        known,
    ]
    counted = await bring(world, "ann", records)
    assert counted == {"messages": 3, "memories": 4, "known": 1}
    assert len(await all_of(world, "ann")) == 7


async def knowledge(world: World) -> str:
    """A knowledge base with one file that was read."""
    base: str = (
        await world.post("create/knowledgebase", {"knowledgebase_name": "manuals"})
    ).data["id"]
    await world.post(
        "add/knowledgebase-file",
        {
            "knowledgebase_id": base,
            "file": [{"content": "eA==", "name": "pump.txt"}],
        },
    )
    await world.remember(
        "The pump is oiled every 30 days.", user="", knowledge_base=base
    )
    return base


async def all_of_base(world: World, base: str, **more: Any) -> list[dict[str, Any]]:
    records, after = [], ""
    while after is not None:
        body = {"knowledgebase_id": base, "after": after, "size": 1}
        data = (await world.post("export/memory", body, **more)).data
        records += data["records"]
        after = data["after"]
    return records


async def found_in(world: World, base: str, **more: Any) -> list[str]:
    body = {
        "user_id": "ann",
        "query": "How often is the pump oiled?",
        "knowledgebase_ids": [base],
        "relativity": 0,
    }
    result = (await world.post("search/memory", body, **more)).data
    return [row["memory_value"] for row in result["memory_detail_list"]]


async def test_a_knowledge_base_comes_with_its_files_and_memories(world: World) -> None:
    base = await knowledge(world)
    records = await all_of_base(world, base)
    assert [record["record"] for record in records] == [
        "knowledge_base",
        "knowledge_file",
        "memory",
    ]
    assert {record["knowledgebase_id"] for record in records} == {base}
    counts = await bring(world, "anybody", records, **OTHER_PROJECT)
    assert counts == {"messages": 0, "memories": 1, "known": 2}
    assert (await bring(world, "anybody", records, **OTHER_PROJECT))["memories"] == 0
    (copy,) = (
        await world.get("/api/openmem/v1/console/knowledgebases", **OTHER_PROJECT)
    ).data
    assert (copy["name"], copy["id"] != base) == ("manuals", True)
    assert sum(copy["files"].values()) == 1
    found = await found_in(world, copy["id"], **OTHER_PROJECT)
    assert found == ["The pump is oiled every 30 days."]
    assert await memories(world, "anybody", **OTHER_PROJECT) == []


async def test_a_knowledge_base_comes_back_to_its_own_project_once(
    world: World,
) -> None:
    base = await knowledge(world)
    records = await all_of_base(world, base)
    assert (await bring(world, "anybody", records))["memories"] == 0
    assert await found_in(world, base) == ["The pump is oiled every 30 days."]


async def test_a_memory_of_a_knowledge_base_that_is_not_there(world: World) -> None:
    record = {"record": "memory", "text": "x", "knowledgebase_id": "no-such"}
    answer = await world.post("import/memory", {"user_id": "ann", "records": [record]})
    assert answer.code == 50120 and "no-such" in answer.message


async def test_superseded_memories_come_along_where_asked_for(world: World) -> None:
    old = await world.remember("The user lives in Rome.", status=Status.ARCHIVED)
    await world.remember("The user lives in Porto.", replaced=(old.id,))
    assert len(await all_of(world, "ann")) == 1
    records, after = [], ""
    while after is not None:
        body = {"user_id": "ann", "after": after, "superseded": True}
        data = (await world.post("export/memory", body)).data
        records += data["records"]
        after = data["after"]
    assert [(row["text"], row["status"]) for row in records] == [
        ("The user lives in Porto.", "activated"),
        ("The user lives in Rome.", "archived"),
    ]
    counts = await bring(world, "bea", records)
    assert counts == {"messages": 0, "memories": 2, "known": 0}
    assert (await bring(world, "bea", records))["known"] == 2
    (new,) = await memories(world, "bea")
    assert new["memory_value"] == "The user lives in Porto."
    (archived,) = (
        await world.post("get/memory", {"user_id": "bea", "status": "archived"})
    ).data["memory_detail_list"]
    assert archived["memory_value"] == "The user lives in Rome."
    (row,) = (await world.post("get/memory", {"user_id": "bea"})).data[
        "memory_detail_list"
    ]
    assert [version["id"] for version in row["history"]] == [archived["id"]]


async def test_an_export_of_nobody_is_refused(world: World) -> None:
    assert (await world.post("export/memory", {})).code == 40002


def changed(text: str, by_id: str, **more: Any) -> dict[str, Any]:
    """A record of a memory that another one changed."""
    change = {"by": by_id, "said_at": 1, "start": 0, "end": len(text), "was": text}
    return {
        "record": "memory",
        "id": "older",
        "type": "LongTermMemory",
        "text": text,
        "detail": {"changes": [{**change, "part": [0, 5], **more}]},
    }


async def found(world: World, user: str, query: str = "Rome") -> list[str]:
    """The memories that a search gives, which has to work."""
    answer = await world.post("search/memory", {"user_id": user, "query": query})
    assert answer.code == 0, answer.message
    return [row["memory_value"] for row in answer.data["memory_detail_list"]]


@pytest.mark.parametrize("at", [10**16, 1 << 60, -(10**16)])
@pytest.mark.parametrize(
    "name", [field.name for field in fields(Memory) if field.type == "int"]
)
async def test_no_time_of_a_record_breaks_a_search(
    world: World, name: str, at: int
) -> None:
    text = "The user lives in Rome."
    newer = {**changed("The user lives in Porto.", "other"), "id": "newer", name: at}
    newer["detail"] = {"until": at}
    await bring(world, "ann", [changed(text, "newer", said_at=at), newer])
    stored = [entry.memory for entry in world.memories.stored.values()]
    assert all(0 <= getattr(memory, name) < 1 << 42 for memory in stored)
    await found(world, "ann")
    for path, body in (
        ("get/memory", {"user_id": "ann", "include_memory_view": ["event"]}),
        ("get/memory", {"user_id": "ann", "as_of": "2026-01-01"}),
        ("chat", {"user_id": "ann", "query": "Rome?", "conversation_id": "c"}),
    ):
        answer = await world.post(path, body)
        assert answer.status < 500 or answer.code == 50004, answer.message


@pytest.mark.parametrize(
    "odd",
    [
        {"start": "0", "end": "23", "part": ["0", "5"]},
        {"start": 0.0, "end": 23.0, "said_at": 1.0},
        {"start": -1},
        {"end": 10**30},
        {"start": None, "part": [1]},
        {"by": ["newer"]},
    ],
)
async def test_odd_notes_of_a_record_break_no_search(
    world: World, odd: dict[str, Any]
) -> None:
    record = changed("The user lives in Rome.", "newer", **odd)
    newer = {**record, "id": "newer", "text": "The user lives in Porto.", "detail": {}}
    record["detail"]["version_of"] = ["older"]
    newer["replaced"] = ["older"]
    await bring(world, "ann", [record, newer])
    assert any("Rome" in text for text in await found(world, "ann"))
    ids = list(world.memories.stored)
    assert (await world.post("delete/memory", {"memory_ids": ids})).code == 0


async def test_what_names_each_other_does_so_after_a_move(world: World) -> None:
    old = await world.remember("The user lives in Rome.")
    changes = {"memory_id": old.id, "content": "The user lives in Rome, upstairs."}
    await world.post("update/memory", changes)
    stored = world.memories.stored[old.id].memory
    newer = await world.remember("The user lives in Porto.")
    text = stored.text
    detail = changed(text, newer.id)["detail"] | {"present": [newer.id]}
    await world.memories.update_detail([replace(stored, detail=detail)])
    exported = {"user_id": "ann", "superseded": True}
    parts = [
        (await world.post("export/memory", {**exported, "after": after})).data
        for after in ("fact:0", "superseded-fact:0")
    ]
    records = [record for part in parts for record in part["records"]]
    await bring(world, "bea", records)
    theirs = {
        entry.memory.text: entry.memory
        for entry in world.memories.stored.values()
        if entry.memory.scope.user == "bea"
    }
    moved, version = theirs[text], theirs["The user lives in Rome."]
    by = theirs["The user lives in Porto."].id
    assert moved.detail["changes"][0]["by"] == by and moved.detail["present"] == [by]
    assert version.detail["version_of"] == moved.id
    assert any("[changed" in row for row in await found(world, "bea"))
    await world.post("delete/memory", {"memory_ids": [moved.id]})
    assert version.id not in world.memories.stored


async def test_no_record_quotes_what_another_user_said(world: World) -> None:
    theirs = await world.remember("The user's alarm code is 4711.")
    await bring(world, "eve", [changed("The user lives in Rome.", theirs.id)])
    (mine,) = [
        m.memory for m in world.memories.stored.values() if m.memory.id != theirs.id
    ]
    forged = replace(mine, detail=changed(mine.text, theirs.id)["detail"])
    await world.memories.update_detail([forged])
    for path, body in (
        ("get/memory", {"user_id": "eve"}),
        ("search/memory", {"user_id": "eve", "query": "Rome"}),
        (f"get/memory/{mine.id}", None),
    ):
        answer = await (world.post(path, body) if body else world.get(path))
        assert "Rome" in str(answer.data) and "4711" not in str(answer.data)


async def test_an_older_export_undoes_no_correction(world: World) -> None:
    memory = await world.remember("Ann lives in Rome.")
    records = await all_of(world, "ann")
    body = {"memory_id": memory.id, "content": "Ann lives in Oslo."}
    assert (await world.post("update/memory", body)).code == 0
    before = dict(world.memories.stored)
    counts = await bring(world, "ann", records)
    assert (counts["memories"], counts["known"]) == (0, len(records))
    assert world.memories.stored == before


async def test_a_later_export_brings_what_was_corrected_by_then(world: World) -> None:
    memory = await world.remember("Ann lives in Rome.")
    (older,) = dict(world.memories.stored).values()
    body = {"memory_id": memory.id, "content": "Ann lives in Oslo."}
    await world.post("update/memory", body)
    records = await all_of(world, "ann")
    await world.memories.put([older])
    await bring(world, "ann", records)
    assert world.memories.stored[memory.id].memory.text == "Ann lives in Oslo."


async def test_records_are_kept_beside_what_is_said_until_they_are_deleted(
    world: World,
) -> None:
    """What the LangGraph store puts: found where it is named, and nobody else's answer."""
    records = {"app_id": RECORDS, "conversation_id": "store"}
    record = {"record": "memory", "type": "LongTermMemory", "info": {"key": "k"}}
    record |= {"id": str(uuid4()), "text": "tea: Darjeeling", **records}
    await world.post("import/memory", {"user_id": "ann", "records": [record]})
    await say(world, "Ann likes tea from Assam.")

    async def found(**more: Any) -> list[str]:
        asked = {"query": "Which tea?", "user_id": "ann", "relativity": 0, **more}
        rows = (await world.post("search/memory", asked)).data["memory_detail_list"]
        return sorted(row["memory_value"].split()[-1] for row in rows)

    named = {"app_id": {"in": [RECORDS, ""]}}
    assert await found() == ["Assam."]
    assert await found(filter=named) == ["Assam.", "Darjeeling"]
    body = {"user_id": "ann", "filter": {"conversation_id": "c"}}
    await world.post("delete/memory", body)
    assert await found(filter={"app_id": RECORDS}) == ["Darjeeling"]
    listed = await world.post("get/memory", {"user_id": "ann"})
    assert len(listed.data["memory_detail_list"]) == 1
