"""The calls of clients that are not the published one, as they send them, with the
rules by which they read the answers (contract 4).
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from tests.api.world import KEY, World

SAID = "My sister Ada lives in Oslo."
LISTS = (
    "memory_detail_list",
    "preference_detail_list",
    "tool_memory_detail_list",
    "skill_detail_list",
)
Headers = dict[str, str]


async def call(
    world: World, path: str, body: Any, headers: Headers | None = None
) -> Any:
    """What these scripts do: read the body as JSON and look at `code`, whatever the HTTP status."""
    answer = await world.client.post(path, json=body, headers=headers or {})
    assert answer.headers["content-type"].startswith("application/json")
    envelope = answer.json()
    assert isinstance(envelope, dict) and set(envelope) == {"code", "data", "message"}
    return envelope


def turn(**more: Any) -> list[dict[str, Any]]:
    return [
        {"role": "user", "content": SAID, **more},
        {"role": "assistant", "content": "How nice!", **more},
    ]


# The evaluation client, online: the Cloud's routes, message exactly "ok".


async def test_evaluation_online(world: World) -> None:
    added = await call(
        world,
        "/api/openmem/v1/add/message",
        {
            "messages": turn(chat_time="09:44 AM on 10 December, 2025 UTC"),
            "user_id": "ann",
            "conversation_id": "talk_0",
            "async_mode": False,
        },
    )
    assert (added["message"], added["data"]["success"]) == ("ok", True)
    result = await call(
        world,
        "/api/openmem/v1/search/memory",
        {
            "query": SAID,
            "user_id": "ann",
            "conversation_id": "",
            "memory_limit_number": 20,
            "mode": "fast",
            "include_preference": True,
            "pref_top_k": 6,
            "relativity": 0,
        },
    )
    assert result["message"] == "ok"
    memories = "".join(
        row["memory_value"] for row in result["data"]["memory_detail_list"]
    )
    assert SAID in memories
    for row in result["data"]["preference_detail_list"]:
        assert row["preference_type"].endswith("_preference") and isinstance(
            row["preference"], str
        )
    assert isinstance(memories + result["data"]["preference_note"], str)
    assert all(isinstance(result["data"][name], list) for name in LISTS)


# The evaluation client, local: the routes of the open-source server, its own words of
# success, the key bare.


async def test_evaluation_local(world: World) -> None:
    bare = {"Authorization": KEY}
    added = await call(
        world,
        "/product/add",
        {
            "user_id": "ann",
            "mem_cube_id": "ann",
            "messages": turn(),
            "conversation_id": "talk_0",
            "async_mode": "sync",
        },
        bare,
    )
    assert (added["code"], added["message"]) == (200, "Memory added successfully")
    assert [row["memory"] for row in added["data"]] == [SAID]
    result = await call(
        world,
        "/product/search",
        {
            "query": SAID,
            "user_id": "ann",
            "mem_cube_id": "ann",
            "conversation_id": "",
            "top_k": 20,
            "mode": "fast",
            "include_preference": True,
            "pref_top_k": 6,
            "relativity": 0,
        },
        bare,
    )
    assert (result["code"], result["message"]) == (200, "Search completed successfully")
    assert [row["memory"] for row in result["data"]["text_mem"][0]["memories"]] == [
        SAID
    ]
    assert isinstance(result["data"]["pref_string"], str) and isinstance(
        result["data"]["pref_mem"], list
    )


# The OpenClaw plugin: filters by source, info of its session, async adds; a body that
# is JSON in any case.

PLUGIN = {
    "source": "openclaw",
    "tags": ["openclaw"],
    "allow_public": False,
    "async_mode": True,
}


async def test_openclaw(world: World) -> None:
    info = {"source": "openclaw", "sessionKey": "agent:main:main", "agentId": "main"}
    added = await call(
        world,
        "/api/openmem/v1/add/message",
        {
            "user_id": "openclaw-user",
            "conversation_id": "openclaw-agent:main:main",
            "messages": turn(),
            "agent_id": "main",
            "app_id": "openclaw",
            "info": info,
            **PLUGIN,
        },
    )
    assert (added["code"], added["data"]["success"], added["data"]["status"]) == (
        0,
        True,
        "running",
    )
    result = await call(
        world,
        "/api/openmem/v1/search/memory",
        {
            "user_id": "openclaw-user",
            "query": SAID,
            "source": "openclaw",
            "filter": {"user": {"and": [{"agentId": "main"}]}, "public": {}},
            "knowledgebase_ids": [],
            "memory_limit_number": 9,
            "include_preference": True,
            "preference_limit_number": 6,
            "include_tool_memory": True,
            "tool_memory_limit_number": 6,
            "relativity": 0.45,
        },
    )
    (row,) = [
        row for row in result["data"]["memory_detail_list"] if row["relativity"] > 0.45
    ]
    assert SAID in row["memory_value"] and isinstance(row["update_time"], int)
    nobody = await call(
        world,
        "/api/openmem/v1/search/memory",
        {
            "user_id": "openclaw-user",
            "query": SAID,
            "filter": {"user": {"and": [{"agentId": "other"}]}},
            "relativity": 0,
        },
    )
    assert nobody["data"]["memory_detail_list"] == []
    for name in LISTS:
        assert isinstance(result["data"][name], list)


# The MCP server memos-api-mcp: a channel as source, a conversation from a hash,
# `current` for the page, the whole body handed on.


async def test_memos_api_mcp(world: World) -> None:
    conversation = hashlib.md5(
        f"ann\n{SAID}".encode(), usedforsecurity=False
    ).hexdigest()
    said = turn(chat_time="2025-09-12 08:00:00.123")
    added = await call(
        world,
        "/api/openmem/v1/add/message",
        {
            "user_id": "ann",
            "conversation_id": conversation,
            "messages": said,
            "source": "MODELSCOPE",
            "async_mode": False,
        },
    )
    assert (added["code"], added["data"]["status"]) == (0, "completed")
    result = await call(
        world,
        "/api/openmem/v1/search/memory",
        {
            "user_id": "ann",
            "query": SAID,
            "memory_limit_number": 6,
            "source": "MODELSCOPE",
        },
    )
    assert [row["memory_value"] for row in result["data"]["memory_detail_list"]] == [
        SAID
    ]
    profile = {
        "user_id": "ann",
        "include_preference": True,
        "include_tool_memory": True,
        "current": 1,
        "size": 20,
        "source": "MODELSCOPE",
    }
    page = (await call(world, "/api/openmem/v1/get/memory", profile))["data"]
    assert (page["current"], page["size"], page["total"], page["pages"]) == (
        1,
        20,
        1,
        1,
    )
    assert (await call(world, "/api/openmem/v1/get/memory", {**profile, "current": 2}))[
        "data"
    ]["memory_detail_list"] == []
    ids = [row["id"] for row in page["memory_detail_list"]]
    gone = await call(
        world,
        "/api/openmem/v1/delete/memory",
        {"user_ids": ["ann"], "memory_ids": ids, "source": "MODELSCOPE"},
    )
    assert (gone["code"], gone["data"]) == (0, {"success": True})
    assert (await call(world, "/api/openmem/v1/get/memory", profile))["data"][
        "memory_detail_list"
    ] == []


async def test_memos_api_mcp_and_knowledge_bases(world: World) -> None:
    made = await call(
        world,
        "/api/openmem/v1/create/knowledgebase",
        {"knowledgebase_name": "manuals", "source": "MODELSCOPE"},
    )
    file = {
        "content": "aGVsbG8=",
        "file_name": "hello.txt",
        "name": "hello.txt",
        "mime_type": "text/plain",
    }
    knowledge = {"knowledgebase_id": made["data"]["id"], "source": "MODELSCOPE"}
    ((row,), code) = (
        (
            envelope := await call(
                world,
                "/api/openmem/v1/add/knowledgebase-file",
                {**knowledge, "file": [file]},
            )
        )["data"],
        envelope["code"],
    )
    assert (code, row["name"]) == (0, "hello.txt")
    (listed,) = (
        await call(
            world, "/api/openmem/v1/get/knowledgebase-file", {"file_ids": [row["id"]]}
        )
    )["data"]["file_detail_list"]
    assert (listed["id"], listed["name"]) == (row["id"], "hello.txt")
    for route, body in (
        ("delete/knowledgebase-file", {"file_ids": [row["id"]]}),
        ("delete/knowledgebase", knowledge),
    ):
        assert (await call(world, f"/api/openmem/v1/{route}", body))["data"] == {
            "success": True
        }


# The memos CLI: Token, then Bearer; headers of its own; pings; data.success and codes 0 or 200.

CLI = {"X-Source": "cli", "X-Framework": "memos-cli"}


@pytest.mark.parametrize("scheme", ["Token", "Bearer"])
async def test_memos_cli(world: World, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {KEY}", **CLI}
    given = {"user_id": "ann", "source": "cli", "framework": "memos-cli"}
    added = await call(
        world,
        "/api/openmem/v1/add/message",
        {**given, "conversation_id": "cli", "messages": turn(), "async_mode": False},
        headers,
    )
    assert added["code"] in (0, 200) and added["data"]["success"] is True
    task = await call(
        world,
        "/api/openmem/v1/get/status",
        {"task_id": added["data"]["task_id"]},
        headers,
    )
    assert task["data"]["status"] == "completed"
    every = await call(
        world, "/api/openmem/v1/get/memory", {**given, "page": 1, "size": 50}, headers
    )
    (row,) = every["data"]["memory_detail_list"]
    assert (every["data"]["pages"], row["memory_value"]) == (1, SAID)
    single = (
        await world.client.get(
            f"/api/openmem/v1/get/memory/{row['id']}", headers=headers
        )
    ).json()
    assert single["data"]["id"] == row["id"]
    (source,) = single["data"]["metadata"]["sources"]
    assert (single["data"]["memory"], source["content"]) == (SAID, SAID)
    said = await call(
        world,
        "/api/openmem/v1/get/message",
        {**given, "conversation_id": "cli"},
        headers,
    )
    assert [
        len(message["create_time"]) for message in said["data"]["message_detail_list"]
    ] == [len("2025-09-12 08:00:00")] * 2
    answer = await call(
        world,
        "/api/openmem/v1/chat",
        {**given, "conversation_id": "cli", "query": SAID, "relativity": 0},
        headers,
    )
    assert "Oslo" in answer["data"]["response"]
    ranked = (
        await world.client.post(
            "/api/openmem/v1/rerank",
            headers=headers,
            json={
                "model": "memos-reranker-0.6b",
                "query": "sister",
                "documents": ["tax forms", "my sister"],
                "top_n": 1,
            },
        )
    ).json()
    assert [result["index"] for result in ranked["results"]] == [1]


@pytest.mark.parametrize("path", ["/v1/ping/", "/ping", "/api/openmem/v1/ping"])
async def test_memos_cli_pings(world: World, path: str) -> None:
    assert (await world.client.get(path, headers=CLI)).json()["code"] == 0


async def test_memos_cli_with_a_wrong_key(world: World) -> None:
    for scheme in ("Token", "Bearer"):
        answer = await world.client.post(
            "/api/openmem/v1/search/memory",
            headers={"Authorization": f"{scheme} wrong"},
            json={},
        )
        assert (answer.status_code, answer.json()["code"]) == (401, 40132)


# Coze: numbers as strings, the full header as an input; message == "ok" and
# data.success are compared.


@pytest.mark.parametrize("limit", ["2", "2.0", 2])
async def test_coze(world: World, limit: Any) -> None:
    headers = {"Authorization": f"Token {KEY}"}
    for number in range(3):
        added = await call(
            world,
            "/api/openmem/v1/add/message",
            {
                "user_id": "ann",
                "conversation_id": f"c{number}",
                "async_mode": False,
                "messages": [
                    {
                        "role": "user",
                        "content": f"My sister number {number} lives in Oslo.",
                        "chat_time": "2025年12月10日 9点",
                    }
                ],
            },
            headers,
        )
        assert (added["message"], added["data"]["success"]) == ("ok", True)
    result = await call(
        world,
        "/api/openmem/v1/search/memory",
        {
            "user_id": "ann",
            "conversation_id": "",
            "query": "sister in Oslo",
            "memory_limit_number": limit,
            "relativity": "0",
        },
        headers,
    )
    assert result["message"] == "ok"
    assert (
        len([row["memory_value"] for row in result["data"]["memory_detail_list"]]) == 2
    )


# Hermes and MaxKB: code == 0, top_k for the limit, errors that are JSON with a code that is not 0.


@pytest.mark.parametrize("key", ["top_k", "memory_limit_number"])
async def test_hermes(world: World, key: str) -> None:
    for number in range(3):
        await world.remember(f"My sister number {number} lives in Oslo.")
    result = await call(
        world,
        "/api/openmem/v1/search/memory",
        {"user_id": "ann", "query": "sister in Oslo", key: 2, "relativity": 0},
    )
    assert (result["code"], len(result["data"]["memory_detail_list"])) == (0, 2)
    every = await call(world, "/api/openmem/v1/get/memory", {"user_id": "ann"})
    assert (every["code"], len(every["data"]["memory_detail_list"])) == (0, 3)


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/api/openmem/v1/search/memory", {"user_id": "ann"}, 40002),
        ("/api/openmem/v1/add/message", {"user_id": "ann", "messages": []}, 40003),
        ("/api/openmem/v1/get/status", {"task_id": "none"}, 50131),
        ("/api/openmem/v1/no/such/route", {}, 40001),
    ],
)
async def test_maxkb_reads_errors_as_json(
    world: World, path: str, body: Any, code: int
) -> None:
    envelope = await call(world, path, body)
    assert envelope["code"] != 0 and envelope["data"] is None and envelope["message"]
    assert envelope["code"] == code
