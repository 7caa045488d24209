"""Pieces of an answer as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import orjson

from shared.errors import SouvenirError

Piece = tuple[str, str]
"""("text" | "reasoning", words)."""

BEAT_S = 10.0
"""Seconds of silence after which a comment line shows that the connection lives;
proxies give up after 30 to 60.
"""


async def events(
    pieces: AsyncIterator[Piece], *, beat_s: float = BEAT_S
) -> AsyncGenerator[bytes, None]:
    """Each piece as an event, comment lines while nothing comes, an error as an event
    of its own, "end" as the last.

    Leaving early closes `pieces`, which stops the model call behind it.
    """
    try:
        async with aclosing(with_beats(pieces, beat_s)) as beating:
            async for piece in beating:
                yield b": alive\n\n" if piece is None else _event(piece[0], piece[1])
    except SouvenirError as error:
        yield _frame(
            {
                "type": "error",
                "content": error.message,
                "data": error.message,
                "code": error.code,
            }
        )
    yield _event("end", "")


async def with_beats(
    pieces: AsyncIterator[Piece], beat_s: float
) -> AsyncGenerator[Piece | None, None]:
    """The pieces, and None whenever `beat_s` seconds went by without one."""
    waiting: asyncio.Task[Piece] | None = None
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(_next(pieces))
            done, _ = await asyncio.wait({waiting}, timeout=beat_s)
            if not done:
                yield None
                continue
            try:
                piece = waiting.result()
            except StopAsyncIteration:
                return
            waiting = None
            yield piece
    finally:
        await _stop(waiting, pieces)


async def _next(pieces: AsyncIterator[Piece]) -> Piece:
    return await pieces.__anext__()


async def _stop(
    waiting: asyncio.Task[Piece] | None, pieces: AsyncIterator[Piece]
) -> None:
    if waiting is not None and not waiting.done():
        waiting.cancel()
        await asyncio.wait({waiting})
    close = getattr(pieces, "aclose", None)
    if close is not None:
        await close()


def _event(kind: str, words: str) -> bytes:
    return _frame({"type": kind, "data": words})


def _frame(value: dict[str, object]) -> bytes:
    return b"event: message\ndata: " + orjson.dumps(value) + b"\n\n"
