"""The MCP server, driven by the official client over stdio and over HTTP, against the
running system.
"""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from services.launcher.network import free_ports
from tests.e2e.test_mcp_gateway import OWN, PUBLISHED
from tests.support.system import KEPT, ROOT, System, until

ARGUMENTS = ["-m", "souvenir_client.mcp_server"]


@pytest.fixture
def environment(system: System, user: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT / "clients/python"),
        "SOUVENIR_URL": system.url,
        "SOUVENIR_API_KEY": system.key,
        "SOUVENIR_USER": user,
    }


@pytest.fixture
def http_url(environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """The server over HTTP, on a free port."""
    (port,) = free_ports(1)
    with (tmp_path / "mcp.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *ARGUMENTS, "--http", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        until(lambda: process.poll() is not None or listens(port), "the MCP server")
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@asynccontextmanager
async def connected(way: str, request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    if way == "stdio":
        program = StdioServerParameters(
            command=sys.executable,
            args=ARGUMENTS,
            env=request.getfixturevalue("environment"),
        )
        client = Client(stdio_client(program))
    else:
        client = Client(request.getfixturevalue("http_url"))
    async with client:
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


WAYS = pytest.mark.parametrize("way", ["stdio", "http"])


@WAYS
async def test_the_tools_are_described(
    way: str, request: pytest.FixtureRequest
) -> None:
    async with connected(way, request) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == PUBLISHED | OWN
        assert all(tool.description for tool in tools.values())
        assert tools["search_memory"].input_schema["required"] == ["query"]
        assert "Long-term memory" in (client.instructions or "")


@WAYS
async def test_what_is_added_is_found_talked_about_and_forgotten(
    way: str, request: pytest.FixtureRequest
) -> None:
    async with connected(way, request) as client:
        said = "My sister Carla plays the cello in Porto."
        assert (await call(client, "add_message", messages=said, conversation_id="c"))[
            "status"
        ] == "completed"
        (message,) = (await call(client, "get_message", conversation_id="c"))[
            "message_detail_list"
        ]
        assert message["content"] == said
        (memory,) = (
            await call(
                client,
                "search_memory",
                query="Which instrument does my sister Carla play?",
            )
        )["memories"]
        assert "cello" in memory["memory_value"]
        assert (
            "cello"
            in (
                await call(
                    client, "chat", query="Which instrument does my sister Carla play?"
                )
            )["response"]
        )
        assert await call(client, "delete_memory", memory_ids=[memory["id"]]) == {
            "success": True
        }
        found = await call(
            client, "search_memory", query="Which instrument does my sister Carla play?"
        )
        assert memory["id"] not in [each["id"] for each in found["memories"]]


@WAYS
async def test_a_user_can_be_named(
    way: str, request: pytest.FixtureRequest, user: str
) -> None:
    async with connected(way, request) as client:
        said = [
            {"role": "user", "content": "My sister Carla plays the cello in Porto."}
        ]
        await call(client, "add_message", messages=said, user_id=f"other-{user}")
        query = "Which instrument does my sister Carla play?"
        assert (await call(client, "search_memory", query=query))["memories"] == []
        (memory,) = (
            await call(client, "search_memory", query=query, user_id=f"other-{user}")
        )["memories"]
        assert "another user" in await refused(
            client, "delete_memory", memory_ids=[memory["id"]]
        )


async def read_whole(client: Client, begun: dict[str, Any]) -> dict[str, Any]:
    """The task of a file, when it has ended."""
    async with asyncio.timeout(120):
        while True:
            task = await call(client, "get_task", task_id=begun["task_id"])
            if task["status"] != "running":
                return task
            await asyncio.sleep(0.1)


async def test_a_file_of_this_machine_over_stdio(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    note = tmp_path / "cellar.txt"
    note.write_text("The key to the cellar hangs behind the blue door.")
    async with connected("stdio", request) as client:
        task = await read_whole(
            client, await call(client, "upload_file", file=str(note))
        )
        assert (task["status"], [file["name"] for file in task["files"]]) == (
            "completed",
            ["cellar.txt"],
        )
        found = (
            await call(
                client, "search_memory", query="Where does the key to the cellar hang?"
            )
        )["memories"]
        assert any("blue door" in each["memory_value"] for each in found)
        assert "No such file" in await refused(
            client, "upload_file", file="/no/such/file"
        )


async def test_bytes_over_http_and_no_file_of_this_machine(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    note = tmp_path / "cellar.txt"
    note.write_text("The key to the cellar hangs behind the blue door.")
    async with connected("http", request) as client:
        data = base64.b64encode(note.read_bytes()).decode()
        begun = await call(client, "upload_file", base64_data=data, name="cellar.txt")
        assert (await read_whole(client, begun))["status"] == "completed"
        found = (
            await call(
                client, "search_memory", query="Where does the key to the cellar hang?"
            )
        )["memories"]
        assert any("blue door" in each["memory_value"] for each in found)
        assert "http(s) URL" in await refused(client, "upload_file", url=str(note))
        assert "http(s) URL" in await refused(client, "upload_file", url=note.as_uri())
        assert "expected" in await refused(client, "upload_file")


@WAYS
async def test_what_goes_wrong_is_told_in_the_servers_words(
    way: str, request: pytest.FixtureRequest
) -> None:
    async with connected(way, request) as client:
        assert "code 40307" in await refused(
            client, "delete_memory", memory_ids=["no-such-memory"]
        )
        assert "code 50131" in await refused(client, "get_task", task_id="no-such-task")
        assert "role" in await refused(
            client, "add_message", messages=[{"role": "parrot", "content": "hi"}]
        )
