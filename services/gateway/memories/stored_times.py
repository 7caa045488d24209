"""Times of what others hand in, within what can be stored and counted."""

from __future__ import annotations

from datetime import UTC, datetime

from shared.language.chat_time import FIRST_YEAR, LAST_YEAR

MAX_TIME = (1 << 42) - 1
"""The last millisecond that can be stored, in the year 2109."""


def clamped_time(milliseconds: int) -> int:
    """Epoch milliseconds within what can be stored."""
    return min(max(milliseconds, 0), MAX_TIME)


def storable_moment(moment: datetime) -> datetime:
    """A moment with a time zone (UTC where it has none); the epoch for one that cannot
    be counted in milliseconds.
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    is_counted = FIRST_YEAR <= aware.year <= LAST_YEAR
    return aware if is_counted else datetime.fromtimestamp(0, UTC)
