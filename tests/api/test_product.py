"""The open-source server's own routes (contract, section 2): cubes, `code: 200`, and
the exact messages that its clients compare.
"""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.job import State
from shared.domain.memory import Type
from shared.domain.scope import Scope
from tests.api.world import KEY, World

TALK = [
    {"role": "user", "content": "My dog is called Momo."},
    {"role": "assistant", "content": "Nice."},
]
UNKNOWN = "00000000-0000-0000-0000-000000000000"


async def test_add_answers_with_the_memories(world: World) -> None:
    body = {
        "user_id": "ann",
        "mem_cube_id": "ann",
        "conversation_id": "",
        "messages": TALK,
        "async_mode": "sync",
        "mode": "fine",
    }
    answer = await world.post("/product/add", body, headers={"Authorization": KEY})
    assert (answer.code, answer.message) == (200, "Memory added successfully")
    (added,) = answer.data
    assert added.keys() == {"memory", "memory_id", "memory_type", "cube_id"}
    assert (added["memory"], added["memory_type"], added["cube_id"]) == (
        "My dog is called Momo.",
        "WorkingMemory",
        "ann",
    )


@pytest.mark.parametrize(
    "mode", [{"async_mode": "async"}, {"async_mode": True}, {"async_mode": None}, {}]
)
async def test_async_add_answers_with_the_raw_turns(
    idle: World, mode: dict[str, Any]
) -> None:
    (added,) = (
        await idle.post("/product/add", {"user_id": "ann", "messages": TALK, **mode})
    ).data
    assert (
        list(idle.memories.stored) == [added["memory_id"]]
        and "My dog is called Momo." in added["memory"]
    )


async def test_plain_words_and_the_older_names(world: World) -> None:
    for field in ("messages", "memory_content"):
        body = {
            "user_id": "ann",
            field: f"My {field} is Momo",
            "async_mode": "sync",
            "session_id": "s1",
            "custom_tags": ["pet"],
        }
        (added,) = (await world.post("/product/add", body)).data
        memory = world.memories.stored[added["memory_id"]].memory
        assert (memory.text, memory.scope.conversation, memory.tags) == (
            f"My {field} is Momo",
            "s1",
            ("pet",),
        )


async def test_search_by_cube(world: World) -> None:
    await world.remember("The dog is called Momo", user="cube1", info={"scene": "x"})
    await world.remember("The dog barks at night", user="cube2")
    await world.remember("The user likes dogs", user="cube1", type=Type.EXPLICIT)
    await world.remember(
        "The user seems to like walks with dogs", user="cube1", type=Type.IMPLICIT
    )
    body = {
        "query": "dog",
        "user_id": "ann",
        "readable_cube_ids": ["cube1", "cube2"],
        "relativity": 0,
        "mode": "fast",
        "top_k": 5,
    }
    answer = await world.post("/product/search", body)
    assert (answer.code, answer.message) == (200, "Search completed successfully")
    data = answer.data
    assert data.keys() == {
        "text_mem",
        "act_mem",
        "para_mem",
        "pref_mem",
        "pref_note",
        "pref_string",
        "tool_mem",
        "skill_mem",
    }
    assert [
        (bucket["cube_id"], bucket["total_nodes"]) for bucket in data["text_mem"]
    ] == [("cube1", 1), ("cube2", 1)]
    (memory,) = data["text_mem"][0]["memories"]
    assert (memory["memory"], memory["ref_id"]) == (
        "The dog is called Momo",
        f"[{memory['id'][:8]}]",
    )
    assert memory["metadata"].keys() >= {
        "key",
        "tags",
        "memory_type",
        "status",
        "confidence",
        "user_id",
        "session_id",
        "created_at",
        "updated_at",
        "sources",
        "background",
        "info",
        "relativity",
        "embedding",
        "usage",
        "id",
        "memory",
        "ref_id",
    }
    assert memory["metadata"]["info"] == {"scene": "x"}
    explicit, implicit = data["pref_string"].split("Implicit Preference:")
    assert (
        explicit == "Explicit Preference:\n1. The user likes dogs\n\n"
        and implicit.startswith("\n1. The user seems to like walks")
    )
    assert data["pref_note"] and data["pref_string"].endswith(data["pref_note"])


async def test_the_users_own_cube_and_empty_lists(world: World) -> None:
    body = {
        "query": "dog",
        "user_id": "ann",
        "mem_cube_id": "",
        "conversation_id": "",
        "include_preference": False,
        "filter": None,
    }
    data = (await world.post("/product/search", body)).data
    assert data["text_mem"] == [{"cube_id": "ann", "memories": [], "total_nodes": 0}]
    assert (data["pref_note"], data["pref_string"], data["act_mem"]) == ("", "", [])


async def test_a_cube_whole_or_by_the_page(world: World) -> None:
    for number in range(7):
        await world.remember(f"note {number}")
    await world.remember("wish", type=Type.EXPLICIT)
    whole = (
        await world.post(
            "/product/get_memory",
            {"mem_cube_id": "ann", "page": None, "page_size": None},
        )
    ).data
    assert [
        whole[kind][0]["total_nodes"]
        for kind in ("text_mem", "pref_mem", "tool_mem", "skill_mem")
    ] == [7, 1, 0, 0]
    assert len(whole["text_mem"][0]["memories"]) == 7
    page = (
        await world.post(
            "/product/get_memory",
            {
                "mem_cube_id": "ann",
                "page": 2,
                "page_size": 5,
                "include_preference": False,
            },
        )
    ).data
    assert (
        len(page["text_mem"][0]["memories"]),
        page["text_mem"][0]["total_nodes"],
        page["pref_mem"],
    ) == (2, 7, [])


async def test_memories_by_id(world: World) -> None:
    memory = await world.remember("note")
    answer = await world.get(f"/product/get_memory/{memory.id}")
    assert (answer.code, answer.data["id"], answer.data["memory"]) == (
        200,
        memory.id,
        "note",
    )
    assert (await world.get(f"/product/get_memory/{UNKNOWN}")).data is None
    assert [
        entry["id"]
        for entry in (
            await world.post("/product/get_memory_by_ids", [memory.id, UNKNOWN])
        ).data["memories"]
    ] == [memory.id]


async def test_everything_as_a_graph(world: World) -> None:
    memory = await world.remember("The dog is called Momo")
    (cube,) = (
        await world.post(
            "/product/get_all",
            {"user_id": "ann", "memory_type": "text_mem", "mem_cube_ids": None},
        )
    ).data
    (graph,) = cube["memories"]
    assert (
        cube["cube_id"],
        [node["id"] for node in graph["nodes"]],
        graph["edges"],
    ) == ("ann", [memory.id], [])
    assert cube["memory_statistics"] == {"total": 1, "WorkingMemory": 1}
    (none,) = (
        await world.post(
            "/product/get_all", {"user_id": "ann", "memory_type": "act_mem"}
        )
    ).data
    assert none["memories"] == []


@pytest.mark.parametrize(
    "body, status, left",
    [
        ({"memory_ids": ["one"]}, "success", {"two", "three"}),
        ({"memory_ids": [UNKNOWN]}, "failure", {"one", "two", "three"}),
        ({"user_id": "ann", "session_id": "s1"}, "success", {"two", "three"}),
        ({"user_id": "ann", "conversation_id": "s2"}, "success", {"one", "three"}),
        ({"filter": {"scene": "x"}, "user_id": "ann"}, "success", {"one", "three"}),
        ({"user_id": "ann"}, "success", {"three"}),
        ({"user_id": "nobody"}, "failure", {"one", "two", "three"}),
        ({"file_ids": [UNKNOWN]}, "failure", {"one", "two", "three"}),
    ],
)
async def test_delete_says_success_or_failure(
    world: World, body: dict[str, Any], status: str, left: set[str]
) -> None:
    ids = {"one": (await world.remember("one", scope=Scope("one", "ann", "s1"))).id}
    await world.remember("two", scope=Scope("one", "ann", "s2"), info={"scene": "x"})
    await world.remember("three", user="bob")
    if "memory_ids" in body:
        body = {"memory_ids": [ids.get(id, id) for id in body["memory_ids"]]}
    answer = await world.post("/product/delete_memory", body)
    assert (answer.code, answer.data) == (200, {"status": status})
    assert {entry.memory.text for entry in world.memories.stored.values()} == left


async def test_feedback_is_a_job(idle: World) -> None:
    body = {
        "user_id": "ann",
        "history": TALK,
        "feedback_content": "Her name is Mimi",
        "retrieved_memory_ids": [UNKNOWN],
    }
    answer = await idle.post("/product/feedback", body)
    assert (answer.message, len(answer.data)) == ("Memory feedback successfully", 1)
    (job,) = idle.jobs.stored.values()
    (message,) = await idle.messages.get("one", job.message_ids)
    assert (job.work, message.text, job.payload.memory_ids) == (
        "feedback",
        "Her name is Mimi",
        (UNKNOWN,),
    )


@pytest.mark.parametrize("language, word", [("zh", "关于"), ("en", "What")])
async def test_suggestions(world: World, language: str, word: str) -> None:
    await world.remember("周末去爬山", title="爬山计划")
    (question,) = (
        await world.post(
            "/product/suggestions",
            {"user_id": "ann", "mem_cube_id": "ann", "language": language},
        )
    ).data["query"]
    assert word in question and "爬山计划" in question


async def test_whether_a_cube_is_there(world: World) -> None:
    await world.remember("x")
    for cube, there in (("ann", True), ("bob", False)):
        assert (
            await world.post("/product/exist_mem_cube_id", {"mem_cube_id": cube})
        ).data == {cube: there}


async def test_the_scheduler_under_its_names(idle: World) -> None:
    ids = [
        (
            await idle.post(
                "add/message",
                {
                    "user_id": "ann",
                    "messages": [{"role": "user", "content": str(number)}],
                },
            )
        ).data["task_id"]
        for number in range(3)
    ]
    await idle.jobs.put(idle.jobs.stored[ids[0]].ended(State.COMPLETED, 1))
    await idle.jobs.put(idle.jobs.stored[ids[1]].ended(State.DEAD, 1))
    listed = (
        await idle.get("/product/scheduler/status", params={"user_id": "ann"})
    ).data
    assert {task["task_id"]: task["status"] for task in listed} == dict(
        zip(ids, ("completed", "failed", "waiting"), strict=True)
    )
    assert (
        await idle.get(
            "/product/scheduler/status", params={"user_id": "ann", "task_id": ids[2]}
        )
    ).data == [{"task_id": ids[2], "status": "waiting"}]
    counts = (
        await idle.get(
            "/product/scheduler/task_queue_status", params={"user_id": "ann"}
        )
    ).data["scheduler_summary"]
    assert counts == {
        "waiting": 1,
        "in_progress": 0,
        "pending": 1,
        "completed": 1,
        "failed": 1,
        "cancelled": 0,
        "total": 3,
    }
    project = (await idle.get("/product/scheduler/allstatus")).data["all_tasks_summary"]
    assert (project["waiting"], project["failed"]) == (1, 1)
    unknown = await idle.get(
        "/product/scheduler/status", params={"user_id": "ann", "task_id": UNKNOWN}
    )
    assert (unknown.status, unknown.code) == (404, 404)


async def test_waiting_for_the_scheduler(idle: World) -> None:
    await idle.post(
        "add/message",
        {"user_id": "ann", "messages": [{"role": "user", "content": "x"}]},
    )
    asked = {"user_name": "ann", "timeout_seconds": 0.01}
    busy = (await idle.post("/product/scheduler/wait", params=asked)).body
    assert (
        busy["message"],
        busy["data"]["timed_out"],
        busy["data"]["running_tasks"],
    ) == ("timeout", True, 1)
    events = (
        await idle.client.get("/product/scheduler/wait/stream", params=asked)
    ).text.split("\n\n")
    assert '"status":"processing"' in events[0] and '"status":"timeout"' in events[-2]
    await idle.work_off()
    assert (
        '"status":"idle"'
        in (await idle.client.get("/product/scheduler/wait/stream", params=asked)).text
    )
    done = (await idle.post("/product/scheduler/wait", params=asked)).body
    assert (done["message"], done["data"]["timed_out"], done["data"]["user_name"]) == (
        "idle",
        False,
        "ann",
    )


@pytest.mark.parametrize(
    "route, body, word",
    [
        ("search", {"user_id": "ann"}, "query"),
        ("search", {"query": "x"}, "user_id"),
        ("add", {"user_id": "ann"}, "messages"),
        ("get_memory", {}, "mem_cube_id"),
        ("delete_memory", {}, "memory_ids"),
        ("feedback", {"user_id": "ann"}, "feedback_content"),
        ("get_all", {"user_id": "ann", "memory_type": "dreams"}, "memory_type"),
        ("get_memory_by_ids", {"a": 1}, "list"),
    ],
)
async def test_errors_say_the_http_status(
    world: World, route: str, body: Any, word: str
) -> None:
    refused = await world.post(f"/product/{route}", body)
    assert (refused.status, refused.code, refused.body["data"]) == (422, 422, None)
    assert word in refused.message and refused.body["detail"]


@pytest.mark.parametrize(
    "route",
    ["create_cube", "register_cube", "get_memory_dashboard", "chat/stream/playground"],
)
async def test_internal_routes_are_not_there(world: World, route: str) -> None:
    refused = await world.post(f"/product/{route}", {})
    assert (refused.status, refused.body["data"]) == (404, None) and refused.message
