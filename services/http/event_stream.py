"""Server-sent events as an answer."""

from __future__ import annotations

from collections.abc import AsyncIterable

from starlette.responses import StreamingResponse

UNBUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


def event_stream(
    pieces: AsyncIterable[bytes] | AsyncIterable[str],
) -> StreamingResponse:
    """Every piece as it comes: proxies are asked not to keep any."""
    return StreamingResponse(pieces, media_type="text/event-stream", headers=UNBUFFERED)
