"""tasks: listed, shown whole, streamed, called off, replayed; through the real status service."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from shared.domain.job import FileReport, Outcome, Progress, Receipt, State, Step
from shared.domain.model_answer import Usage
from tests.api.world import World

NOBODYS = "00000000-0000-0000-0000-000000000000"


async def accepted(world: World, text: str = "hello", **more: Any) -> str:
    body = {"user_id": "ann", "messages": [{"role": "user", "content": text}], **more}
    return str((await world.post("add/message", body)).data["task_id"])


async def set_to(world: World, id: str, state: State, **how: Any) -> None:
    await world.jobs.put(
        world.jobs.stored[id].ended(state, world.jobs.stored[id].created_at + 5, **how)
    )


async def test_a_users_tasks_the_latest_first(idle: World, prefix: str) -> None:
    first, second = await accepted(idle, "one"), await accepted(idle, "two")
    await accepted(idle, "another's", user_id="ben")
    await idle.progress_bus.publish(
        Progress(first, State.RUNNING, Step.EXTRACT, passages=9, passages_done=4)
    )
    answer = await idle.get(f"{prefix}/tasks", params={"user_id": "ann"})
    assert (answer.code, answer.message) == (200 if prefix == "/product" else 0, "ok")
    assert {task["task_id"] for task in answer.data} == {first, second}
    task = next(task for task in answer.data if task["task_id"] == first)
    assert (
        task["step"],
        task["progress"]["passages_done"],
        task["user_id"],
        "receipts" in task,
    ) == ("extract", 4, "ann", False)


async def test_tasks_in_some_states_and_no_more_than_asked_for(idle: World) -> None:
    ids = [await accepted(idle, text) for text in ("one", "two", "three")]
    await set_to(idle, ids[0], State.COMPLETED)
    await set_to(idle, ids[1], State.DEAD)

    async def listed(**query: Any) -> set[str]:
        return {
            task["task_id"]
            for task in (
                await idle.get("tasks", params={"user_id": "ann", **query})
            ).data
        }

    assert await listed(state="completed") == {ids[0]}
    assert await listed(state=["queued", "dead"]) == {ids[1], ids[2]}
    assert len(await listed(limit=2)) == 2


async def test_an_agents_own_tasks(idle: World) -> None:
    id = await accepted(idle, user_id="", agent_id="guide")
    assert [
        task["task_id"]
        for task in (await idle.get("tasks", params={"agent_id": "guide"})).data
    ] == [id]


@pytest.mark.parametrize(
    "query, code",
    [
        ({}, 40002),
        ({"user_id": "u" * 101}, 40010),
        ({"user_id": "ann", "state": "asleep"}, 40000),
        ({"user_id": "ann", "limit": 0}, 40000),
    ],
)
async def test_a_list_that_cannot_be(
    world: World, query: dict[str, Any], code: int
) -> None:
    refused = await world.get("tasks", params=query)
    assert (400 <= refused.status < 500, refused.code, refused.body["data"]) == (
        True,
        code,
        None,
    )


async def test_a_task_is_shown_whole(idle: World, prefix: str) -> None:
    id = await accepted(idle, conversation_id="0610")
    files = (
        FileReport("a.pdf", "00", "application/pdf", 12, 999, "completed"),
        FileReport("b.pdf", status="failed", code=50107, message="torn"),
    )
    receipts = (
        Receipt("m1", Outcome.STORED, "fact"),
        Receipt("m2", Outcome.MERGED, "fact", "the same", "m1"),
    )
    await idle.jobs.put(replace(idle.jobs.stored[id], files=files, receipts=receipts))
    await set_to(idle, id, State.FAILED, code=50107, message="b.pdf: torn")
    task = (await idle.get(f"{prefix}/tasks/{id}")).data
    assert (
        task["status"],
        task["state"],
        task["step"],
        task["work"],
        task["conversation_id"],
    ) == ("failed", "failed", "done", "add", "0610")
    assert (task["error_code"], task["error_message"], task["counts"]) == (
        50107,
        "b.pdf: torn",
        {"stored": 1, "merged": 1},
    )
    assert [
        (file["name"], file["status"], file["pages"]) for file in task["files"]
    ] == [("a.pdf", "completed", 12), ("b.pdf", "failed", 0)]
    assert task["receipts"][1] == {
        "memory_id": "m2",
        "outcome": "merged",
        "kind": "fact",
        "reason": "the same",
        "other": "m1",
    }
    assert "webhook" not in task


async def test_a_task_is_streamed_to_its_end(idle: World, prefix: str) -> None:
    id = await accepted(idle)
    await set_to(idle, id, State.COMPLETED)
    answer = await idle.client.get(f"{prefix}/tasks/{id}/events")
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "text/event-stream; charset=utf-8",
    )
    assert answer.headers["x-accel-buffering"] == "no"
    name, data = answer.text.strip().split("\n")
    assert (name, json.loads(data.removeprefix("data: "))["status"]) == (
        "event: end",
        "completed",
    )


async def test_a_waiting_task_is_called_off(idle: World, prefix: str) -> None:
    id = await accepted(idle)
    task = (await idle.post(f"{prefix}/tasks/{id}/cancel")).data
    assert (task["task_id"], task["status"], task["state"], task["error_code"]) == (
        id,
        "failed",
        "cancelled",
        50002,
    )
    assert idle.memories.stored == {}
    assert (await idle.post("get/status", {"task_id": id})).data["status"] == "failed"
    assert (await idle.post(f"{prefix}/tasks/{id}/cancel")).data["state"] == "cancelled"


async def test_what_has_ended_stays_as_it_ended(world: World) -> None:
    id = await accepted(world, async_mode=False)
    assert (await world.post(f"tasks/{id}/cancel")).data["state"] == "completed"
    assert len(world.memories.stored) == 1


async def test_completed_tasks_with_remarks_are_listed_and_read_anew(
    idle: World,
) -> None:
    id = await accepted(idle)
    job = idle.jobs.stored[id]
    remarked = replace(job, remarks=("a model was away",)).ended(State.COMPLETED, 1)
    await idle.jobs.put(remarked)
    (task,) = (await idle.get("tasks/remarked")).data
    assert (task["task_id"], task["remarks"]) == (id, ["a model was away"])
    status = (await idle.post("get/status", {"task_id": id})).data
    assert status["remarks"] == ["a model was away"]
    replayed = (await idle.post(f"tasks/{id}/replay")).data
    assert replayed["state"] == "queued" and "remarks" not in replayed
    assert (await idle.get("tasks/remarked")).data == []


async def test_a_task_says_what_it_waits_for_and_what_it_has_cost(
    idle: World,
) -> None:
    id = await accepted(idle)
    waiting = replace(
        idle.jobs.stored[id],
        state=State.RUNNING,
        error_message="the model has no room now (429)",
        usage=Usage(2, 1500, 300, 4100),
    )
    await idle.jobs.put(waiting)
    status = (await idle.post("get/status", {"task_id": id})).data
    assert status["waiting_because"] == "the model has no room now (429)"
    assert status["usage"] == {
        "calls": 2,
        "prompt_tokens": 1500,
        "completion_tokens": 300,
        "milliseconds": 4100,
    }


async def test_dead_letters_are_listed_and_tried_again(
    idle: World, prefix: str
) -> None:
    id = await accepted(idle)
    await set_to(idle, id, State.DEAD, code=50004, message="the memory service is away")
    (dead,) = (await idle.get(f"{prefix}/tasks/dead")).data
    assert (dead["task_id"], dead["user_id"], dead["state"], dead["error_code"]) == (
        id,
        "ann",
        "dead",
        50004,
    )
    idle.queue.wipe()
    assert (await idle.post(f"{prefix}/tasks/{id}/replay")).data["state"] == "queued"
    assert (await idle.get(f"{prefix}/tasks/dead")).data == []
    await idle.work_off()
    assert (await idle.get(f"{prefix}/tasks/{id}")).data["status"] == "completed"


async def test_what_did_not_fail_is_not_tried_again(idle: World) -> None:
    refused = await idle.post(f"tasks/{await accepted(idle)}/replay")
    assert (refused.status, refused.code) == (400, 40000)


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "tasks/{}"),
        ("GET", "tasks/{}/events"),
        ("POST", "tasks/{}/cancel"),
        ("POST", "tasks/{}/replay"),
    ],
)
@pytest.mark.parametrize("id", [NOBODYS, "nonsense", "%2e%2e"])
async def test_unknown(world: World, method: str, path: str, id: str) -> None:
    answer = await world.client.request(method, f"/api/openmem/v1/{path.format(id)}")
    assert (answer.status_code, answer.json()["code"], answer.json()["data"]) == (
        404,
        50131,
        None,
    )


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "tasks/{}"),
        ("GET", "tasks/{}/events"),
        ("POST", "tasks/{}/cancel"),
        ("POST", "tasks/{}/replay"),
    ],
)
async def test_anothers_task_is_unknown(idle: World, method: str, path: str) -> None:
    id = await accepted(idle)
    await set_to(idle, id, State.DEAD)
    headers = {"Authorization": "Token mpg-other"}
    answer = await idle.client.request(
        method, f"/api/openmem/v1/{path.format(id)}", headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (404, 50131)
    assert (await idle.get("tasks/dead", headers=headers)).data == []
    assert (
        await idle.get("tasks", params={"user_id": "ann"}, headers=headers)
    ).data == []


async def test_a_group_chat_is_one_task(idle: World) -> None:
    id = await accepted(idle, user_id=["ann", "ben"])
    await set_to(idle, id, State.COMPLETED)
    assert (await idle.get(f"tasks/{id}")).data["status"] == "running"
    assert (await idle.post(f"tasks/{id}/cancel")).data["state"] == "cancelled"
    assert sorted(job.state for job in idle.jobs.stored.values()) == [
        State.CANCELLED,
        State.COMPLETED,
    ]


async def test_a_status_service_that_does_not_answer(idle: World) -> None:
    id = await accepted(idle)
    idle.app.state.status = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(500, text="oops")),
        base_url="http://s",
    )
    for path in (f"tasks/{id}", "tasks/dead", f"tasks/{id}/events"):
        refused = await idle.get(path)
        assert (refused.status, refused.code) == (503, 50004), path


async def test_nobody_without_a_key(world: World) -> None:
    for path in (
        f"tasks/{NOBODYS}",
        "tasks/dead",
        "tasks?user_id=ann",
        f"tasks/{NOBODYS}/events",
    ):
        refused = await world.get(path, headers={"Authorization": "Token wrong"})
        assert (refused.status, refused.code) == (401, 40132), path


async def test_what_was_deleted_is_left_out_when_its_task_is_replayed(
    world: World,
) -> None:
    said = [{"role": "user", "content": "My PIN is 4711."}]
    body = {"user_id": "ann", "messages": said, "async_mode": False}
    task = (await world.post("add/message", body)).data["task_id"]
    (memory,) = world.memories.stored
    await world.jobs.put(replace(world.jobs.stored[task], remarks=("it was away",)))
    assert (await world.post("delete/memory", {"memory_ids": [memory]})).code == 0
    assert (await world.post(f"tasks/{task}/replay")).code == 0
    job = world.jobs.stored[task]
    assert job.leaves_out(memory) and memory not in job.left_out and not job.receipts
