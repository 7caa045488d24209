"""MCP asks the routes, so it is behind the same wall: a key for one user is that user,
whatever address and argument say.
"""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.api_key import KeyScope
from tests.api.world import KEY, World
from tests.security.canaries import bound_key, new_key, plant

HEADERS = {"Accept": "application/json, text/event-stream"}


async def call(
    world: World, secret: str, tool: str, path: str = "/mcp", **arguments: Any
) -> str:
    """The whole answer to a call of a tool."""
    request = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }
    response = await world.client.post(
        path,
        json=request,
        headers={**HEADERS, "Authorization": f"Bearer {secret}"},
    )
    assert response.status_code == 200, response.text
    return response.text


def tools_about(of: Any) -> list[tuple[str, dict[str, Any]]]:
    """A call of every tool that reads, about what somebody has."""
    user = {"user_id": of.user}
    return [
        ("search_memory", {"query": "What is about?", "relativity": 0, **user}),
        ("chat", {"query": "What is about?", **user}),
        ("get_user_profile", user),
        ("get_memory", {"memory_id": of.memory}),
        ("get_message", user),
        ("get_task", {"task_id": of.job}),
        ("list_tasks", user),
        ("get_kb_documents", {"file_ids": [of.file]}),
    ]


async def test_the_owner_of_the_project_sees_it(world: World) -> None:
    ben = await plant(world, "one", "ben")
    for tool, arguments in tools_about(ben):
        text = await call(world, KEY, tool, **arguments)
        assert any(word in text for word in ben.words), (tool, text)


@pytest.mark.parametrize("path", ["/mcp", "/mcp/ann", "/mcp/ben"])
async def test_a_key_for_one_user_is_that_user(world: World, path: str) -> None:
    ben = await plant(world, "one", "ben")
    secret = await bound_key(world, "one", "ann")
    for tool, arguments in tools_about(ben):
        text = await call(world, secret, tool, path, **arguments)
        assert not any(word in text for word in ben.words), (tool, text)
    if path != "/mcp/ben":
        text = await call(world, secret, "search_memory", path, query="tea")
        assert '"isError":true' not in text.replace(" ", "")
    await call(world, secret, "delete_memory", path, memory_ids=[ben.memory])
    await call(world, secret, "update_memory", path, memory_id=ben.memory, content="x")
    assert world.memories.stored[ben.memory].memory.text != "x"


async def test_nothing_of_another_project(world: World) -> None:
    other = await plant(world, "other", "ben")
    for tool, arguments in tools_about(other):
        text = await call(world, KEY, tool, **arguments)
        assert not any(word in text for word in other.words), (tool, text)


async def test_a_reader_adds_nothing(world: World) -> None:
    secret = await new_key(world, "one", scopes=(KeyScope.READ,))
    text = await call(
        world, secret, "add_message", messages="I like tea.", user_id="ann"
    )
    assert "40103" in text and not world.messages.stored
