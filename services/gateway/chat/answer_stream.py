"""Pieces of an answer as server-sent events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing

from services.http.event_stream import event
from shared.contract import Code
from shared.errors import SouvenirError

log = logging.getLogger(__name__)

Piece = tuple[str, str]
"""Kind and text: ("text" | "reasoning", ...)."""

KEEP_ALIVE_S = 10.0
"""Seconds of silence after which a comment line shows that the connection lives;
proxies give up after 30 to 60.
"""
KEEP_ALIVE = b": alive\n\n"


async def events(
    pieces: AsyncIterator[Piece],
    *,
    remarks: Sequence[str] = (),
    keep_alive_s: float = KEEP_ALIVE_S,
) -> AsyncGenerator[bytes, None]:
    """Each piece as an event, comment lines while nothing comes, an error as an event
    of its own, "end" as the last, with the remarks, where there are any.

    Leaving early closes `pieces`, which stops the model call behind it.
    """
    try:
        async with aclosing(with_keep_alive(pieces, keep_alive_s)) as alive:
            async for piece in alive:
                if piece is None:
                    yield KEEP_ALIVE
                else:
                    kind, text = piece
                    yield _frame({"type": kind, "data": text})
    except Exception as error:  # who reads learns that it ended, and why
        message, code = failure_of(error)
        yield _frame(
            {"type": "error", "content": message, "data": message, "code": code}
        )
    last: dict[str, object] = {"type": "end", "data": ""}
    yield _frame(last | ({"remarks": remarks} if remarks else {}))


def failure_of(error: Exception) -> tuple[str, int]:
    """The message and the code of an error in the middle of an answer."""
    if isinstance(error, SouvenirError):
        return error.message, error.code
    log.error("chat_stream_broke", exc_info=error)
    return "internal error; the log has it", Code.BROKEN


async def with_keep_alive(
    pieces: AsyncIterator[Piece], seconds: float
) -> AsyncGenerator[Piece | None, None]:
    """The pieces, and None whenever so many seconds went by without one. Closes
    `pieces` at the end.
    """
    waiting: asyncio.Task[Piece] | None = None
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(anext(pieces))
            done, _ = await asyncio.wait({waiting}, timeout=seconds)
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
        if waiting is not None and not waiting.done():
            waiting.cancel()
            await asyncio.wait({waiting})
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()


def _frame(value: dict[str, object]) -> bytes:
    return event(value, "message")
