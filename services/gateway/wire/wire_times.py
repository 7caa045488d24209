"""Times of the wire: epoch milliseconds in, strings out, and what a time in a filter means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from shared.jobs.clock import milliseconds
from shared.jobs.clock import now as now

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HAS_FRACTION = re.compile(r"\.\d+")


@dataclass(frozen=True, slots=True)
class TimeRange:
    """All the milliseconds that a written time means: a day is 86,400,000 of them, a
    second 1,000. Both ends included.
    """

    first: int
    last: int


class Arrivals:
    """Moments at which requests come in: each later than the one before it, so that the
    order in which they came can be told for ever.
    """

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """This moment, epoch milliseconds; a little later when it was given away already."""
        self._last = max(now(), self._last + 1)
        return self._last


def read_time(value: object, zone: tzinfo) -> TimeRange | None:
    """`YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS`, ISO 8601 or epoch milliseconds; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, int | float) or value.strip().isdecimal():
        return TimeRange(int(value), int(value))
    return _written(value.strip(), zone)


def _written(text: str, zone: tzinfo) -> TimeRange | None:
    try:
        start = datetime.fromisoformat(text)
        start = start if start.tzinfo else start.replace(tzinfo=zone)
        return TimeRange(milliseconds(start), milliseconds(start + _width(text)) - 1)
    except (ValueError, OverflowError):
        return None


def _width(text: str) -> timedelta:
    if _DAY.fullmatch(text):
        return timedelta(days=1)
    return (
        timedelta(milliseconds=1)
        if _HAS_FRACTION.search(text)
        else timedelta(seconds=1)
    )


def written(moment: int, zone: tzinfo) -> str:
    """`YYYY-MM-DD HH:MM:SS` of epoch milliseconds."""
    return datetime.fromtimestamp(moment / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")
