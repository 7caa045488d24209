"""What of a request is passed over because of another part of it is said, or done after all:
conditions beside ids, further cubes of a feedback, what reads messages that are not read.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World

BESIDE = "filter: beside memory_ids it narrows nothing"
FEEDBACK = {"user_id": "ann", "feedback_content": "No, it is Anna.", "history": []}
AS_GIVEN = {"user_id": "ann", "messages": "I live in Rome.", "infer": False}
KEEP = {"custom_instructions": "Only cities.", "custom_categories": [{"city": "where"}]}


async def test_a_condition_beside_ids_is_remarked(world: World) -> None:
    memory = await world.remember("The van is blue.")
    named = {"memory_ids": [memory.id], "user_id": ["ann"]}
    also = {"filter": {"tags": "car"}, "agent_id": "bot", "memory_type": "fact"}
    answer = await world.post("delete/memory", named | also | {"limitt": 1})
    assert answer.data["remarks"] == [
        "limitt: there is no such field",
        "agent_id: beside memory_ids it narrows nothing",
        BESIDE,
        "memory_type: beside memory_ids it narrows nothing",
    ]
    memory = await world.remember("The van is blue.")
    again = await world.post("delete/memory", named | {"memory_ids": [memory.id]})
    assert "remarks" not in again.data


async def test_so_is_one_in_a_cube(world: World) -> None:
    memory = await world.remember("The van is blue.")
    body = {"memory_ids": [memory.id], "filter": {"tags": "car"}, "session_id": "x"}
    answer = await world.post("/product/delete_memory", body)
    beside = "session_id: beside memory_ids it narrows nothing"
    assert answer.response.json()["remarks"] == [BESIDE, beside]


async def test_memories_and_files_are_not_deleted_by_one_request(world: World) -> None:
    memory = await world.remember("The van is blue.")
    body = {"memory_ids": [memory.id], "file_ids": ["a file"]}
    refused = await world.post("/product/delete_memory", body)
    assert refused.status == 422 and "file_ids" in refused.message
    assert memory.id in world.memories.stored


async def test_feedback_corrects_every_cube_that_it_names(idle: World) -> None:
    body = FEEDBACK | {"writable_cube_ids": ["ann", "team", "ann"]}
    answer = await idle.post("/product/feedback", body)
    jobs = {job.id: job.scope.user for job in idle.jobs.stored.values()}
    tasks = [task["task_id"] for task in answer.data]
    assert [jobs[task] for task in tasks] == ["ann", "team"]
    again = await idle.post("/product/feedback", body)
    assert again.data == answer.data


async def added(world: World, body: dict[str, Any]) -> list[str]:
    answer = await world.client.post("/mem0/v3/memories/add/", json=body)
    remarks: list[str] = answer.json().get("remarks", [])
    return remarks


async def test_what_reads_is_in_vain_where_nothing_is_read(world: World) -> None:
    assert await added(world, AS_GIVEN | KEEP) == [
        "custom_categories: has no effect with infer false",
        "custom_instructions: has no effect with infer false",
    ]
    assert not await added(world, AS_GIVEN)


async def test_instructions_of_agents_are_in_vain_for_users(world: World) -> None:
    asked = {"agent_custom_instructions": "Only cities."}
    (remark,) = await added(world, AS_GIVEN | {"infer": True} | asked)
    assert remark == "agent_custom_instructions: has no effect beside user_id"


@pytest.mark.parametrize("path", ["v3/memories/", "v3/memories/search/"])
async def test_unknown_fields_of_memories_are_remarked(world: World, path: str) -> None:
    body = {"filters": {"user_id": "ann"}, "query": "van", "fields": ["id", "memry"]}
    if path == "v3/memories/":
        del body["query"]
    answer = await world.client.post(f"/mem0/{path}", json=body)
    (remark,) = answer.json()["remarks"]
    assert "memry" in remark
