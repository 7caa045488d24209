"""get/status, in the form that the asking client can read (contract 1.6)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from shared.domain.job import State
from tests.api.world import World

BODY = {"user_id": "ann", "messages": [{"role": "user", "content": "hello"}]}


async def test_running_then_completed(idle: World, prefix: str) -> None:
    id = (await idle.post("add/message", BODY)).data["task_id"]
    running = (await idle.post(f"{prefix}/get/status", {"task_id": id})).data
    assert (running["task_id"], running["status"], "memory_views" in running) == (
        id,
        "running",
        False,
    )
    await idle.work_off()
    done = (await idle.post(f"{prefix}/get/status", {"task_id": id})).data
    (memory,) = idle.memories.stored
    assert (done["status"], "error_code" in done) == ("completed", False)
    assert (done["memory_views"]["added"], done["memory_views"]["detail_factual"]) == (
        1,
        {"memory_ids": [memory]},
    )


async def test_a_failure_says_why(idle: World) -> None:
    id = (await idle.post("add/message", BODY)).data["task_id"]
    await idle.jobs.put(
        idle.jobs.stored[id].ended(
            State.FAILED, 1, code=50104, message="a.pdf is larger than 100 MB"
        )
    )
    data = (await idle.post("get/status", {"task_id": id})).data
    assert (data["status"], data["error_code"], data["error_message"]) == (
        "failed",
        50104,
        "a.pdf is larger than 100 MB",
    )


@pytest.mark.parametrize(
    "spelling, listed",
    [
        ({"asyncMode": True}, True),
        ({"asyncMode": False}, True),
        ({"async_mode": True}, False),
        ({"asyncMode": None}, False),
        ({}, False),
    ],
)
async def test_old_clients_get_a_list(
    idle: World, spelling: dict[str, Any], listed: bool
) -> None:
    id = (await idle.post("add/message", {**BODY, **spelling})).data["task_id"]
    data = (await idle.post("get/status", {"task_id": id})).data
    (task,) = data if listed else (data,)
    assert isinstance(data, list) is listed and (task["task_id"], task["status"]) == (
        id,
        "running",
    )


@pytest.mark.parametrize(
    "spelling, listed", [("asyncMode", True), ("async_mode", False)]
)
async def test_feedback_is_answered_as_the_last_request_of_its_user(
    idle: World, spelling: str, listed: bool
) -> None:
    await idle.post("add/message", {**BODY, spelling: True})
    feedback = {"user_id": BODY["user_id"], "feedback_content": "Replace a with b"}
    for _ in range(2):
        id = (await idle.post("add/feedback", feedback)).data["task_id"]
        data = (await idle.post("get/status", {"task_id": id})).data
        assert isinstance(data, list) is listed


async def test_the_old_spelling_can_wait(world: World) -> None:
    assert (await world.post("add/message", {**BODY, "asyncMode": False})).data[
        "status"
    ] == "completed"


async def test_everybody_gets_a_list_when_the_server_is_set_to(embedder: Any) -> None:
    async with World(embedder, working=False, status_as_list=True) as world:
        id = (await world.post("add/message", BODY)).data["task_id"]
        assert isinstance((await world.post("get/status", {"task_id": id})).data, list)


@pytest.mark.parametrize(
    "id", ["00000000-0000-0000-0000-000000000000", "nonsense", "../../health"]
)
async def test_unknown(world: World, id: str) -> None:
    refused = await world.post("get/status", {"task_id": id})
    assert (refused.status, refused.code, refused.body["data"]) == (404, 50131, None)


async def test_anothers_task_is_unknown(idle: World) -> None:
    id = (await idle.post("add/message", BODY)).data["task_id"]
    assert (
        await idle.post(
            "get/status", {"task_id": id}, headers={"Authorization": "Token mpg-other"}
        )
    ).code == 50131


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(500, text="oops"),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={}),
    ],
)
async def test_a_status_service_that_does_not_answer(
    idle: World, reply: httpx.Response
) -> None:
    id = (await idle.post("add/message", BODY)).data["task_id"]
    idle.app.state.status = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: reply), base_url="http://s"
    )
    refused = await idle.post("get/status", {"task_id": id})
    assert (refused.status, refused.code) == (503, 50004)


async def test_the_job_is_read_once(
    idle: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = (await idle.post("add/message", BODY)).data["task_id"]
    reads: list[str] = []
    get = idle.jobs.get

    async def counting(project: str | None, id: str) -> Any:
        reads.append(id)
        return await get(project, id)

    monkeypatch.setattr(idle.jobs, "get", counting)
    assert (await idle.post("get/status", {"task_id": id})).status == 200
    assert reads == [id]


async def test_a_task_must_be_named(world: World) -> None:
    assert (await world.post("get/status", {})).code == 40002
