"""What a rule about dates gives: the days that an expression means, and how to write
them beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from shared.language.calendar import Days, day


class Meant(NamedTuple):
    """The days that an expression means. `said` is how to write them beside it, "" for nothing."""

    days: Days
    said: str = ""


class Mention(NamedTuple):
    """An expression in a text, from `start` to `end`, and what it means."""

    start: int
    end: int
    days: Days
    said: str


Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], Meant | None]]
"""What to look for, and what a find means for somebody who speaks on a day; None for
nothing. A ValueError means nothing too: 31 June.
"""


NEAR = 400
"""Characters on each side of a find within which its clause ends: a text without a stop
would be looked through from end to end for each of its finds.
"""


def clause_of(match: re.Match[str], ends: Iterable[str]) -> str:
    """The clause around a find, as far as the next of the marks or words that end one."""
    text, end = match.string, match.end() - match[0].endswith(".")
    first, last = max(match.start() - NEAR, 0), end + NEAR
    start = max(text.rfind(mark, first, match.start()) for mark in ends) + 1
    stop = min(
        (place for mark in ends if (place := text.find(mark, end, last)) >= 0),
        default=min(last, len(text)),
    )
    return text[max(start, first) : stop]


ISO_DAY: Rule = (
    re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"),
    lambda match, today: Meant(day(date(*map(int, match.groups())))),
)
