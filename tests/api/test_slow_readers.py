"""Who reads a stream slowly has no more than the time that one may take."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest
from starlette.types import Message

from services.gateway.chat.answer_stream import Piece
from services.gateway.chat.turn import PreparedTurn
from shared.adapters.openai_chat import OpenAIChat
from shared.domain.model_role import ModelRole
from shared.ports import Embedder
from tests.api.world import FIRST_KEY, World
from tests.fakes.points import FakePoints
from tests.support.model_server import ModelServer, Say

ASK = {"user_id": "ann", "query": "Where does my sister live?"}
NO_TIME_S = 1e-9


@pytest.mark.parametrize("stream", [True, False])
async def test_an_answer_that_takes_too_long_says_so_and_gives_its_slot_back(
    embedder: Embedder, stream: bool
) -> None:
    with ModelServer(Say(pieces=("In ", "Oslo."))) as server:
        async with World(embedder, max_answer_s=NO_TIME_S) as world:
            model = OpenAIChat("main", "main", ModelRole(server.url, calls=1))
            ports = replace(world.app.state.ports, chat_models={"": model})
            world.app.state.ports = ports
            asked = {**ASK, "stream": stream}
            for _ in range(2):  # the second has the slot of the first
                answer = await world.post("chat", asked)
                if stream:
                    lines = answer.response.text.splitlines()
                    read = [json.loads(x[6:]) for x in lines if x.startswith("data: ")]
                    assert [event["type"] for event in read] == ["error", "end"]
                    assert read[0]["code"] == 50002
                    assert "SOUVENIR_MAX_ANSWER_S" in read[0]["data"]
                else:
                    assert (answer.status, answer.code) == (504, 50002)
                    assert "SOUVENIR_MAX_ANSWER_S" in answer.message


async def test_a_backup_that_takes_too_long_is_cut_off(embedder: Embedder) -> None:
    async with World(embedder, max_backup_s=NO_TIME_S) as world:
        ports = replace(world.app.state.ports, points=FakePoints(), spaces=world.spaces)
        world.app.state.ports = ports
        sent: list[Message] = []

        async def receive() -> Message:
            await asyncio.Event().wait()
            raise AssertionError("it stays, and says nothing")

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/backup",
            "raw_path": b"/backup",
            "root_path": "",
            "query_string": b"",
            "headers": [(b"authorization", f"Token {FIRST_KEY}".encode())],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        async with asyncio.timeout(10):
            await world.app(scope, receive, send)
    bodies = [message for message in sent if message["type"] == "http.response.body"]
    assert all(message.get("more_body") for message in bodies), "it seems whole"


async def test_of_an_answer_that_took_too_long_only_the_question_is_remembered(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    clock = loop.time

    async def pieces(_: PreparedTurn) -> AsyncGenerator[Piece, None]:
        yield "text", "In "
        monkeypatch.setattr(loop, "time", lambda: clock() + 24 * 3600)
        yield "text", "Oslo, or not."

    monkeypatch.setattr(PreparedTurn, "pieces", pieces)
    async with World(embedder, working=False) as world:
        answer = await world.post("chat", {**ASK, "stream": True})
        assert "SOUVENIR_MAX_ANSWER_S" in answer.response.text
        await world.app.state.background.close()
        said = [message.text for message in world.messages.stored.values()]
    assert said == [ASK["query"]]
