"""When a memory stops to be shown: at the end of a day, UTC.

The rule is mem0's (docs.mem0.ai, memory expiration): the memory is shown all through
its expiration date and hidden from the next day on; it is not deleted, and can still
be read by its id.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

NEVER = 0
"""The moment of what does not expire."""

_DAY = timedelta(days=1)
_FIRST = date(1970, 1, 1)
_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def end_of_day(written: str) -> int:
    """The moment (epoch milliseconds) at which a day `YYYY-MM-DD` ends. Raises
    ValueError for anything else, and for days that there are not.
    """
    wrong = ValueError(f"{written!r} is not a day from 1970 on, written YYYY-MM-DD")
    if not _WRITTEN.fullmatch(written):
        raise wrong
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise wrong from None
    if not _FIRST <= day < date.max:
        raise wrong
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int((midnight + _DAY).timestamp()) * 1000


def last_day(expires_at: int) -> str:
    """The last day, `YYYY-MM-DD`, on which what expires at that moment is shown."""
    last_moment = datetime.fromtimestamp((expires_at - 1) / 1000, UTC)
    return last_moment.date().isoformat()


def outlives(expires_at: int, other: int) -> bool:
    """Whether what expires at one moment is shown longer than what expires at another."""
    return other != NEVER and (expires_at == NEVER or expires_at > other)
