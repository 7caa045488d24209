"""get/message: what was said, word for word (contract 1.3, 7.2)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.api.world import World


async def say(
    world: World, count: int, conversation: str = "c", user: str = "ann"
) -> None:
    """So many messages of a conversation."""
    messages = [
        {
            "role": ("user", "assistant")[number % 2],
            "content": f"{conversation} {number}",
        }
        for number in range(count)
    ]
    await world.post(
        "add/message",
        {"user_id": user, "conversation_id": conversation, "messages": messages},
    )


def contents(data: Any) -> list[Any]:
    return [message["content"] for message in data["message_detail_list"]]


async def test_times_are_strings_under_both_spellings(idle: World, prefix: str) -> None:
    await say(idle, 1)
    answer = await idle.post(
        f"{prefix}/get/message", {"user_id": "ann", "conversation_id": "c"}
    )
    (message,) = answer.data["message_detail_list"]
    assert (message["role"], message["content"], answer.message) == (
        "user",
        "c 0",
        "ok",
    )
    for name in ("createTime", "updateTime", "create_time", "update_time"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", message[name])


@pytest.mark.parametrize(
    "more, expected",
    [
        ({}, [4, 5, 6, 7, 8, 9]),
        ({"message_limit_number": 2}, [8, 9]),
        ({"message_limit_number": None}, [4, 5, 6, 7, 8, 9]),
        ({"message_limit_number": "3"}, [7, 8, 9]),
        ({"limit": 1}, [9]),
        ({"message_limit_number": 500}, list(range(10))),
        ({"message_limit_number": 0}, []),
    ],
)
async def test_the_latest_the_oldest_first(
    idle: World, more: dict[str, Any], expected: list[int]
) -> None:
    await say(idle, 10)
    data = (
        await idle.post(
            "get/message", {"user_id": "ann", "conversation_id": "c", **more}
        )
    ).data
    assert contents(data) == [f"c {number}" for number in expected]


async def test_without_a_conversation_all_of_the_latest_ones(idle: World) -> None:
    for conversation in ("x", "y", "z"):
        await say(idle, 2, conversation)
    await say(idle, 1, "x", user="bob")
    assert contents((await idle.post("get/message", {"user_id": "ann"})).data) == [
        "x 0",
        "x 1",
        "y 0",
        "y 1",
        "z 0",
        "z 1",
    ]
    two = {"user_id": "ann", "conversation_limit_number": 2}
    assert contents((await idle.post("get/message", two)).data) == [
        "y 0",
        "y 1",
        "z 0",
        "z 1",
    ]


async def test_parts_and_tool_calls_come_back_as_they_were_sent(idle: World) -> None:
    parts = [
        {"type": "text", "text": "看"},
        {
            "type": "image_url",
            "image_url": {"url": "https://example.com/a b.png", "detail": "low"},
        },
    ]
    calls = [
        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    ]
    messages = [
        {"role": "user", "content": parts, "chat_time": "2025-01-01 10:00:00"},
        {"role": "assistant", "tool_calls": calls},
    ]
    await idle.post("add/message", {"user_id": "ann", "messages": messages})
    first, second = (await idle.post("get/message", {"user_id": "ann"})).data[
        "message_detail_list"
    ]
    assert (first["content"], first["chat_time"]) == (parts, "2025-01-01 10:00:00")
    assert (second["content"], second["tool_calls"]) == (None, calls)


async def test_nobody_and_nothing(idle: World) -> None:
    assert (
        await idle.post("get/message", {"user_id": "nobody", "conversation_id": "c"})
    ).data == {"message_detail_list": []}
    assert (await idle.post("get/message", {"conversation_id": "c"})).code == 40002
