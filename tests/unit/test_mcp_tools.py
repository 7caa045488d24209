"""The two MCP servers: the gateway's, and the client's for agents that start a program."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from mcp.client import Client
from mcp.server.mcpserver import MCPServer

from services.gateway.mcp.mcp_calls import talk_of
from services.gateway.mcp.mcp_server import server as gateway_server
from souvenir_client.mcp_calls import begun
from souvenir_client.mcp_calls import talk_of as talk_of_client
from souvenir_client.mcp_server import build
from souvenir_client.values import task_of

SERVERS = {
    "gateway": gateway_server,
    "stdio": lambda: build(paths=True),
    "client over HTTP": lambda: build(paths=False),
}
EACH = pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
BY_PATH = {"upload_file": {"file"}}
"""What a program on the user's machine takes in place of BY_URL."""
BY_URL = {"upload_file": {"url", "base64_data", "name"}}


async def tools_of(server: MCPServer) -> dict[str, tuple[set[str], set[str]]]:
    """The arguments of each tool, and those that are needed."""
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
    return {
        tool.name: (
            set(tool.input_schema["properties"]),
            set(tool.input_schema.get("required", ())),
        )
        for tool in tools
    }


async def test_they_have_the_same_tools_with_the_same_arguments() -> None:
    gateways = await tools_of(gateway_server())
    assert await tools_of(build(paths=False)) == gateways
    by_path = await tools_of(build(paths=True))
    arguments, needed = by_path.pop("upload_file")
    others, _ = gateways.pop("upload_file")
    assert by_path == gateways
    assert arguments - BY_PATH["upload_file"] == others - BY_URL["upload_file"]
    assert needed == BY_PATH["upload_file"]


@EACH
async def test_what_is_said_may_be_a_plain_text(
    server: Callable[[], MCPServer],
) -> None:
    async with Client(server()) as client:
        (add,) = [
            t for t in (await client.list_tools()).tools if t.name == "add_message"
        ]
    kinds = add.input_schema["properties"]["messages"]["anyOf"]
    assert {kind["type"] for kind in kinds} == {"string", "array"}


@EACH
async def test_they_say_which_release_they_are(server: Callable[[], MCPServer]) -> None:
    async with Client(server()) as client:
        assert re.match(r"\d", client.server_info.version)


@EACH
@pytest.mark.parametrize(
    ("tool", "arguments", "unknown"),
    [
        ("add_message", {"messages": "Hi", "user": "bob"}, "'user'"),
        ("search_memory", {"query": "Hi", "limit": 3, "k": 1}, "'limit', 'k'"),
        ("list_tasks", {"status": "failed"}, "'status'"),
    ],
)
async def test_they_say_which_arguments_are_unknown(
    server: Callable[[], MCPServer],
    tool: str,
    arguments: dict[str, object],
    unknown: str,
) -> None:
    async with Client(server()) as client:
        answer = await client.call_tool(tool, arguments)
    words = " ".join(part.text for part in answer.content if part.type == "text")
    assert answer.is_error and f"{tool} has no argument {unknown}; it has" in words
    assert "user_id" in words and "context" not in words


def test_what_the_server_remarks_reaches_the_model() -> None:
    task = {"task_id": "t", "status": "completed", "remarks": ["messages.0: ..."]}
    assert begun(task_of(task)) == task
    assert begun(task_of({"task_id": "t", "status": "running"})) == {
        "task_id": "t",
        "status": "running",
    }


@pytest.mark.parametrize("talk", [talk_of, talk_of_client])
def test_a_conversation_may_be_known_by_its_first_message(
    talk: Callable[[str, str | None, str | None], str | None],
) -> None:
    assert talk("ann", "c", "Hello") == "c"
    assert talk("ann", None, "") is None
    assert talk("ann", None, "Hello") == "1efbfe1ff86ae4a6cb48876e4b8b8a45"
