"""The examples of the documentation that clients were written by, sent as they stand
there: answers have the same shape.
"""

from __future__ import annotations

import re
from typing import Any

from tests.support.system import System, until

FACT = {
    "id": str,
    "memory_key": str,
    "memory_value": str,
    "memory_type": str,
    "create_time": int,
    "conversation_id": str,
    "status": str,
    "confidence": float,
    "tags": list,
    "update_time": int,
    "relativity": float,
}
PREFERENCE = {
    "id": str,
    "preference_type": str,
    "preference": str,
    "reasoning": str,
    "create_time": int,
    "conversation_id": str,
    "status": str,
    "update_time": int,
    "relativity": float,
}
TRIP = [
    {"role": "user", "content": "我想暑假出去玩，你能帮我推荐下吗？"},
    {"role": "assistant", "content": "好的！是自己出行还是和家人朋友一起呢？"},
    {"role": "user", "content": "肯定要带孩子啊，我们家出门都是全家一起。"},
    {"role": "assistant", "content": "明白了，所以你们是父母带孩子一块儿旅行，对吗？"},
    {"role": "user", "content": "对，带上孩子和老人，一般都是全家行动。"},
    {"role": "assistant", "content": "收到，那我会帮你推荐适合家庭出游的目的地。"},
]


def shaped(item: dict[str, Any], shape: dict[str, type]) -> None:
    """Every field of the example is there and of its type; whole numbers pass as fractions."""
    for name, kind in shape.items():
        assert isinstance(item[name], (int, float) if kind is float else kind), (
            f"{name}: {item[name]!r}"
        )
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", item["id"])
    assert item["create_time"] > 1_500_000_000_000, "milliseconds"
    assert 0 <= item["relativity"] <= 1


def search_shaped(data: dict[str, Any]) -> None:
    lists = (
        "memory_detail_list",
        "preference_detail_list",
        "tool_memory_detail_list",
        "skill_detail_list",
    )
    assert all(isinstance(data[name], list) for name in lists)
    assert isinstance(data["preference_note"], str)
    for fact in data["memory_detail_list"]:
        shaped(fact, FACT)
    for preference in data["preference_detail_list"]:
        shaped(preference, PREFERENCE)
        assert preference["preference_type"] in (
            "explicit_preference",
            "implicit_preference",
        )
    order = [fact["relativity"] for fact in data["memory_detail_list"]]
    assert order == sorted(order, reverse=True)


def test_tags(system: System, user: str) -> None:
    """Candidate tags that fit a memory are on it, with others that were found."""
    added = system.post(
        "add/message",
        user_id=user,
        conversation_id="1210",
        messages=[
            {"role": "user", "content": "今天天气如何？"},
            {"role": "assistant", "content": "上海，12月10日，阴天，气温为8-12度。"},
        ],
        tags=["天气", "阴天"],
        async_mode=False,
    )
    assert (added["success"], added["status"]) == (True, "completed")

    data = system.post("search/memory", user_id=user, query="上海 天气")
    search_shaped(data)
    weather = [
        fact
        for fact in data["memory_detail_list"]
        if "上海" in fact["memory_value"] and "阴天" in fact["memory_value"]
    ]
    assert weather, data
    assert {"天气", "阴天"} & set(weather[0]["tags"])
    assert weather[0]["conversation_id"] == "1210"
    assert "12月10日" in weather[0]["memory_value"]


def test_quick_start(system: System, user: str) -> None:
    """Add (asynchronous, as the default is), search, get the messages."""
    added = system.post(
        "add/message",
        messages=TRIP,
        user_id=user,
        conversation_id="memos_conversation_123",
    )
    assert added["success"] is True
    assert isinstance(added["task_id"], str)
    early = system.post(
        "search/memory",
        query="国庆去哪玩好？",
        user_id=user,
        conversation_id="memos_conversation_123",
        relativity=0,
    )
    search_shaped(early)
    assert early["memory_detail_list"], "searchable at once"
    assert system.finished(added["task_id"])["status"] == "completed"

    data = system.post(
        "search/memory",
        query="国庆去哪玩好？",
        user_id=user,
        conversation_id="memos_conversation_123",
        relativity=0,
    )
    search_shaped(data)
    told = " ".join(fact["memory_value"] for fact in data["memory_detail_list"])
    assert "孩子" in told
    assert data["message_detail_list"] is None
    assert all(fact["memory_time"] is None for fact in data["memory_detail_list"])

    messages = system.post(
        "get/message", user_id=user, conversation_id="memos_conversation_123"
    )["message_detail_list"]
    assert [(message["role"], message["content"]) for message in messages] == [
        (one["role"], one["content"]) for one in TRIP
    ]
    for message in messages:
        for name in ("createTime", "updateTime", "create_time", "update_time"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", message[name])


def test_search(system: System, user: str) -> None:
    """The whole request of the reference page: every option, with its limits."""
    said = [
        {
            "role": "user",
            "content": "我喜欢住安静的酒店，不喜欢青旅。去年国庆我去了成都，住的是全季。",
        }
    ]
    system.post(
        "add/message",
        messages=said,
        user_id=user,
        conversation_id="0610",
        async_mode=False,
        agent_id="planner",
        app_id="travel",
        info={"business_type": "leisure", "biz_id": "b1", "scene": "planning"},
    )
    data = system.post(
        "search/memory",
        query="我国庆想出去玩,帮我推荐个没去过的城市,以及没住过的酒店品牌",
        user_id=user,
        conversation_id="0928",
        filter={
            "and": [
                {"create_time": {"gte": "2020-01-01 00:00:00"}},
                {"agent_id": "planner"},
                {"scene": "planning"},
            ]
        },
        knowledgebase_ids=["all"],
        memory_limit_number=25,
        include_preference=True,
        preference_limit_number=25,
        include_tool_memory=True,
        tool_memory_limit_number=25,
        include_skill=True,
        skill_limit_number=25,
        relativity=0,
    )
    search_shaped(data)
    assert any("成都" in fact["memory_value"] for fact in data["memory_detail_list"])
    assert data["preference_detail_list"]
    assert data["preference_note"]
    assert data["tool_memory_detail_list"] == []
    assert data["skill_detail_list"] == []

    nobody = system.post(
        "search/memory",
        query="成都",
        user_id=user,
        filter={"and": [{"agent_id": "somebody else"}]},
        relativity=0,
    )
    assert nobody["memory_detail_list"] == nobody["preference_detail_list"] == []
    assert nobody["preference_note"] == ""


def test_tool_calls(system: System, user: str) -> None:
    """Tool memory comes only when it is asked for, with rates counted from the results."""
    call = {
        "id": "c1",
        "type": "function",
        "function": {"name": "get_weather", "arguments": '{"city": "上海"}'},
    }
    system.post(
        "add/message",
        user_id=user,
        conversation_id="tools",
        async_mode=False,
        messages=[
            {
                "role": "system",
                "content": '<tool_schema>[{"name": "get_weather", "description": "天气查询", '
                '"parameters": {"type": "object", "properties": {"city": {"type": '
                '"string"}}}}]</tool_schema>',
            },
            {"role": "user", "content": "上海天气怎么样？"},
            {"role": "assistant", "tool_calls": [call]},
            {
                "role": "tool",
                "tool_call_id": "c1",
                "content": [{"type": "text", "text": "晴，25度"}],
            },
            {"role": "assistant", "content": "上海今天晴，25度。"},
        ],
    )
    without = system.post(
        "search/memory", user_id=user, query="查天气用什么工具", relativity=0
    )
    assert without["tool_memory_detail_list"] == []
    told = system.post(
        "search/memory",
        user_id=user,
        query="查天气用什么工具",
        include_tool_memory=True,
        relativity=0,
    )
    tools = {tool["tool_type"]: tool for tool in told["tool_memory_detail_list"]}
    assert set(tools) == {"ToolTrajectoryMemory", "ToolSchemaMemory"}
    used = tools["ToolTrajectoryMemory"]["tool_used_status"]
    assert [
        (one["used_tool"], one["error_type"], one["success_rate"]) for one in used
    ] == [("get_weather", "", 1)]
    assert isinstance(tools["ToolSchemaMemory"]["tool_value"], str)


def test_everything_is_deleted(system: System, user: str) -> None:
    added = system.post(
        "add/message", messages=TRIP, user_id=user, conversation_id="c", async_mode=True
    )
    system.finished(added["task_id"])
    assert system.post("get/memory", user_id=user)["memory_detail_list"]
    assert system.post("delete/memory", user_id=user) == {"success": True}
    assert (
        system.post("search/memory", user_id=user, query="暑假", relativity=0)[
            "memory_detail_list"
        ]
        == []
    )
    assert system.post("get/memory", user_id=user)["memory_detail_list"] == []
    assert until(
        lambda: (
            not system.post("search/memory", user_id=user, query="孩子", relativity=0)[
                "memory_detail_list"
            ]
        )
    )
