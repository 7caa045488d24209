"""Clients that ask and do not read: they keep nobody else from the chat."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from starlette.types import Message

from services.gateway.chat import turn_slots
from services.http import taken_stream
from shared.adapters.openai_chat import OpenAIChat
from shared.domain.model_role import ModelRole
from shared.ports import Embedder
from tests.api.world import KEY, OTHER_KEY, World
from tests.support.model_server import ModelServer, Say

ASK = {"user_id": "ann", "query": "Where does my sister live?"}
OTHER = {"headers": {"Authorization": f"Token {OTHER_KEY}"}}


@asynccontextmanager
async def talking(embedder: Embedder, calls: int) -> AsyncIterator[World]:
    """A world whose model takes so many calls at a time."""
    with ModelServer(Say(pieces=("In ", "Oslo."))) as server:
        async with World(embedder) as world:
            model = OpenAIChat("main", "main", ModelRole(server.url, calls=calls))
            ports = replace(world.app.state.ports, chat_models={"": model})
            world.app.state.ports = ports
            yield world


@asynccontextmanager
async def stalled(world: World) -> AsyncIterator[asyncio.Task[None]]:
    """A request of somebody who asks, stays and reads nothing."""
    body = json.dumps({**ASK, "query": "Tell me a long story."}).encode()
    requests = [{"type": "http.request", "body": body, "more_body": False}]
    is_stalled = asyncio.Event()

    async def receive() -> Message:
        if not requests:
            await asyncio.Event().wait()
        return requests.pop()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            is_stalled.set()
            await asyncio.Event().wait()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/product/chat/stream",
        "raw_path": b"/product/chat/stream",
        "root_path": "",
        "query_string": b"",
        "headers": [
            (b"authorization", f"Token {KEY}".encode()),
            (b"content-type", b"application/json"),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    request = asyncio.create_task(world.app(scope, receive, send))
    try:
        async with asyncio.timeout(10):
            await is_stalled.wait()
        yield request
    finally:
        request.cancel()
        await asyncio.wait({request})


async def test_who_reads_nothing_loses_the_slot(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taken_stream, "TAKEN_WITHIN_S", 0.01)
    async with (
        talking(embedder, calls=1) as world,
        stalled(world) as request,
        asyncio.timeout(10),
    ):
        await asyncio.wait({request})
        answer = await world.post("chat", ASK)
    assert answer.data["response"] == "In Oslo."


@pytest.mark.parametrize("stream", [False, True])
async def test_who_finds_no_slot_is_refused_with_a_time_to_come_back(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    monkeypatch.setattr(turn_slots, "WAIT_S", 0.01)
    asked = {**ASK, "stream": stream}
    async with (
        talking(embedder, calls=1) as world,
        stalled(world),
        asyncio.timeout(10),
    ):
        own = await world.post("chat", asked)
        others = await world.post("chat", asked, **OTHER)
    assert (own.status, own.code) == (429, 40300)
    assert (others.status, others.code) == (503, 50004)
    for refused in (own, others):
        assert int(refused.response.headers["Retry-After"]) > 0


async def test_one_project_does_not_take_all_slots(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_slots, "WAIT_S", 0.01)
    async with (
        talking(embedder, calls=2) as world,
        stalled(world),
        asyncio.timeout(10),
    ):
        assert (await world.post("chat", ASK)).status == 429
        answer = await world.post("chat", ASK, **OTHER)
    assert answer.data["response"] == "In Oslo."
