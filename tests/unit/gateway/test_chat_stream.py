"""Pieces as events: in order, alive while nothing comes, errors as events, the model
stopped when the client leaves.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from services.gateway.chat.answer_stream import Piece, events
from services.gateway.chat.completion_form import CompletionForm
from shared.contract import Code
from shared.errors import Unavailable


def _data(frame: bytes) -> dict[str, object]:
    return dict(json.loads(frame.split(b"data: ", 1)[1]))


async def _pieces(*pieces: Piece) -> AsyncIterator[Piece]:
    for piece in pieces:
        yield piece


async def test_pieces_come_in_order_and_end() -> None:
    frames = [
        frame
        async for frame in events(
            _pieces(("reasoning", "hm"), ("text", "你好\n"), ("text", "!"))
        )
    ]
    assert [_data(frame) for frame in frames] == [
        {"type": "reasoning", "data": "hm"},
        {"type": "text", "data": "你好\n"},
        {"type": "text", "data": "!"},
        {"type": "end", "data": ""},
    ]
    assert all(
        frame.startswith(b"event: message\n")
        and frame.endswith(b"\n\n")
        and frame.count(b"\n") == 3
        for frame in frames
    )


async def test_an_error_is_an_event_and_the_end_still_comes() -> None:
    async def breaking() -> AsyncIterator[Piece]:
        yield "text", "so far"
        raise Unavailable("the model is gone")

    kinds = [
        _data(frame)["type"] for frame in [frame async for frame in events(breaking())]
    ]
    assert kinds == ["text", "error", "end"]


async def test_silence_is_filled_with_comments() -> None:
    go = asyncio.Event()

    async def slow() -> AsyncIterator[Piece]:
        await go.wait()
        yield "text", "late"

    frames = events(slow(), keep_alive_s=0.01)
    assert (await anext(frames)).startswith(b":")
    go.set()
    rest = [frame async for frame in frames]
    assert _data(next(frame for frame in rest if not frame.startswith(b":"))) == {
        "type": "text",
        "data": "late",
    }


async def test_leaving_stops_what_writes_the_answer() -> None:
    stopped = asyncio.Event()

    async def endless() -> AsyncIterator[Piece]:
        try:
            while True:
                yield "text", "more"
                await asyncio.sleep(0)
        finally:
            stopped.set()

    frames = events(endless())
    await anext(frames)
    await frames.aclose()
    assert stopped.is_set()


async def test_leaving_while_the_model_is_silent_stops_it_too() -> None:
    stopped = asyncio.Event()

    async def silent() -> AsyncIterator[Piece]:
        try:
            await asyncio.Event().wait()
            yield "text", "never"
        finally:
            stopped.set()

    frames = events(silent(), keep_alive_s=0.01)
    await anext(frames)
    await frames.aclose()
    assert stopped.is_set()


async def test_an_error_that_nobody_foresaw_is_an_event_too() -> None:
    async def breaking() -> AsyncIterator[Piece]:
        yield "text", "so far"
        raise TypeError("of a bug")

    frames = [_data(frame) async for frame in events(breaking())]
    assert [frame["type"] for frame in frames] == ["text", "error", "end"]
    assert (frames[1]["code"], "of a bug" in str(frames[1])) == (Code.BROKEN, False)
    form = CompletionForm("1", "m", 0)
    chunks = [chunk async for chunk in form.chunks(breaking())]
    assert str(int(Code.BROKEN)).encode() in chunks[-2]
    assert chunks[-1] == b"data: [DONE]\n\n"
