"""add/message and add/feedback: what is accepted, what it leaves behind, what is
refused (contract 0.3, 1.1, 1.8).
"""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.identity import computed_id
from shared.domain.job import Outcome, Receipt, State
from shared.domain.memory import LastChange, Memory, Status
from shared.domain.scope import Scope
from tests.api.world import Broken, World

TALK = [
    {"role": "user", "content": "我想暑假出去玩，你能帮我推荐下吗？"},
    {"role": "assistant", "content": "好的！是自己出行还是和家人朋友一起呢？"},
]
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n rest").decode()


def add(**more: Any) -> dict[str, Any]:
    return {"user_id": "ann", "conversation_id": "0610", "messages": TALK, **more}


def said(*parts: dict[str, Any]) -> dict[str, Any]:
    """An add of one message of parts."""
    return add(messages=[{"role": "user", "content": list(parts)}])


def file(data: str) -> dict[str, Any]:
    return {"type": "file", "file": {"file_data": data}}


def texts(world: World, *, fast: bool) -> list[str]:
    return [
        embedded.memory.text
        for embedded in world.memories.stored.values()
        if embedded.memory.fast is fast
    ]


def only_memory(world: World) -> Memory:
    (stored,) = world.memories.stored.values()
    return stored.memory


async def test_async_is_the_default_and_the_raw_turn_can_be_found_at_once(
    idle: World,
) -> None:
    data = (await idle.post("add/message", add())).data
    assert data["success"] is True and data["status"] == "running"
    assert idle.queue.waiting == [(data["task_id"], "text")]

    (item,) = (
        await idle.post(
            "search/memory", {"user_id": "ann", "query": "暑假 出去玩", "relativity": 0}
        )
    ).data["memory_detail_list"]
    assert (
        item["memory_value"].startswith("user: [")
        and "]: 我想暑假出去玩" in item["memory_value"]
    )
    assert item["memory_key"] == item["memory_value"]
    assert (item["tags"], item["memory_type"], item["confidence"]) == (
        ["mode:fast"],
        "WorkingMemory",
        0.99,
    )


async def test_the_refined_memories_replace_the_raw_ones(idle: World) -> None:
    await idle.post("add/message", add())
    await idle.work_off()
    assert texts(idle, fast=True) == [] and texts(idle, fast=False) == [
        TALK[0]["content"]
    ]


async def test_sync_waits_and_is_not_kept_raw(world: World) -> None:
    data = (await world.post("add/message", add(async_mode=False))).data
    assert data["status"] == "completed"
    assert texts(world, fast=True) == []
    facts = (
        await world.post("search/memory", {"user_id": "ann", "query": "暑假想去哪里玩"})
    ).data["memory_detail_list"]
    assert [fact["memory_value"] for fact in facts] == [TALK[0]["content"]]


async def test_sync_past_the_time_answers_running_and_the_job_goes_on(
    idle: World,
) -> None:
    data = (await idle.post("add/message", add(async_mode=False))).data
    assert data["status"] == "running"
    await idle.work_off()
    assert (await idle.post("get/status", {"task_id": data["task_id"]})).data[
        "status"
    ] == "completed"


async def test_who_waits_goes_first(idle: World) -> None:
    later = (await idle.post("add/message", add())).data["task_id"]
    waiting = (
        await idle.post("add/message", add(async_mode=False, conversation_id="other"))
    ).data["task_id"]
    assert [job for job, _ in idle.queue.waiting] == [waiting, later]


@pytest.mark.parametrize(
    "body",
    [
        add(
            async_mode=None,
            tags=None,
            info=None,
            agent_id=None,
            app_id=None,
            allow_public=None,
            source=None,
            allow_knowledgebase_ids=None,
        ),
        add(framework="x", mode="fast", current=3, user_ids=["z"]),
    ],
)
async def test_null_is_absent_and_unknown_fields_are_ignored(
    idle: World, body: dict[str, Any]
) -> None:
    assert (await idle.post("add/message", body)).data["status"] == "running"


async def test_the_job_and_its_messages_hold_what_was_sent(idle: World) -> None:
    body = add(
        agent_id="guide",
        app_id="travel",
        tags=["旅行"],
        info={"scene": "trip", "n": 3, "gone": None},
        allow_public=True,
    )
    id = (await idle.post("add/message", body)).data["task_id"]
    job = idle.jobs.stored[id]
    assert job.scope == Scope("one", "ann", "0610", "guide", "travel")
    assert (job.options.tags, job.options.info, job.options.public) == (
        ("旅行",),
        {"scene": "trip", "n": 3},
        True,
    )
    messages = await idle.messages.get("one", job.message_ids)
    assert [
        (message.role, message.content, message.position) for message in messages
    ] == [
        ("user", TALK[0]["content"], 0),
        ("assistant", TALK[1]["content"], 1),
    ]
    assert (
        only_memory(idle).info == {"scene": "trip", "n": 3} and only_memory(idle).public
    )


async def test_no_conversation_means_the_default_one(idle: World) -> None:
    await idle.post(
        "add/message", {"user_id": "ann", "messages": TALK, "conversation_id": None}
    )
    assert only_memory(idle).scope.conversation == "default_session"


async def test_times_of_messages_are_understood(idle: World) -> None:
    sent = {"role": "user", "content": "hi", "chat_time": "2025-09-12 08:00:00"}
    id = (await idle.post("add/message", add(messages=[sent]))).data["task_id"]
    (message,) = await idle.messages.get("one", idle.jobs.stored[id].message_ids)
    assert (message.spoken_at.isoformat(), message.chat_time) == (
        "2025-09-12T08:00:00+00:00",
        "2025-09-12 08:00:00",
    )
    assert only_memory(idle).text == "user: [2025-09-12 08:00:00]: hi"


async def test_tool_calls_are_kept_and_need_no_content(idle: World) -> None:
    schema = '<tool_schema>[{"name": "get_weather", "description": "", "parameters": {}}]</tool_schema>'
    call = {
        "id": "c1",
        "type": "function",
        "function": {"name": "get_weather", "arguments": '{"city": "上海"}'},
    }
    messages = [
        {"role": "system", "content": schema},
        {"role": "user", "content": "上海天气？"},
        {"role": "assistant", "tool_calls": [call]},
        {
            "role": "tool",
            "tool_call_id": "c1",
            "content": [{"type": "text", "text": "阴天"}],
        },
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "c2", "function": {"name": "x", "arguments": {"a": 1}}}
            ],
        },
    ]
    id = (await idle.post("add/message", add(messages=messages))).data["task_id"]
    system, _, first_call, result, second_call = await idle.messages.get(
        "one", idle.jobs.stored[id].message_ids
    )
    assert system.text == schema
    assert [(call.id, call.name, call.arguments) for call in first_call.tool_calls] == [
        ("c1", "get_weather", '{"city": "上海"}')
    ]
    assert (result.text, result.tool_call_id, second_call.tool_calls[0].arguments) == (
        "阴天",
        "c1",
        '{"a": 1}',
    )
    assert "tool_schema" not in "".join(texts(idle, fast=True))


@pytest.mark.parametrize(
    "part, kind",
    [
        (
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
            "image",
        ),
        ({"type": "file", "file": {"file_data": PNG}}, "file"),
        (
            {
                "type": "file",
                "file": {
                    "file_data": f"data:application/pdf;base64,{PNG}",
                    "filename": "a.pdf",
                },
            },
            "file",
        ),
    ],
)
async def test_inline_files_wait_in_sources_and_are_read_in_the_background(
    idle: World, part: dict[str, Any], kind: str
) -> None:
    body = said({"type": "text", "text": "看看这个"}, part) | {"async_mode": False}
    data = (await idle.post("add/message", body)).data
    assert data["status"] == "running" and idle.queue.waiting == [
        (data["task_id"], "files")
    ]
    ((name, stored),) = idle.sources.stored.items()
    assert stored == base64.b64decode(PNG)
    (message,) = await idle.messages.get(
        "one", idle.jobs.stored[data["task_id"]].message_ids
    )
    assert [(file.kind, file.source, file.url) for file in message.files] == [
        (kind, name, "")
    ]
    assert (
        message.text == "看看这个"
        and PNG not in str(message.content)
        and name in str(message.content)
    )


async def test_remote_files_keep_their_url_with_its_spaces(idle: World) -> None:
    url = "https://cdn.example.com/file/MemOS: A Memory OS for AI System.pdf"
    body = said(file(url))
    id = (await idle.post("add/message", body)).data["task_id"]
    (message,) = await idle.messages.get("one", idle.jobs.stored[id].message_ids)
    assert (
        message.files[0].url == url
        and message.content == body["messages"][0]["content"]
    )


async def test_the_same_request_again_is_the_same_task(idle: World) -> None:
    first, second = (
        (await idle.post("add/message", add())).data,
        (await idle.post("add/message", add())).data,
    )
    assert (
        first["task_id"] == second["task_id"]
        and len(idle.jobs.stored) == 1
        and len(idle.messages.stored) == 2
    )
    await idle.work_off()
    again = (await idle.post("add/message", add())).data
    assert (again["task_id"], again["status"]) == (first["task_id"], "completed")


@pytest.mark.parametrize(
    "deletion",
    [
        {"user_id": "ann", "filter": {"and": [{"conversation_id": "0610"}]}},
        {"user_id": "ann", "memory_type": "fact"},
    ],
)
async def test_what_was_deleted_by_a_filter_can_be_said_again(
    world: World, deletion: dict[str, Any]
) -> None:
    body = add(async_mode=False)
    first = (await world.post("add/message", body)).data["task_id"]
    assert (await world.post("delete/memory", deletion)).code == 0
    assert texts(world, fast=False) == []
    again = (await world.post("add/message", body)).data
    assert (again["task_id"] != first, again["status"]) == (True, "completed")
    assert texts(world, fast=False) == [TALK[0]["content"]]


async def test_what_another_task_replaced_can_be_said_again(world: World) -> None:
    body = add(async_mode=False)
    first = (await world.post("add/message", body)).data["task_id"]
    memory = only_memory(world)
    gone = replace(memory, status=Status.ARCHIVED, last_change=LastChange("another"))
    await world.memories.archive([gone])
    assert (await world.post("add/message", body)).data["task_id"] != first


@pytest.mark.parametrize("outcome", [Outcome.ARCHIVED, Outcome.RESTORED])
async def test_an_order_is_carried_out_again_when_more_was_said_since(
    world: World, outcome: Outcome
) -> None:
    body = add(async_mode=False)
    first = (await world.post("add/message", body)).data["task_id"]
    job = world.jobs.stored[first]
    ordered = (Receipt(computed_id("what was forgotten"), outcome),)
    await world.jobs.put(replace(job, receipts=ordered))
    assert (await world.post("add/message", body)).data["task_id"] == first
    undo = {"role": "user", "content": "Undo that."}
    await world.post("add/message", add(async_mode=False, messages=[undo]))
    assert (await world.post("add/message", body)).data["task_id"] != first


async def test_another_body_user_or_project_is_another_request(idle: World) -> None:
    for body in (add(), add(user_id="bob"), add(conversation_id="x")):
        await idle.post("add/message", body)
    await idle.post("add/message", add(), headers={"Authorization": "Token mpg-other"})
    assert len(idle.jobs.stored) == 4


async def test_an_idempotency_key_is_for_one_request(idle: World) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = (await idle.post("add/message", add(), headers=key)).data["task_id"]
    again = await idle.post("add/message", add(), headers=key)
    assert again.data["task_id"] == first
    for other in (
        said({"type": "text", "text": "My sister is Ada."}),
        add(user_id="bob"),
        add(source="retry"),
    ):
        refused = await idle.post("add/message", other, headers=key)
        assert (refused.status, refused.code) == (422, 40000)
        assert "Idempotency-Key" in refused.message
    assert len(idle.jobs.stored) == 1
    elsewhere = {**key, "Authorization": "Token mpg-other"}
    await idle.post("add/message", add(user_id="bob"), headers=elsewhere)
    feedback = {"user_id": "ann", "feedback_content": "Her name is Mimi"}
    await idle.post("add/feedback", feedback, headers=key)
    assert len(idle.jobs.stored) == 3, "a key is one project's, for one route"


async def test_a_key_counts_while_nobody_knows_what_came_with_it(
    idle: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle.in_flight, "claim", Broken().claim)
    key = {"Idempotency-Key": "k-1"}
    assert (await idle.post("add/message", add(), headers=key)).data["success"]


async def test_a_failed_request_can_be_made_again(idle: World) -> None:
    id = (await idle.post("add/message", add())).data["task_id"]
    await idle.jobs.put(idle.jobs.stored[id].ended(State.FAILED, 1, code=50104))
    assert (await idle.post("add/message", add())).data["task_id"] != id


async def test_a_request_whose_first_attempt_died_is_finished_under_its_id(
    idle: World,
) -> None:
    id = (await idle.post("add/message", add())).data["task_id"]
    idle.jobs.stored.clear()
    idle.messages.stored.clear()
    assert (await idle.post("add/message", add())).data["task_id"] == id
    assert list(idle.jobs.stored) == [id] and len(idle.messages.stored) == 2


async def test_a_queue_that_does_not_answer_loses_nothing(embedder: Any) -> None:
    world = World(embedder, sync_wait_s=0.05)
    world.queue = Broken()  # type: ignore[assignment]
    world.in_flight = Broken()  # type: ignore[assignment]
    world.app.state.ports = world.ports
    data = (await world.post("add/message", add())).data
    assert data["status"] == "running" and list(world.jobs.stored) == [data["task_id"]]
    assert (
        await world.post(
            "search/memory", {"user_id": "ann", "query": "暑假", "relativity": 0}
        )
    ).data["memory_detail_list"]


async def test_a_store_that_does_not_answer_is_said_so(embedder: Any) -> None:
    world = World(embedder)
    world.messages = Broken()  # type: ignore[assignment]
    world.app.state.ports = world.ports
    refused = await world.post("add/message", add())
    assert (refused.status, refused.code, refused.body["data"]) == (503, 50004, None)


async def test_a_group_chat_is_written_for_each(world: World) -> None:
    data = (
        await world.post(
            "add/message", add(user_id=["ann", "bob", "ann"], async_mode=False)
        )
    ).data
    assert data["status"] == "completed"
    assert sorted(
        embedded.memory.scope.user for embedded in world.memories.stored.values()
    ) == ["ann", "bob"]


async def test_the_status_of_a_group_is_that_of_all(idle: World) -> None:
    first = (await idle.post("add/message", add(user_id=["ann", "bob"]))).data[
        "task_id"
    ]
    (other,) = set(idle.jobs.stored) - {first}
    await idle.jobs.put(idle.jobs.stored[first].ended(State.COMPLETED, 1))
    assert (await idle.post("get/status", {"task_id": first})).data[
        "status"
    ] == "running"
    await idle.jobs.put(idle.jobs.stored[other].ended(State.FAILED, 1))
    assert (await idle.post("get/status", {"task_id": first})).data[
        "status"
    ] == "failed"


async def test_an_agent_alone_has_memories_of_its_own(world: World) -> None:
    await world.post(
        "add/message", {"agent_id": "guide", "messages": TALK, "async_mode": False}
    )
    answer = await world.post(
        "search/memory", {"agent_id": "guide", "query": "暑假", "relativity": 0}
    )
    assert len(answer.data["memory_detail_list"]) == 1
    assert (
        await world.post(
            "search/memory", {"user_id": "guide", "query": "暑假", "relativity": 0}
        )
    ).data["memory_detail_list"] == []


@pytest.mark.parametrize(
    "body, status, code, word",
    [
        ({"messages": TALK}, 422, 40002, "user_id"),
        (add(user_id=""), 422, 40002, "user_id"),
        (add(user_id="u" * 101), 422, 40010, "user_id"),
        (add(conversation_id="c" * 101), 422, 40011, "conversation_id"),
        ({"user_id": "ann"}, 422, 40002, "messages"),
        (add(messages=[]), 422, 40003, "messages"),
        (add(messages="hi"), 422, 40000, "messages"),
        (add(messages=[{"content": "x"}]), 422, 40002, "messages.0.role"),
        (
            add(messages=[{"role": "robot", "content": "x"}]),
            422,
            40000,
            "messages.0.role",
        ),
        (
            add(messages=[{"role": "user", "content": {"a": 1}}]),
            422,
            40000,
            "messages.0.content",
        ),
        (said({"type": "audio", "audio": {}}), 422, 40006, "messages.0.content.0"),
        (
            said({"type": "text", "txt": "I live in Rome"}),
            422,
            40002,
            "messages.0.content.0.text",
        ),
        (said({"txt": "Rome"}, file("aGk=")), 422, 40002, "messages.0.content.0.text"),
        (
            said({"type": "file", "file": {}}),
            422,
            40002,
            "messages.0.content.0.file.file_data",
        ),
        (said(file("%%not base64%%")), 400, 40008, "file_data"),
        (said(file("data:text/plain,hello")), 400, 40009, "file_data"),
        (said(file("file:///etc/passwd")), 400, 40009, "file_data"),
        (
            said({"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}),
            400,
            40008,
            "url",
        ),
        (
            add(messages=[{"role": "user", "content": "词" * 20_001}]),
            400,
            40013,
            "messages",
        ),
        (add(info=["x"]), 422, 40000, "info"),
        (add(allow_knowledgebase_ids=["nowhere"]), 404, 50120, "nowhere"),
        (add(async_mode="perhaps"), 422, 40000, "async_mode"),
        (add(user_id=[f"u{number}" for number in range(21)]), 422, 40000, "20"),
    ],
)
async def test_what_is_refused(
    idle: World, body: dict[str, Any], status: int, code: int, word: str
) -> None:
    refused = await idle.post("add/message", body)
    assert (refused.status, refused.code, refused.body["data"]) == (status, code, None)
    assert word in refused.message
    assert not idle.jobs.stored and not idle.messages.stored


async def test_tokens_of_several_messages_count_together(idle: World) -> None:
    half = [{"role": "user", "content": "词" * 10_001}]
    assert (await idle.post("add/message", add(messages=half))).status == 200
    assert (await idle.post("add/message", add(messages=half * 2))).code == 40013


async def test_feedback_is_a_job_of_its_own(idle: World) -> None:
    body = {
        "user_id": "ann",
        "conversation_id": None,
        "feedback_content": "我现在住在上海",
        "feedback_time": "2025-12-10",
    }
    data = (await idle.post("add/feedback", body)).data
    assert data["success"] is True and data["status"] == "running"
    job = idle.jobs.stored[data["task_id"]]
    (message,) = await idle.messages.get("one", job.message_ids)
    assert (job.work, message.text, message.spoken_at.date().isoformat()) == (
        "feedback",
        "我现在住在上海",
        "2025-12-10",
    )
    assert not idle.memories.stored, "a feedback is no raw turn"
    assert (await idle.post("get/message", {"user_id": "ann"})).data[
        "message_detail_list"
    ] == []
    assert (await idle.post("add/feedback", {"user_id": "ann"})).code == 40002


async def test_several_cubes_have_one_deadline(embedder: Any) -> None:
    wait, cubes = 0.5, [f"cube {number}" for number in range(10)]
    body = {
        "user_id": "ann",
        "writable_cube_ids": cubes,
        "messages": [{"role": "user", "content": "hello"}],
        "async_mode": "sync",
    }
    async with World(embedder, working=False, sync_wait_s=wait) as world:
        started = time.monotonic()
        answer = await world.post("/product/add", body)
        assert (answer.status, len(world.jobs.stored)) == (200, len(cubes))
        assert wait <= time.monotonic() - started < len(cubes) * wait


@pytest.mark.parametrize(
    "content", ["", " ", [], [""], [{"type": "text", "text": ""}, {"text": "\n"}]]
)
async def test_a_message_that_says_nothing_is_remarked(
    idle: World, content: Any
) -> None:
    message = {"role": "user", "content": content}
    answer = await idle.post("add/message", add(messages=[*TALK, message]))
    assert answer.data["remarks"] == ["messages.2: without content"]


async def test_a_file_alone_says_something(idle: World) -> None:
    parts = ({"type": "text", "text": ""}, file("aGk="))
    answer = await idle.post("add/message", said(*parts))
    assert "remarks" not in answer.data
