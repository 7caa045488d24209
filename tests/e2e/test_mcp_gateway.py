"""MCP over HTTP in the gateway, driven by the official client against the running system."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.support.system import System, until

SAID = "My sister Carla plays the cello in Porto."
QUESTION = "Which instrument does my sister Carla play?"
PUBLISHED = {
    "add_message",
    "search_memory",
    "delete_memory",
    "add_feedback",
    "get_user_profile",
    "create_knowledge_base",
    "remove_knowledge_base",
    "add_kb_document",
    "get_kb_documents",
    "delete_kb_documents",
}
"""The tools of the MCP server that others publish for the hosted service (contract 4)."""

OWN = {
    "chat",
    "get_memory",
    "get_message",
    "update_memory",
    "rate_memory",
    "restore_memory",
    "undo_task",
    "upload_file",
    "get_task",
    "list_tasks",
    "cancel_task",
}


@asynccontextmanager
async def connected(
    system: System, user: str = "", key: str = ""
) -> AsyncIterator[Client]:
    """The official client at /mcp, or at the address of a user."""
    url = f"{system.url}/mcp/{user}" if user else f"{system.url}/mcp"
    headers = {"Authorization": f"Bearer {key or system.key}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        yield client


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool gives back; an error is an AssertionError."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """The words of an error, as the model reads them."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return " ".join(part.text for part in result.content if part.type == "text")


async def test_the_tools_are_described(system: System) -> None:
    async with connected(system) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == PUBLISHED | OWN
        assert all(tool.description for tool in tools.values())
        assert tools["search_memory"].input_schema["required"] == ["query"]
        assert "context" not in tools["search_memory"].input_schema["properties"]
        assert "Long-term memory" in (client.instructions or "")


@pytest.mark.parametrize("messages", [SAID, [{"role": "user", "content": SAID}]])
async def test_a_user_with_an_address(
    system: System, user: str, messages: object
) -> None:
    user = user.replace("[", "-").replace("]", "")
    async with connected(system, user) as client:
        added = await call(client, "add_message", messages=messages)
        assert added["status"] == "completed"
        found = await call(client, "search_memory", query=QUESTION)
        (memory,) = found["memory_detail_list"]
        assert "cello" in memory["memory_value"]
        profile = await call(client, "get_user_profile", current=1, size=5)
        assert [row["id"] for row in profile["memory_detail_list"]] == [memory["id"]]
        whole = await call(client, "get_memory", memory_id=memory["id"])
        assert whole["id"] == memory["id"] and whole["sources"]
        assert "cello" in (await call(client, "chat", query=QUESTION))["response"]
        oboe = "The user's sister Carla plays the oboe."
        await call(client, "update_memory", memory_id=memory["id"], content=oboe)
        whole = await call(client, "get_memory", memory_id=memory["id"])
        assert whole["memory_value"] == oboe
        version = {"memory_id": memory["id"], "version_id": whole["history"][0]["id"]}
        assert "cello" in (await call(client, "restore_memory", **version))["text"]
        rating = {"memory_ids": [memory["id"]], "thumb": "down", "query": QUESTION}
        (rated,) = (await call(client, "rate_memory", **rating))["rated"]
        assert [thumb["thumb"] for thumb in rated["thumbs"]] == ["down"]
        undone = await call(client, "undo_task", task_id=added["task_id"])
        assert [left["memory_id"] for left in undone["left"]] == [memory["id"]]
        assert await call(client, "delete_memory", memory_ids=[memory["id"]]) == {
            "success": True
        }
        # What was said in the chat is searched raw until it has been read.
        async with asyncio.timeout(60):
            while (await call(client, "search_memory", query=QUESTION))[
                "memory_detail_list"
            ]:
                await asyncio.sleep(0.1)
        assert "address" in await refused(
            client, "search_memory", query=QUESTION, user_id="somebody else"
        )


async def test_users_by_name(system: System, user: str) -> None:
    async with connected(system) as client:
        await call(client, "add_message", messages=SAID, user_id=user)
        found = await call(client, "search_memory", query=QUESTION)
        assert found["memory_detail_list"] == []
        found = await call(client, "search_memory", query=QUESTION, user_id=user)
        (memory,) = found["memory_detail_list"]
        assert "another user" in await refused(
            client, "delete_memory", memory_ids=[memory["id"]]
        )


async def test_feedback_and_tasks(system: System, user: str) -> None:
    async with connected(system, user) as client:
        await call(client, "add_message", messages=SAID, conversation_id="c")
        correction = "Replace cello with viola"
        task = await call(
            client, "add_feedback", feedback_content=correction, conversation_id="c"
        )
        system.finished(task["task_id"])
        whole = await call(client, "get_task", task_id=task["task_id"])
        assert whole["status"] == "completed" and "receipts" in whole
        listed = (await call(client, "list_tasks"))["tasks"]
        assert listed[0]["task_id"] == task["task_id"]
        found = await call(client, "search_memory", query=QUESTION)
        assert "viola" in found["memory_detail_list"][0]["memory_value"]
        said = await call(client, "get_message", conversation_id="c")
        assert SAID in [row["content"] for row in said["message_detail_list"]]


async def test_a_file(system: System, user: str) -> None:
    note = b"The key to the cellar hangs behind the blue door."
    async with connected(system, user) as client:
        data = base64.b64encode(note).decode()
        task = await call(client, "upload_file", base64_data=data, name="cellar.txt")
        system.finished(task["task_id"])
        query = "Where does the key to the cellar hang?"
        found = (await call(client, "search_memory", query=query))["memory_detail_list"]
        assert any("blue door" in each["memory_value"] for each in found)
        assert "http(s) URL" in await refused(client, "upload_file", url="/etc/hosts")
        assert "expected" in await refused(client, "upload_file")


async def test_a_knowledge_base(system: System, user: str) -> None:
    note = f"The boiler of {user} is restarted with the red switch."
    data = base64.b64encode(note.encode()).decode()
    async with connected(system, user) as client:
        made = await call(client, "create_knowledge_base", knowledgebase_name=user)
        uri = f"data:text/plain;base64,{data}"
        documents = await call(
            client,
            "add_kb_document",
            knowledgebase_id=made["id"],
            file=[{"content": uri, "file_name": "boiler.txt"}],
        )
        (document,) = documents["documents"]
        ids = [document["id"]]
        until(
            lambda: all(
                row["status"] == "completed"
                for row in system.post("get/knowledgebase-file", file_ids=ids)[
                    "file_detail_list"
                ]
            ),
            "the document",
        )
        read = await call(client, "get_kb_documents", file_ids=ids)
        assert read["file_detail_list"][0]["name"] == "boiler.txt"
        found = await call(
            client, "search_memory", query=note, knowledgebase_ids=[made["id"]]
        )
        assert "red switch" in found["memory_detail_list"][0]["memory_value"]
        local = [{"content": "/etc/hosts"}]
        assert "data URI" in await refused(
            client, "add_kb_document", knowledgebase_id=made["id"], file=local
        )
        await call(client, "delete_kb_documents", file_ids=ids)
        await call(client, "remove_knowledge_base", knowledgebase_id=made["id"])


async def test_refusals_are_in_the_servers_words(system: System, user: str) -> None:
    async with connected(system, user) as client:
        unknown = await refused(client, "delete_memory", memory_ids=["no-such-memory"])
        assert "code 40307" in unknown
        assert "code 50131" in await refused(client, "get_task", task_id="no-such-task")
        for path in ("../users", "x/cancel", ""):
            assert "not an id" in await refused(client, "cancel_task", task_id=path)
        parrot = [{"role": "parrot", "content": "hi"}]
        assert "role" in await refused(client, "add_message", messages=parrot)


@pytest.mark.parametrize("path", ["/mcp", "/mcp/ana"])
def test_nobody_without_a_key(system: System, path: str) -> None:
    hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = httpx.post(f"{system.url}{path}", json=hello, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["code"] in (40100, 40130, 40132)


def test_there_is_no_stream_to_wait_at(system: System) -> None:
    headers = {"Accept": "text/event-stream"}
    answer = system.request("GET", "/mcp", headers=headers)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
