"""The requests of the documentation that clients were written by, as they stand there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World

TRIP = [
    {"role": "user", "content": "我想暑假出去玩，你能帮我推荐下吗？"},
    {"role": "assistant", "content": "好的！是自己出行还是和家人朋友一起呢？"},
    {"role": "user", "content": "肯定要带孩子啊，我们家出门都是全家一起。"},
    {"role": "assistant", "content": "明白了，所以你们是父母带孩子一块儿旅行，对吗？"},
    {"role": "user", "content": "对，带上孩子和老人，一般都是全家行动。"},
    {"role": "assistant", "content": "收到，那我会帮你推荐适合家庭出游的目的地。"},
]
IMAGE = {
    "type": "image_url",
    "image_url": {
        "url": "https://cdn.example.com/img/1758706201390_iluj1c_compressed.png"
    },
}
INLINE_IMAGE = {
    "type": "image_url",
    "image_url": {"url": "data:image/jpeg;base64,/9j/4AAQSkZJRg=="},
}
FILE = {
    "type": "file",
    "file": {
        "file_data": "https://cdn.example.com/file/MemOS: A Memory OS for AI System.pdf"
    },
}
INLINE_FILE = {"type": "file", "file": {"file_data": "JVBERi0xLjcKJeLjz9M="}}


def parts(*content: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(content)}


@pytest.mark.parametrize(
    "body, queue",
    [
        (
            {
                "user_id": "memos_user_123",
                "conversation_id": "memos_conversation_123",
                "messages": TRIP,
            },
            "text",
        ),
        (
            {
                "user_id": "memos_user_123",
                "conversation_id": "1211",
                "messages": [
                    parts({"type": "text", "text": "我正在研究MemOS。"}, IMAGE),
                    {"role": "assistant", "content": "好的，需要我为您解答吗？"},
                ],
            },
            "files",
        ),
        (
            {
                "user_id": "memos_user_123",
                "conversation_id": "1211",
                "messages": [parts(IMAGE)],
            },
            "files",
        ),
        (
            {
                "user_id": "memos_user_123",
                "conversation_id": "1211",
                "messages": [parts(INLINE_IMAGE)],
            },
            "files",
        ),
        (
            {
                "user_id": "memos_user_123",
                "conversation_id": "1211",
                "messages": [parts(FILE)],
            },
            "files",
        ),
        (
            {
                "user_id": "memos_user_123",
                "conversation_id": "1211",
                "messages": [parts(INLINE_FILE)],
            },
            "files",
        ),
        (
            {
                "user_id": "memos_user_123",
                "conversation_id": "1211",
                "messages": [
                    parts({"type": "text", "text": "我在研究MemOS。"}),
                    parts(IMAGE),
                    parts(FILE),
                ],
            },
            "files",
        ),
    ],
)
async def test_adds(idle: World, prefix: str, body: dict[str, Any], queue: str) -> None:
    answer = await idle.post(f"{prefix}/add/message", body)
    assert (answer.code, answer.message) == (200 if prefix == "/product" else 0, "ok")
    assert answer.data == {
        "success": True,
        "task_id": answer.data["task_id"],
        "status": "running",
    }
    assert idle.queue.waiting == [(answer.data["task_id"], queue)]


async def test_tags_and_a_wait(world: World) -> None:
    messages = [
        {"role": "user", "content": "今天天气如何？"},
        {"role": "assistant", "content": "上海，12月10日，阴天，气温为8-12度。"},
    ]
    body = {
        "user_id": "memos_user_001",
        "conversation_id": "1210",
        "messages": messages,
        "tags": ["天气", "阴天"],
        "async_mode": False,
    }
    assert (await world.post("add/message", body)).data["status"] == "completed"
    (job,) = world.jobs.stored.values()
    assert job.options.tags == ("天气", "阴天")


@pytest.mark.parametrize(
    "body",
    [
        {"user_id": "001", "query": "上海 天气"},
        {
            "query": "国庆去哪玩",
            "user_id": "memos_user_123",
            "conversation_id": "memos_conversation_123",
        },
        {
            "query": "国庆去哪玩好？",
            "user_id": "memos_user_123",
            "conversation_id": "memos_conversation_123",
        },
        {
            "query": "我国庆想出去玩,帮我推荐个没去过的城市,以及没住过的酒店品牌",
            "user_id": "memos_user_123",
            "conversation_id": "0928",
        },
        {
            "query": "帮我总结一下这张图",
            "user_id": "memos_user_123",
            "conversation_id": "1214",
        },
    ],
)
async def test_searches(world: World, prefix: str, body: dict[str, Any]) -> None:
    data = (await world.post(f"{prefix}/search/memory", body)).data
    lists = [
        value
        for name, value in data.items()
        if name.endswith("_list") and name != "message_detail_list"
    ]
    assert lists == [[], [], [], []]
    assert data["preference_note"] == "" and data["message_detail_list"] is None


async def test_the_quick_start(world: World) -> None:
    who = {"user_id": "memos_user_123", "conversation_id": "memos_conversation_123"}
    await world.post("add/message", {**who, "messages": TRIP, "async_mode": False})
    flags = {
        "return_matches": True,
        "return_instruction": True,
        "return_full_instruction": True,
    }
    data = (
        await world.post("search/memory", {**who, "query": "暑假全家出去玩", **flags})
    ).data
    assert data["memory_detail_list"][0].keys() >= {
        "id",
        "memory_key",
        "memory_value",
        "memory_type",
        "memory_time",
        "conversation_id",
        "status",
        "confidence",
        "tags",
        "update_time",
        "relativity",
    }
    assert (
        "暑假全家出去玩" in data["instruction"]
        and "暑假全家出去玩" in data["full_instruction"]
    )
    messages = (await world.post("get/message", who)).data["message_detail_list"]
    assert [(message["role"], message["content"]) for message in messages] == [
        (said["role"], said["content"]) for said in TRIP
    ]


@pytest.mark.parametrize(
    "path", ["/product/chat", "/product/chat/complete", "/product/chat/stream"]
)
async def test_the_chat(world: World, path: str) -> None:
    await world.remember(
        "用户在学 R 语言，常用 ggplot2 做数据可视化", user="memos_user_123"
    )
    answer = await world.post(
        path,
        {
            "user_id": "memos_user_123",
            "conversation_id": "session_r_study",
            "add_message_on_answer": True,
            "include_preference": True,
            "query": "我最近在学 R 语言，除了 ggplot2，还有什么推荐的数据可视化包吗？",
        },
    )
    assert answer.status == 200
    if path.endswith("stream"):
        assert answer.response.headers["content-type"].startswith("text/event-stream")
        assert (
            "ggplot2" in answer.response.text and '"type":"end"' in answer.response.text
        )
    else:
        assert answer.code == 200 and "ggplot2" in answer.data["response"]
    await world.app.state.background.close()
    messages = (
        await world.post(
            "get/message",
            {"user_id": "memos_user_123", "conversation_id": "session_r_study"},
        )
    ).data["message_detail_list"]
    assert [message["role"] for message in messages] == ["user", "assistant"]
