"""Events as every reader of lines cuts them, and clients that read none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from starlette.types import Message

from services.http import event_stream, taken_stream
from services.http.event_stream import event


@pytest.mark.parametrize("name", ["", "end"])
def test_no_character_of_the_data_ends_a_line(name: str) -> None:
    data = {"file": "a\u2028b\u2029c\u0085d\u000be\nf ，é"}
    head = ["event: end"] if name else []
    *before, line, empty = event(data, name).decode().splitlines()
    assert (before, empty) == (head, "")
    assert json.loads(line.removeprefix("data: ")) == data


async def test_a_client_that_reads_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(taken_stream, "TAKEN_WITHIN_S", 0.01)
    sent: list[Message] = []
    closed = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            while True:
                yield event("more")
        finally:
            closed.set()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("it stays, and says nothing")

    async def send(message: Message) -> None:
        if len(sent) == 3:
            await asyncio.Event().wait()
        sent.append(message)

    response = event_stream.event_stream(pieces())
    async with asyncio.timeout(5):
        await response({"type": "http"}, receive, send)
    assert closed.is_set()
    assert [message.get("more_body") for message in sent] == [None, True, True]


async def test_a_client_that_reads_too_slowly_is_cut_off() -> None:
    sent: list[Message] = []
    closed = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"more"
        finally:
            closed.set()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("it stays, and says nothing")

    async def send(message: Message) -> None:
        sent.append(message)
        await asyncio.sleep(0)

    response = taken_stream.TakenStream(pieces(), whole_within_s=0.05)
    async with asyncio.timeout(5):
        await response({"type": "http"}, receive, send)
    assert closed.is_set()
    bodies = [message for message in sent if message["type"] == "http.response.body"]
    assert all(message.get("more_body") for message in bodies), "it seems whole"
