"""get/memory, delete/memory, update/memory (contract 1.4, 1.5, 1.7, 1.11)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from shared.domain.memory import Memory, Status, Type
from shared.domain.scope import Scope
from tests.api.world import World

UNKNOWN = "00000000-0000-0000-0000-000000000000"


async def some(
    world: World, count: int, type: Type = Type.WORKING, user: str = "ann"
) -> list[Memory]:
    return [
        await world.remember(f"{type} {number}", user, type=type)
        for number in range(count)
    ]


async def test_a_page_of_each_kind(world: World, prefix: str) -> None:
    await some(world, 12)
    await some(world, 3, Type.EXPLICIT)
    await some(world, 1, Type.TRAJECTORY)
    data = (
        await world.post(
            f"{prefix}/get/memory",
            {"user_id": "ann", "page": None, "size": None, "filter": None},
        )
    ).data
    assert [
        len(data[name])
        for name in (
            "memory_detail_list",
            "preference_detail_list",
            "tool_memory_detail_list",
        )
    ] == [10, 3, 1]
    assert (data["total"], data["size"], data["current"], data["pages"]) == (
        12,
        10,
        1,
        2,
    )


@pytest.mark.parametrize(
    "more, lengths",
    [
        ({"page": 2}, (2, 0)),
        ({"current": 2}, (2, 0)),
        ({"page": 2, "size": 2}, (2, 1)),
        ({"size": 500}, (12, 3)),
        ({"include_preference": False}, (10, 0)),
        ({"page": 9}, (0, 0)),
        ({"size": "5", "page": "3"}, (2, 0)),
    ],
)
async def test_pages(
    world: World, more: dict[str, Any], lengths: tuple[int, int]
) -> None:
    await some(world, 12)
    await some(world, 3, Type.EXPLICIT)
    data = (await world.post("get/memory", {"user_id": "ann", **more})).data
    assert (
        len(data["memory_detail_list"]),
        len(data["preference_detail_list"]),
    ) == lengths
    assert data["size"] <= 50


async def test_reading_all_pages_gives_every_memory_once(world: World) -> None:
    made = {memory.id for memory in await some(world, 23)}
    pages = (await world.post("get/memory", {"user_id": "ann", "size": 5})).data[
        "pages"
    ]
    read = [
        fact["id"]
        for page in range(1, pages + 1)
        for fact in (
            await world.post("get/memory", {"user_id": "ann", "size": 5, "page": page})
        ).data["memory_detail_list"]
    ]
    assert pages == 5 and len(read) == 23 and set(read) == made


async def test_sources_are_the_messages_and_info_is_given_back(world: World) -> None:
    message = {
        "role": "user",
        "content": "我住在上海",
        "chat_time": "2025-01-01 10:00:00",
    }
    await world.post(
        "add/message",
        {
            "user_id": "ann",
            "messages": [message],
            "info": {"scene": "x"},
            "async_mode": False,
        },
    )
    (fact,) = (await world.post("get/memory", {"user_id": "ann"})).data[
        "memory_detail_list"
    ]
    assert (
        fact["sources"] == [message]
        and fact["info"] == {"scene": "x"}
        and "relativity" not in fact
    )


@pytest.mark.parametrize(
    "path",
    [
        "/api/openmem/v1/get/memory/",
        "/product/get/memory/",
        "/get/memory/",
        "/v1/get/memory/",
        "//api/openmem//v1//get//memory//",
    ],
)
async def test_one_memory(world: World, path: str) -> None:
    (memory,) = await some(world, 1)
    data = (await world.get(f"http://gateway{path}{memory.id}")).data
    assert (data["id"], data["memory_value"], data["sources"], data["info"]) == (
        memory.id,
        memory.text,
        [],
        {},
    )


async def test_what_a_memory_took_the_place_of_is_its_history(world: World) -> None:
    old = await world.remember("Rent is 900.", "ann", status=Status.ARCHIVED)
    await world.remember("Rent is 950.", "ann", replaced=(old.id, UNKNOWN))
    await world.remember("The sky is blue.", "ann")
    titles = {
        fact["memory_value"]: fact.get("history")
        for fact in (await world.post("get/memory", {"user_id": "ann"})).data[
            "memory_detail_list"
        ]
    }
    assert titles == {
        "The sky is blue.": None,
        "Rent is 950.": [
            {
                "id": old.id,
                "text": "Rent is 900.",
                "create_time": old.created_at,
                "update_time": old.updated_at,
                "valid_from": old.created_at,
                "valid_until": old.updated_at,
            }
        ],
    }


async def test_what_has_changed_is_noted_on_a_memory_until_it_is_deleted(
    world: World,
) -> None:
    news = await world.remember(
        "The gym is cancelled.", "ann", said_at=1_744_000_000_000
    )
    change = {
        "by": news.id,
        "said_at": news.said_at,
        "end": 6,
        "was": "gym 35",
        "part": [0, 20],
    }
    old = await world.remember("gym 35, phone 18.", "ann", detail={"changes": [change]})
    path = f"get/memory/{old.id}"
    assert (await world.get(path)).data[
        "memory_value"
    ] == "gym 35 [changed 7 April 2025: The gym is cancelled], phone 18."
    facts = (
        await world.post(
            "search/memory", {"user_id": "ann", "query": "phone 18", "relativity": 0}
        )
    ).data["memory_detail_list"]
    assert "gym 35 [changed 7 April 2025: The gym is cancelled], phone 18." in [
        fact["memory_value"] for fact in facts
    ]
    await world.post("delete/memory", {"memory_ids": [news.id]})
    assert (await world.get(path)).data["memory_value"] == "gym 35, phone 18."


@pytest.mark.parametrize("id", [UNKNOWN, "not-a-uuid", "%E4%B8%AD"])
async def test_no_such_memory(world: World, id: str) -> None:
    refused = await world.get(f"get/memory/{id}")
    assert (refused.status, refused.code, refused.body["data"]) == (404, 40001, None)


async def test_another_project_and_an_archived_memory_are_not_shown(
    world: World,
) -> None:
    foreign = await world.remember("theirs", scope=Scope("other", "ann"))
    old = await world.remember("old", status=Status.ARCHIVED)
    for memory in (foreign, old):
        assert (await world.get(f"get/memory/{memory.id}")).status == 404
    assert (await world.post("get/memory", {"user_id": "ann"})).data["total"] == 0


@pytest.mark.parametrize(
    "owner",
    [
        {},
        {"user_id": "ann"},
        {"user_ids": ["ann"]},
        {"user_ids": ["bob", "ann"]},
        {"user_id": None},
    ],
)
async def test_named_memories_are_gone_everywhere(
    world: World, owner: dict[str, Any]
) -> None:
    memory, other = await some(world, 2)
    assert (
        await world.post("delete/memory", {"memory_ids": [memory.id], **owner})
    ).data == {"success": True}
    assert (await world.get(f"get/memory/{memory.id}")).status == 404
    left = (
        await world.post(
            "search/memory",
            {"user_id": "ann", "query": "WorkingMemory", "relativity": 0},
        )
    ).data["memory_detail_list"]
    assert [fact["id"] for fact in left] == [other.id]


@pytest.mark.parametrize(
    "body, status, code",
    [
        ({}, 422, 40002),
        ({"memory_ids": []}, 422, 40003),
        ({"memory_ids": [], "user_id": "ann"}, 422, 40003),
        ({"user_id": ""}, 422, 40002),
        ({"memory_ids": [UNKNOWN]}, 404, 40307),
        ({"memory_ids": ["x"]}, 404, 40307),
        ({"user_id": "nobody"}, 404, 40308),
        ({"filter": {"and": []}}, 400, 40003),
        ({"filter": {"user_id": "ann"}}, 400, 40000),
        ({"user_id": "ann", "memory_type": "dream"}, 400, 40000),
    ],
)
async def test_deletions_refused(
    world: World, body: dict[str, Any], status: int, code: int
) -> None:
    await some(world, 1)
    refused = await world.post("delete/memory", body)
    assert (refused.status, refused.code, refused.body["data"]) == (status, code, None)
    assert len(world.memories.stored) == 1


async def test_anothers_memory_or_an_unknown_one_spares_all(world: World) -> None:
    (own,), (foreign,) = await some(world, 1), await some(world, 1, user="bob")
    refused = await world.post(
        "delete/memory", {"memory_ids": [own.id, foreign.id], "user_ids": ["ann"]}
    )
    assert (refused.status, refused.code) == (403, 40306)
    assert (
        await world.post("delete/memory", {"memory_ids": [own.id, UNKNOWN]})
    ).code == 40307
    assert len(world.memories.stored) == 2


async def test_everything_of_a_user(world: World) -> None:
    await world.post(
        "add/message",
        {
            "user_id": "ann",
            "messages": [{"role": "user", "content": "hello"}],
            "async_mode": False,
        },
    )
    await some(world, 2, user="bob")
    await world.post("delete/memory", {"user_id": "ann"})
    assert {entry.memory.scope.user for entry in world.memories.stored.values()} == {
        "bob"
    }
    assert not world.messages.stored and not world.jobs.stored
    again = await world.post("delete/memory", {"user_id": "ann"})
    assert (again.status, again.code) == (404, 40308), "nothing at all is known of them"


@pytest.mark.parametrize("more", [{}, {"filter": {"agent_id": "x"}}])
async def test_one_unknown_user_spares_all(world: World, more: dict[str, Any]) -> None:
    await world.remember("a fact", scope=Scope("one", "ann", "c", "x"))
    body = {"user_ids": ["ann", "typo"], **more}
    refused = await world.post("delete/memory", body)
    assert (refused.status, refused.code) == (404, 40308)
    assert len(world.memories.stored) == 1
    twice = await world.post("delete/memory", {**body, "user_ids": ["ann", "ann"]})
    assert twice.data["success"] and not world.memories.stored


@pytest.mark.parametrize("status", [Status.ARCHIVED, Status.FORGOTTEN])
async def test_a_user_of_whom_nothing_is_active_goes_too(
    world: World, status: Status
) -> None:
    await world.remember("a secret fact", status=status)
    assert (await world.post("delete/memory", {"user_id": "ann"})).data["success"]
    assert not world.memories.stored
    again = await world.post("delete/memory", {"user_id": "ann"})
    assert (again.status, again.code) == (404, 40308)


async def test_a_user_who_is_only_bound_to_a_profile_goes_too(world: World) -> None:
    bound = {"user_id": "ann", "profile_template_id": "t"}
    body = {"bind_list": [bound]}
    assert (await world.post("bind/profile_template", body)).code == 0
    assert (await world.post("delete/memory", {"user_id": "ann"})).data["success"]
    assert not await world.profile_templates.bindings("one", "ann")


async def test_what_is_on_the_way_does_not_come_back(idle: World) -> None:
    body = {"user_id": "ann", "messages": [{"role": "user", "content": "hello"}]}
    id = (await idle.post("add/message", body)).data["task_id"]
    await idle.post("delete/memory", {"user_id": "ann"})
    assert await idle.progress_bus.cancelled(id) and id not in idle.jobs.stored
    assert (await idle.post("add/message", body)).data["task_id"] != id, (
        "the same words may be remembered again"
    )


async def test_what_a_filter_deletes_does_not_come_back_either(idle: World) -> None:
    def add(conversation: str) -> dict[str, Any]:
        said = [{"role": "user", "content": f"hello {conversation}"}]
        return {"user_id": "ann", "conversation_id": conversation, "messages": said}

    tasks = [(await idle.post("add/message", add(c))).data["task_id"] for c in "ab"]
    await idle.post("delete/memory", {"filter": {"conversation_id": "a"}})
    assert [idle.jobs.stored[id].state for id in tasks] == ["cancelled", "queued"]
    left = {entry.memory.scope.conversation for entry in idle.memories.stored.values()}
    assert left == {"b"}
    again = (await idle.post("add/message", add("a"))).data["task_id"]
    assert again != tasks[0], "the same words may be remembered again"


async def test_files_go_with_their_user_unless_another_still_needs_them(
    idle: World,
) -> None:
    def files(user: str, *texts: bytes) -> dict[str, Any]:
        parts = [
            {"type": "file", "file": {"file_data": base64.b64encode(text).decode()}}
            for text in texts
        ]
        return {"user_id": user, "messages": [{"role": "user", "content": parts}]}

    await idle.post("add/message", files("ann", b"mine", b"ours"))
    await idle.post("add/message", files("bob", b"ours"))
    await idle.post("delete/memory", {"user_id": "ann"})
    assert set(idle.sources.stored.values()) == {b"ours"}


async def test_a_deleted_memory_may_be_remembered_again(world: World) -> None:
    body = {
        "user_id": "ann",
        "messages": [{"role": "user", "content": "hello"}],
        "async_mode": False,
    }
    await world.post("add/message", body)
    (stored,) = world.memories.stored
    await world.post("delete/memory", {"memory_ids": [stored]})
    assert (await world.post("add/message", body)).data["status"] == "completed"
    assert list(world.memories.stored) == [stored]


@pytest.mark.parametrize(
    "body, left",
    [
        ({"filter": {"scene": "trip"}}, {"two", "bob's"}),
        ({"agent_id": "a1"}, {"two", "wish"}),
        ({"user_id": "ann", "filter": {"scene": "trip"}}, {"two", "bob's"}),
        ({"user_id": "ann", "memory_type": "preference"}, {"one", "two", "bob's"}),
        ({"user_id": "ann", "memory_type": "WorkingMemory"}, {"wish", "bob's"}),
        ({"user_ids": ["ann", "bob"]}, set()),
    ],
)
async def test_what_a_filter_an_agent_or_a_type_describes(
    world: World, body: dict[str, Any], left: set[str]
) -> None:
    await world.remember(
        "one", scope=Scope("one", "ann", "c", "a1"), info={"scene": "trip"}
    )
    await world.remember("two", scope=Scope("one", "ann", "c", "a2"))
    await world.remember("wish", type=Type.EXPLICIT, info={"scene": "trip"})
    await world.remember("bob's", scope=Scope("one", "bob", "c", "a1"))
    await world.post("delete/memory", body)
    assert {entry.memory.text for entry in world.memories.stored.values()} == left


async def test_new_words_are_found_at_once(world: World) -> None:
    memory = await world.remember("The user lives in Berlin", title="home")
    assert (
        await world.post(
            "update/memory",
            {"memory_id": memory.id, "content": "The user lives in Lisbon"},
        )
    ).data == {"success": True}
    (item,) = (
        await world.post(
            "search/memory", {"user_id": "ann", "query": "Lisbon", "relativity": 0}
        )
    ).data["memory_detail_list"]
    assert (item["id"], item["memory_value"], item["memory_key"]) == (
        memory.id,
        "The user lives in Lisbon",
        "home",
    )
    assert item["update_time"] > item["create_time"]


async def test_title_and_tags_follow_the_new_words(world: World) -> None:
    memory = await world.remember(
        "The user's violin teacher is called Henrik.",
        title="Violin teacher Henrik",
        tags=("music", "Henrik"),
    )
    content = "The user's violin teacher is called Sven."
    await world.post("update/memory", {"memory_id": memory.id, "content": content})
    changed = world.memories.stored[memory.id].memory
    assert changed.title == "Violin teacher Sven"
    assert "music" in changed.tags and "Sven" in changed.tags
    assert "Henrik" not in changed.tags


async def test_a_new_status_leaves_title_and_tags(world: World) -> None:
    memory = await world.remember("The user has a cat.", title="", tags=("x",))
    await world.post("update/memory", {"memory_id": memory.id, "status": "archived"})
    changed = world.memories.stored[memory.id].memory
    assert (changed.title, changed.tags) == ("", ("x",))


async def test_a_memory_put_aside_and_taken_up_again(world: World) -> None:
    memory = await world.remember("The user lives in Berlin")
    for status, total in (("archived", 0), ("activated", 1), ("deleted", 0)):
        await world.post("update/memory", {"memory_id": memory.id, "status": status})
        assert (await world.post("get/memory", {"user_id": "ann"})).data[
            "total"
        ] == total
    assert not world.memories.stored


@pytest.mark.parametrize(
    "body, status, code",
    [
        ({"memory_id": UNKNOWN, "content": "x"}, 404, 40307),
        ({"content": "x"}, 422, 40002),
        ({"memory_id": UNKNOWN}, 422, 40002),
        ({"memory_id": UNKNOWN, "status": "lost"}, 422, 40000),
    ],
)
async def test_updates_refused(
    world: World, body: dict[str, Any], status: int, code: int
) -> None:
    refused = await world.post("update/memory", body)
    assert (refused.status, refused.code) == (status, code)


async def test_an_id_may_be_in_capitals(world: World) -> None:
    memory, other = await some(world, 2)
    big = memory.id.upper()
    change = {"memory_id": big, "content": "another"}
    assert (await world.post("update/memory", change)).data["success"]
    rating = {"memory_ids": [big, memory.id], "thumb": "up"}
    (rated,) = (await world.post("rate/memory", rating)).data["rated"]
    assert rated["memory_id"] == memory.id
    (version,) = (await world.get(f"get/memory/{big}")).data["history"]
    body = {"memory_id": big, "version_id": version["id"].upper()}
    assert (await world.post("restore/memory", body)).data["text"] == memory.text
    body = {"memory_ids": [big, f"{{{other.id}}}"], "user_id": "ann"}
    assert (await world.post("delete/memory", body)).data["success"]
    assert not world.memories.stored


async def test_the_id_of_a_knowledge_base_may_be_in_capitals(world: World) -> None:
    created = await world.post("create/knowledgebase", {"knowledgebase_name": "x"})
    base = created.data["id"]
    await world.remember("The office is in Rome.", "", knowledge_base=base)
    body = {"user_id": "ann", "query": "office", "relativity": 0}
    found = await world.post(
        "search/memory", {**body, "knowledgebase_ids": [base.upper()]}
    )
    assert len(found.data["memory_detail_list"]) == 1


@pytest.mark.parametrize("field", ["content", "title"])
async def test_blank_words_are_refused_and_the_old_ones_stay(
    world: World, field: str
) -> None:
    memory = await world.remember("The van is blue.", title="van")
    body = {"memory_id": memory.id, field: " \n\u3000"}
    refused = await world.post("update/memory", body)
    assert (refused.status, refused.code) == (422, 40002)
    shown = (await world.get(f"get/memory/{memory.id}")).data
    assert (shown["memory_value"], shown["memory_key"]) == ("The van is blue.", "van")
