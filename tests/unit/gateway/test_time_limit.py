"""An answer ends when its time is over, however steadily it is read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from services.gateway.chat.answer_stream import Piece
from services.gateway.chat.time_limit import limited
from shared.contract import Code
from shared.errors import TookTooLong

LONG_S = 3600.0


class Answer:
    """`is_closed` shows whether the model behind it was stopped."""

    def __init__(self) -> None:
        self.is_closed = False

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        try:
            while True:
                yield "text", "more"
        finally:
            self.is_closed = True

    async def silence(self) -> AsyncGenerator[Piece, None]:
        try:
            yield "text", "so far"
            await asyncio.Event().wait()
        finally:
            self.is_closed = True


async def test_a_steady_reader_has_no_more_than_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer, loop = Answer(), asyncio.get_running_loop()
    pieces, now = limited(answer.pieces(), LONG_S), loop.time()
    assert [await anext(pieces) for _ in range(3)] == [("text", "more")] * 3
    monkeypatch.setattr(loop, "time", lambda: now + LONG_S + 1)
    with pytest.raises(TookTooLong) as ended:
        await anext(pieces)
    assert ended.value.code == Code.FAILED and answer.is_closed


async def test_a_silent_model_has_no_more_either() -> None:
    answer = Answer()
    pieces = limited(answer.silence(), 0.05)
    with pytest.raises(TookTooLong):
        async for _ in pieces:
            pass
    assert answer.is_closed


async def test_what_ends_in_time_is_whole() -> None:
    async def two() -> AsyncGenerator[Piece, None]:
        yield "text", "one"
        yield "text", "two"

    said = [text async for _, text in limited(two(), LONG_S)]
    assert said == ["one", "two"]


async def test_a_timeout_of_the_model_itself_stays_one() -> None:
    async def slow() -> AsyncGenerator[Piece, None]:
        raise TimeoutError("of the model")
        yield "text", ""

    with pytest.raises(TimeoutError, match="of the model"):
        await anext(limited(slow(), LONG_S))


async def test_who_leaves_stops_the_model() -> None:
    answer = Answer()
    pieces = limited(answer.pieces(), LONG_S)
    await anext(pieces)
    await pieces.aclose()
    assert answer.is_closed
