"""Server-sent events as an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable

import orjson
from starlette.responses import StreamingResponse
from starlette.types import Message, Send

log = logging.getLogger(__name__)

TAKEN_WITHIN_S = 60.0
"""Seconds within which a client has to take an event once the buffers before it are full.
Proxies wait for a reader as long; who has read nothing by then does not come back.
"""

UNBUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
_LINE_ENDS = {
    end.encode(): f"\\u{ord(end):04x}".encode() for end in "\u0085\u2028\u2029"
}
"""Ends of lines for many readers of lines, not for JSON or for the form of the events."""


def event(data: object, name: str = "") -> bytes:
    """One event with JSON as its data, in which no reader finds the end of a line."""
    written = orjson.dumps(data)
    for end, escaped in _LINE_ENDS.items():
        written = written.replace(end, escaped)
    head = f"event: {name}\n".encode() if name else b""
    return head + b"data: " + written + b"\n\n"


class _NotTaken(Exception):
    """The client reads nothing."""


class _EventStream(StreamingResponse):
    """Ends where nobody reads it: what stands behind the pieces (a slot of the chat's
    model, a subscription) is held until they end.
    """

    async def stream_response(self, send: Send) -> None:
        """All pieces, or those that were taken; then the connection is closed."""

        async def send_in_time(message: Message) -> None:
            try:
                async with asyncio.timeout(TAKEN_WITHIN_S):
                    await send(message)
            except TimeoutError as error:
                raise _NotTaken from error

        try:
            await super().stream_response(send_in_time)
        except _NotTaken:
            log.warning("client_reads_nothing", extra={"seconds": TAKEN_WITHIN_S})
            close = getattr(self.body_iterator, "aclose", None)
            if close is not None:
                await close()


def event_stream(
    pieces: AsyncIterable[bytes] | AsyncIterable[str],
) -> StreamingResponse:
    """Every piece as it comes: proxies are asked not to keep any. A client that takes none
    for `TAKEN_WITHIN_S` is given up.
    """
    return _EventStream(pieces, media_type="text/event-stream", headers=UNBUFFERED)
