"""Server-sent events as an answer."""

from __future__ import annotations

from collections.abc import AsyncIterable

import orjson
from starlette.responses import StreamingResponse

from services.http.taken_stream import TakenStream

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


def event_stream(
    pieces: AsyncIterable[bytes] | AsyncIterable[str],
) -> StreamingResponse:
    """Every piece as it comes: proxies are asked not to keep any. A client that takes none
    for `taken_stream.TAKEN_WITHIN_S` is given up.
    """
    return TakenStream(pieces, media_type="text/event-stream", headers=UNBUFFERED)
