"""A selector of a deletion that is empty is a condition that got lost on its way: it is
refused, in every dialect, and never means everything.
"""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.scope import Scope
from souvenir_client import ApiError, AsyncClient
from tests.api.world import KEY, World

EMPTY_FILTERS: list[Any] = [
    {},
    [],
    "",
    " ",
    "{}",
    {"and": []},
    {"or": []},
    {"and": [{}]},
    {"and": [{"scene": "x"}, {}]},
    {"or": [{"scene": "x"}, {"and": []}]},
    {"info": {}},
    {"scene": {}},
]
WHOSE = [{"user_id": "ann"}, {"agent_id": "bot"}, {"user_ids": ["ann"]}, {}]
EMPTY_BESIDE = [
    {"user_id": "ann", "memory_ids": []},
    {"user_id": "ann", "memory_ids": ""},
    {"user_id": "ann", "agent_id": ""},
    {"user_id": "ann", "memory_type": ""},
    {"user_id": "", "agent_id": "bot"},
    {"user_ids": [], "filter": {"scene": "x"}},
    {"user_id": "", "filter": {"scene": "x"}},
]


@pytest.fixture
async def full(world: World) -> World:
    """Memories of a user, of an agent of theirs, and a message."""
    await world.remember("Ann likes tea.", info={"scene": "x"})
    await world.remember("Ann likes rum.", scope=Scope("one", "ann", "s", "bot"))
    said = [{"role": "user", "content": "My locker is 12."}]
    body = {"user_id": "ann", "messages": said, "async_mode": False}
    await world.post("add/message", body)
    return world


def kept(world: World) -> tuple[int, int]:
    return len(world.memories.stored), len(world.messages.stored)


@pytest.mark.parametrize("filter", EMPTY_FILTERS)
@pytest.mark.parametrize("whose", WHOSE)
async def test_an_empty_filter_deletes_nothing(
    full: World, whose: dict[str, Any], filter: Any
) -> None:
    before = kept(full)
    for path in ("delete/memory", "/product/delete_memory"):
        refused = await full.post(path, {**whose, "filter": filter})
        assert refused.status in (400, 422), refused.body
        assert refused.body["data"] is None
    assert kept(full) == before


@pytest.mark.parametrize("body", EMPTY_BESIDE)
async def test_no_empty_selector_deletes_anything(
    full: World, body: dict[str, Any]
) -> None:
    before = kept(full)
    refused = await full.post("delete/memory", body)
    assert (refused.status, refused.code in (40002, 40003)) == (422, True)
    assert "must not be empty" in refused.message
    assert kept(full) == before


@pytest.mark.parametrize(
    "empty", ["session_id", "conversation_id", "memory_ids", "file_ids", "filter"]
)
async def test_none_does_on_the_open_source_servers_route(
    full: World, empty: str
) -> None:
    before = kept(full)
    body = {"user_id": "ann", empty: [] if empty.endswith("ids") else ""}
    refused = await full.post("/product/delete_memory", body)
    assert (refused.status, empty in refused.message) == (422, True)
    assert kept(full) == before


@pytest.mark.parametrize(
    "params",
    [
        {"user_id": "ann", "run_id": ""},
        {"user_id": "ann", "filters": "{}"},
        {"user_id": "ann", "filters": ""},
        {"user_id": "ann", "filters": '{"run_id": null}'},
        {"filters": "{'user_id': 'ann', 'run_id': ''}"},
        {"filters": "{'user_id': 'ann', 'run_id': None}"},
    ],
)
async def test_none_does_in_mem0s_dialect(full: World, params: dict[str, str]) -> None:
    before = kept(full)
    refused = await full.client.delete("/mem0/v1/memories/", params=params)
    assert (refused.status_code, kept(full)) == (400, before), refused.text


async def test_none_does_by_mcp_or_the_client(full: World) -> None:
    before = kept(full)
    arguments = {"memory_ids": [], "user_id": "ann"}
    params = {"name": "delete_memory", "arguments": arguments}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    accept = {"Accept": "application/json, text/event-stream"}
    answer = await full.client.post("/mcp", json=call, headers=accept)
    assert answer.json()["result"]["isError"] is True
    transport = full.client._transport
    async with AsyncClient("http://gateway", KEY, transport=transport) as client:
        for selector in ({"filter": {}}, {"memory_ids": []}, {"agent_id": ""}):
            with pytest.raises(ApiError):
                await client.delete(user_id="ann", **selector)
    assert kept(full) == before


async def test_an_empty_template_deletes_no_profile(world: World) -> None:
    city = {"city": {"value": "Porto"}}
    named = {"user_id": "ann", "profile_template_id": "t1"}
    await world.post("edit/profile", {**named, "metadata": city})
    refused = await world.post(
        "delete/profile", {"user_id": "ann", "profile_template_id": ""}
    )
    assert (refused.status, refused.code) == (422, 40002)
    assert len(world.memories.stored) == 1


async def test_beside_memory_ids_the_others_may_be_empty(full: World) -> None:
    (memory, *_) = full.memories.stored.values()
    body = {"memory_ids": [memory.memory.id], "user_ids": [], "filter": {}}
    assert (await full.post("delete/memory", body)).data == {"success": True}
    assert memory.memory.id not in full.memories.stored
