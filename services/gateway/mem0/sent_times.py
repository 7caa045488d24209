"""Times that mem0's clients send: seconds since the epoch, or a time in words."""

from __future__ import annotations

from datetime import UTC, datetime

from services.gateway.context.request_context import RequestContext
from shared.errors import BadRequest
from shared.jobs.clock import milliseconds
from shared.language.chat_time import FIRST_YEAR, LAST_YEAR, parse_chat_time

_MILLISECONDS_FROM = 100_000_000_000
"""From here on a number counts milliseconds: no second of these centuries is so large."""


def moment_of(
    sent: float | str | None, context: RequestContext, name: str = "timestamp"
) -> int:
    """Epoch milliseconds; 0 where nothing was sent. Raises `BadRequest`."""
    if sent is None or sent == "":
        return 0
    try:
        number = float(sent)
    except ValueError:
        read = parse_chat_time(str(sent), context.settings.timezone)
        if read is None:
            raise BadRequest(f"{name}: {sent!r} is not a time") from None
        return milliseconds(read)
    seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadRequest(f"{name}: {sent!r} is not a time") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadRequest(f"{name}: {sent!r} is not a time")
    return milliseconds(moment)
