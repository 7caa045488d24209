"""Times of the wire: epoch milliseconds in, strings out, and what a time in a filter means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from shared.errors import BadRequest
from shared.jobs.clock import milliseconds
from shared.jobs.clock import now as now

TIME_FORMATS = "YYYY-MM-DD, YYYY-MM-DD HH:MM:SS, ISO 8601 or epoch milliseconds"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HAS_FRACTION = re.compile(r"\.\d+")
_FIRST = milliseconds(datetime(1, 1, 2, tzinfo=UTC))
_LAST = milliseconds(datetime(9999, 12, 31, tzinfo=UTC)) - 1
"""The times that can be written as a date in every zone; what is beyond them counts as
the nearest of them where it is written as a date ("9999-12-31" for an open end).
"""


@dataclass(frozen=True, slots=True)
class TimeRange:
    """All the milliseconds that a written time means: 86,400,000 for a day, 1,000 for a
    second.
    """

    first: int
    """Epoch milliseconds, included."""

    last: int
    """Epoch milliseconds, included."""


class Arrivals:
    """Times of arrival of requests: each later than the one before it, so that the order
    of arrival stays known.
    """

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """This moment, epoch milliseconds; 1 ms after the last one where that is later."""
        self._last = max(now(), self._last + 1)
        return self._last


def read_time(value: object, zone: tzinfo) -> TimeRange | None:
    """`YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS`, ISO 8601 or epoch milliseconds; None for
    anything else, and for a number beyond the years 1 to 9999. A time without a zone is
    in `zone`.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        if _is_number(value):
            moment = int(value)
            return TimeRange(moment, moment) if _FIRST <= moment <= _LAST else None
        text = str(value).strip()
        start = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    start = start if start.tzinfo else start.replace(tzinfo=zone)
    end = _later(start, precision_of(text))
    return TimeRange(_within(milliseconds(start)), _within(end - 1))


def _is_number(value: str | int | float) -> bool:
    return isinstance(value, int | float) or value.strip().isdecimal()


def _later(start: datetime, duration: timedelta) -> int:
    """Epoch milliseconds of the end of a time, of the last of all where that is beyond
    what a date can say.
    """
    try:
        return milliseconds(start + duration)
    except OverflowError:
        return _LAST


def _within(moment: int) -> int:
    return min(max(moment, _FIRST), _LAST)


def no_time(name: str, value: object) -> BadRequest:
    """The error for a field whose value `read_time` does not read."""
    hint = ""
    if not isinstance(value, bool) and isinstance(value, str | int | float):
        hint = ", not in microseconds" if _is_number(value) else ""
    return BadRequest(f"{name}: {value!r} is not a time ({TIME_FORMATS}{hint})")


def last_moment(written: str | int, timezone: str, name: str) -> int:
    """The last millisecond that a time of a request means; 0 where it is empty. Raises
    `BadRequest` for what is no time, naming the field.
    """
    if written == "":
        return 0
    read = read_time(written, ZoneInfo(timezone))
    if read is None or read.last <= 0:
        raise no_time(name, written)
    return read.last


def precision_of(text: str) -> timedelta:
    """How long the time is that a written time means: a day, a second or a millisecond."""
    if _DAY.fullmatch(text):
        return timedelta(days=1)
    if _HAS_FRACTION.search(text):
        return timedelta(milliseconds=1)
    return timedelta(seconds=1)


def written(moment: int, zone: tzinfo) -> str:
    """`YYYY-MM-DD HH:MM:SS` of epoch milliseconds."""
    return datetime.fromtimestamp(moment / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")
