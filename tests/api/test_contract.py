"""The contract as tables: every request with every field that is documented or sent by
a real client, and what its answer must hold.

A row: a route, a whole request, and the shape of its data. Each is sent as it stands at
every prefix, with nothing but what is required, and with null for all the rest, which
is how the published client sends what was not set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from shared.domain.memory import Embedded, Memory, Origin, ToolUse, Type
from shared.domain.scope import Scope
from shared.language.lexical import weigh
from tests.api.world import World

KNOWN = "0a89db3a-2061-4c97-a1b8-45700f8745bc"
UNKNOWN = "11111111-1111-4111-8111-111111111111"
TALK = [
    {
        "role": "user",
        "content": "我想暑假出去玩",
        "chat_time": "2025-09-12 08:00:00.123",
        "role_id": "r",
        "role_name": "Ann",
    },
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "c1",
                "type": "function",
                "function": {"name": "get_weather", "arguments": '{"city": "上海"}'},
            }
        ],
    },
    {
        "role": "tool",
        "tool_call_id": "c1",
        "content": [{"type": "text", "text": "阴天"}],
    },
    {"role": "assistant", "content": "上海，阴天。"},
]

Shape = Mapping[str, Any]
Number = (int, float)


def union(*kinds: type) -> tuple[type, ...]:
    return kinds


WORD = Literal["running", "completed", "failed"]
ACCEPTED: Shape = {"success": bool, "task_id": str, "status": WORD}
DONE: Shape = {"success": bool}
ITEM: Shape = {
    "id": str,
    "create_time": int,
    "update_time": int,
    "conversation_id": str,
    "status": Literal["activated"],
}
FACT: Shape = {
    **ITEM,
    "memory_key": str,
    "memory_value": str,
    "memory_type": Literal["WorkingMemory", "LongTermMemory", "UserMemory"],
    "confidence": Number,
    "tags": list,
}
PREFERENCE: Shape = {
    **ITEM,
    "preference_type": Literal["explicit_preference", "implicit_preference"],
    "preference": str,
    "reasoning": str,
}
TOOL: Shape = {
    **ITEM,
    "tool_type": Literal["ToolTrajectoryMemory"],
    "tool_value": str,
    "experience": str,
    "tool_used_status": [
        {
            "used_tool": str,
            "error_type": str,
            "success_rate": Number,
            "tool_experience": str,
        }
    ],
}
SKILL: Shape = {
    **ITEM,
    "skill_type": str,
    "skill_url": str,
    "confidence": Number,
    "tags": list,
    "skill_value": {
        "name": str,
        "description": str,
        "procedure": str,
        "experience": list,
        "preference": list,
        "examples": list,
        "script": dict,
        "others": dict,
    },
}


def listed(**more: Any) -> Shape:
    """The four lists, of items with some more fields."""
    return {
        "memory_detail_list": [{**FACT, **more}],
        "preference_detail_list": [{**PREFERENCE, **more}],
        "tool_memory_detail_list": [{**TOOL, **more}],
        "skill_detail_list": [{**SKILL, **more}],
    }


@dataclass(frozen=True)
class Row:
    """`needed`: what must be sent; `rest`: everything else that may be."""

    route: str
    needed: dict[str, Any]
    rest: dict[str, Any] = field(default_factory=dict)
    data: Any = field(default_factory=dict)

    def __str__(self) -> str:
        return self.route


MEMORY_WRITE = {
    "agent_id": "a",
    "app_id": "p",
    "allow_public": True,
    "allow_knowledgebase_ids": [],
}
SEARCH = {
    "filter": {"and": [{"create_time": {"gte": "2020-01-01"}}]},
    "knowledgebase_ids": ["all"],
    "memory_limit_number": "6",
    "include_preference": True,
    "preference_limit_number": 6,
    "include_tool_memory": True,
    "tool_memory_limit_number": 6,
    "include_skill": True,
    "skill_limit_number": 6,
    "relativity": 0,
    "conversation_id": "0928",
    "source": "MCP",
}

ROWS = [
    Row(
        "add/message",
        {"user_id": "ann", "messages": TALK},
        {
            **MEMORY_WRITE,
            "conversation_id": "0928",
            "tags": ["天气"],
            "info": {"scene": "x", "list": ["a"], "number": 1.5},
            "async_mode": True,
            "source": "sdk",
            "allow_memory_view": ["detail_factual", "preference"],
            "framework": "x",
            "mode": "fine",
            "webhook_url": None,
        },
        ACCEPTED,
    ),
    Row(
        "search/memory",
        {"user_id": "ann", "query": "天气"},
        {
            **SEARCH,
            "include_memory_view": ["detail_factual"],
            "context_format": "memory",
            "top_k": 6,
            "pref_top_k": 6,
            "mode": "fast",
            "return_matches": True,
        },
        {
            **listed(relativity=Number),
            "preference_note": str,
            "message_detail_list": None,
        },
    ),
    Row(
        "get/message",
        {"user_id": "ann"},
        {
            "conversation_id": "0928",
            "message_limit_number": 6,
            "conversation_limit_number": 6,
            "source": "sdk",
            "limit": 6,
        },
        {
            "message_detail_list": [
                {
                    "role": str,
                    "content": union(str, list, type(None)),
                    "create_time": str,
                    "update_time": str,
                    "createTime": str,
                    "updateTime": str,
                }
            ]
        },
    ),
    Row(
        "get/memory",
        {"user_id": "ann"},
        {
            "page": 1,
            "current": 1,
            "size": 50,
            "include_preference": True,
            "include_tool_memory": True,
            "filter": {"agent_id": "a"},
            "include_memory_view": ["detail_factual"],
        },
        {
            **listed(sources=list, info=dict),
            "total": int,
            "size": int,
            "current": int,
            "pages": int,
        },
    ),
    Row(
        "get/status",
        {"task_id": KNOWN},
        {"source": "sdk"},
        {"task_id": str, "status": WORD},
    ),
    Row(
        "add/feedback",
        {"user_id": "ann", "feedback_content": "把北京换成上海"},
        {
            **MEMORY_WRITE,
            "conversation_id": "0928",
            "feedback_time": "2025-12-10 10:00:00",
        },
        ACCEPTED,
    ),
    Row(
        "chat",
        {"user_id": "ann", "query": "天气怎么样？"},
        {
            **SEARCH,
            **MEMORY_WRITE,
            "model_name": "qwen3-32b",
            "system_prompt": "x",
            "stream": False,
            "max_tokens": 8192,
            "temperature": 0.7,
            "top_p": 0.95,
            "add_message_on_answer": False,
            "tags": ["x"],
            "info": {"a": "b"},
            "internet_search": False,
            "force_stop": False,
            "use_mem_os_cube": False,
            "async_mode": True,
        },
        {"response": str},
    ),
    Row(
        "create/knowledgebase",
        {"knowledgebase_name": "产品手册"},
        {"knowledgebase_description": "说明"},
        {"id": str},
    ),
    Row(
        "update/memory",
        {"memory_id": KNOWN, "content": "用户住在上海。"},
        {"title": "住址", "status": "activated"},
        DONE,
    ),
    Row(
        "extract/memory",
        {"messages": TALK},
        {"extraction_types": ["memory", "preference"]},
        {
            "success": bool,
            "memory_detail_list": [
                {
                    "memory_key": str,
                    "memory_value": str,
                    "memory_type": str,
                    "tags": list,
                }
            ],
            "preference_detail_list": [
                {"preference": str, "reasoning": str, "preference_type": str}
            ],
        },
    ),
    Row(
        "bind/profile_template",
        {"bind_list": [{"user_id": "ann", "profile_template_id": "t"}]},
        {},
        DONE,
    ),
    Row(
        "edit/profile",
        {
            "user_id": "ann",
            "profile_template_id": "t",
            "metadata": {"city": {"value": "上海", "algorithm_updatable": True}},
        },
        {"remove_fields": ["basic.name"]},
        DONE,
    ),
    Row("delete/profile", {"user_id": "ann"}, {"profile_template_id": "t"}, DONE),
    Row(
        "delete/memory",
        {"memory_ids": [KNOWN]},
        {"user_ids": ["ann"], "memory_type": "WorkingMemory"},
        DONE,
    ),
]


async def fill_world(world: World) -> None:
    """One memory of each kind and a task, so that no list is empty and every id is known."""
    scope = Scope("one", "ann", "0928", "a", "p")
    tools = (ToolUse("get_weather", "", 1.0, "传入城市名即可。"),)
    for number, (type, more) in enumerate(
        {
            Type.WORKING: {"id": KNOWN, "tags": ("天气",)},
            Type.EXPLICIT: {"reasoning": "用户说的"},
            Type.TRAJECTORY: {"tools": tools, "experience": "先确认城市"},
            Type.SKILL: {"detail": {"skill_type": "document"}},
        }.items()
    ):
        given: dict[str, Any] = {
            "id": f"0a89db3a-2061-4c97-a1b8-45700f8745b{number}",
            "title": "天气",
            **more,
        }
        memory = Memory(
            scope=scope,
            type=type,
            text="上海的天气是阴天",
            created_at=1_765_376_340_736,
            updated_at=1_765_376_340_737,
            origins=(Origin(),),
            **given,
        )
        dense = (await world.embedder.passages([memory.text]))[0]
        await world.memories.put([Embedded(memory, weigh(memory.text), dense)])
    await world.post(
        "add/message",
        {
            "user_id": "ann",
            "conversation_id": "0928",
            "messages": TALK,
            "async_mode": False,
        },
    )
    (job,) = world.jobs.stored.values()
    world.jobs.stored[KNOWN] = job


def assert_shaped(value: Any, shape: Any, place: str = "data") -> None:
    """Everything that the shape names is there and is what it says; an example of a
    list's element means that there is one.
    """
    if shape is None:
        assert value is None, place
    elif isinstance(shape, Mapping):
        assert isinstance(value, dict), place
        for name, inner in shape.items():
            assert name in value, f"{place}.{name} is missing"
            assert_shaped(value[name], inner, f"{place}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list), place
        for number, element in enumerate(value):
            assert_shaped(element, shape[0], f"{place}[{number}]")
    elif getattr(shape, "__origin__", None) is Literal:
        assert value in shape.__args__, f"{place} is {value!r}"
    else:
        assert isinstance(value, shape) and not (
            shape is int and isinstance(value, bool)
        ), f"{place} is {value!r}"


def bodies(row: Row) -> list[dict[str, Any]]:
    """The whole request, the least, and the least with null for everything else and a
    field that there is not. A deletion refuses another one than clients always send.
    """
    of_deletion = row.route.startswith("delete/")
    further = {"source": "x"} if of_deletion else {"unheard_of": {"x": 1}}
    return [
        {**row.needed, **row.rest},
        row.needed,
        {**row.needed, **dict.fromkeys(row.rest), **further},
    ]


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("way", ["whole", "least", "nulls"])
async def test_every_row(world: World, prefix: str, row: Row, way: str) -> None:
    await fill_world(world)
    answer = await world.post(
        f"{prefix}/{row.route}", bodies(row)[["whole", "least", "nulls"].index(way)]
    )
    assert answer.status == 200, answer.response.text
    beside = {"remarks"} if way == "nulls" else set()
    assert (answer.code, answer.message, set(answer.body) - beside) == (
        200 if prefix == "/product" else 0,
        "ok",
        {"code", "data", "message"},
    )
    assert_shaped(answer.data, row.data)


async def test_no_list_of_the_tables_is_empty(world: World) -> None:
    """What the shapes say about elements was looked at."""
    await fill_world(world)
    for row in ROWS:
        if row.route in ("search/memory", "get/memory"):
            every = {"filter": None, "include_memory_view": None}
            data = (
                await world.post(row.route, {**row.needed, **row.rest, **every})
            ).data
            assert all(
                data[name]
                for name, shape in row.data.items()
                if isinstance(shape, list)
            ), (row.route, data)


@pytest.mark.parametrize("row", [row for row in ROWS if row.needed], ids=str)
async def test_everything_needed_is_needed(world: World, row: Row) -> None:
    await fill_world(world)
    for name in row.needed:
        if (row.route, name) in (
            ("update/memory", "content"),
            ("delete/memory", "memory_ids"),
        ):
            continue  # one of several will do
        for body in (
            {key: value for key, value in row.needed.items() if key != name},
            {**row.needed, name: None},
        ):
            refused = await world.post(row.route, body)
            assert (refused.status, refused.code, refused.body["data"]) == (
                422,
                40002,
                None,
            ), (name, refused.body)
            assert name.split("_")[0] in refused.message


@pytest.mark.parametrize(
    "route, body, status, code",
    [
        ("get/status", {"task_id": UNKNOWN}, 404, 50131),
        ("delete/memory", {"memory_ids": [UNKNOWN]}, 404, 40307),
        ("delete/memory", {"memory_ids": [KNOWN], "user_id": "ben"}, 403, 40306),
        ("delete/memory", {"user_id": "nobody"}, 404, 40308),
        ("delete/memory", {"user_id": ""}, 422, 40002),
        ("delete/memory", {"memory_ids": []}, 422, 40003),
        ("update/memory", {"memory_id": UNKNOWN, "content": "x"}, 404, 40307),
        ("update/memory", {"memory_id": KNOWN}, 422, 40002),
        ("delete/knowledgebase", {"knowledgebase_id": UNKNOWN}, 404, 50120),
        ("get/knowledgebase-file", {"file_ids": [UNKNOWN]}, 404, 40001),
        (
            "add/knowledgebase-file",
            {"knowledgebase_id": UNKNOWN, "file": [{"content": "aGk="}]},
            404,
            50120,
        ),
        (
            "add/knowledgebase-file",
            {"knowledgebase_id": UNKNOWN, "file": []},
            422,
            40003,
        ),
        (
            "add/message",
            {"user_id": "ann", "messages": TALK, "allow_knowledgebase_ids": [UNKNOWN]},
            404,
            50120,
        ),
        ("add/message", {"user_id": "u" * 101, "messages": TALK}, 422, 40010),
        (
            "add/message",
            {"user_id": "ann", "conversation_id": "c" * 101, "messages": TALK},
            422,
            40011,
        ),
        ("add/message", {"user_id": "ann", "messages": []}, 422, 40003),
        (
            "add/message",
            {
                "user_id": "ann",
                "messages": [{"role": "user", "content": "词" * 20_001}],
            },
            400,
            40013,
        ),
        (
            "add/message",
            {
                "user_id": "ann",
                "messages": [{"role": "user", "content": [{"type": "video"}]}],
            },
            422,
            40006,
        ),
        (
            "add/message",
            {
                "user_id": "ann",
                "messages": [
                    {
                        "role": "user",
                        "content": [{"type": "file", "file": {"file_data": "!!"}}],
                    }
                ],
            },
            400,
            40008,
        ),
        (
            "add/message",
            {
                "user_id": "ann",
                "messages": [
                    {
                        "role": "user",
                        "content": [{"type": "file", "file": {"file_data": "ftp://x"}}],
                    }
                ],
            },
            400,
            40009,
        ),
        ("search/memory", {"user_id": "ann", "query": "词" * 20_001}, 400, 40305),
        (
            "extract/memory",
            {"messages": [{"role": "user", "content": "词" * 8001}]},
            400,
            40013,
        ),
    ],
)
async def test_every_code(
    world: World, prefix: str, route: str, body: dict[str, Any], status: int, code: int
) -> None:
    await fill_world(world)
    refused = await world.post(f"{prefix}/{route}", body)
    assert (
        refused.status,
        refused.code,
        refused.body["data"],
        bool(refused.message),
    ) == (status, code, None, True)


async def test_one_memory_by_its_id_in_the_same_shape(
    world: World, prefix: str
) -> None:
    await fill_world(world)
    data = (await world.get(f"{prefix}/get/memory/{KNOWN}")).data
    assert_shaped(data, {**FACT, "sources": list, "info": dict})
    assert (await world.get(f"{prefix}/get/memory/{UNKNOWN}")).code == 40001


async def test_rerank_has_no_envelope(world: World, prefix: str) -> None:
    whole = {
        "model": "memos-reranker-4b",
        "query": "天气",
        "documents": ["茶", "上海的天气"],
        "top_n": 1,
        "source": "cli",
    }
    for body in (
        whole,
        {name: whole[name] for name in ("query", "documents")},
        {**whole, "top_n": None, "model": None},
    ):
        answer = (await world.post(f"{prefix}/rerank", body)).body
        assert answer.keys() == {"id", "model", "usage", "results"}
        assert_shaped(
            answer,
            {
                "id": str,
                "model": str,
                "usage": {"prompt_tokens": int, "total_tokens": int},
                "results": [
                    {"index": int, "document": {"text": str}, "relevance_score": Number}
                ],
            },
        )
        assert answer["results"][0]["document"] == {"text": "上海的天气"}


async def test_a_knowledge_base_from_its_making_to_its_end(
    idle: World, prefix: str
) -> None:
    knowledge_base = (
        await idle.post(
            f"{prefix}/create/knowledgebase",
            {"knowledgebase_name": "b", "knowledgebase_description": None},
        )
    ).data["id"]
    sent = [
        {"content": "aGVsbG8=", "file_name": "a.txt", "mime_type": "text/plain"},
        {"content": "https://example.com/手册.pdf", "name": None},
    ]
    added = (
        await idle.post(
            f"{prefix}/add/knowledgebase-file",
            {"knowledgebase_id": knowledge_base, "file": sent},
        )
    ).data
    assert_shaped(
        added,
        [
            {
                "id": str,
                "name": str,
                "sizeMB": Number,
                "status": WORD,
                "type": Literal["document"],
            }
        ],
    )
    assert [file["name"] for file in added] == ["a.txt", "手册.pdf"]
    ids = [file["id"] for file in added]
    for body in (
        {"file_ids": ids},
        {
            "knowledgebase_id": knowledge_base,
            "type": "document",
            "page": "1",
            "page_size": 20,
        },
        {"knowledgebase_id": knowledge_base},
    ):
        data = (await idle.post(f"{prefix}/get/knowledgebase-file", body)).data
        assert_shaped(
            data,
            {
                "file_detail_list": [
                    {"id": str, "name": str, "size": str, "status": WORD, "type": str}
                ],
                "total": int,
                "page": int,
                "page_size": int,
            },
        )
        assert ([file["id"] for file in data["file_detail_list"]], data["total"]) == (
            ids,
            2,
        )
    assert (
        await idle.post(
            f"{prefix}/delete/knowledgebase-file",
            {"file_ids": ids[:1], "knowledgebase_id": knowledge_base},
        )
    ).data == {"success": True}
    assert (
        await idle.post(
            f"{prefix}/get/knowledgebase-file", {"knowledgebase_id": knowledge_base}
        )
    ).data["total"] == 1
    assert (
        await idle.post(
            f"{prefix}/delete/knowledgebase", {"knowledgebase_id": knowledge_base}
        )
    ).data == {"success": True}
