"""What a chat_time means: the moment that free text in English or Chinese names.

Absolute English dates in unusual forms are left to `dateparser`; it is not used on
Chinese, which it reads wrongly (12月15日 -> 2012-11-15).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.language.calendar import MONTHS, any_of, folded, hour_of_day

LONGEST = 100
"""Characters of a text that may be a time."""
FIRST_YEAR, LAST_YEAR = 2, 9997
"""Years whose moments are moments in every time zone, and days away from them days."""


@lru_cache(maxsize=4096)
def parse_chat_time(text: str, timezone: str = "UTC") -> datetime | None:
    """The moment that free text names ("09:44 AM on 10 December, 2025 UTC", "2024年5月1日
    周三 08:30", ISO 8601, epoch); None when unclear.

    A time without a zone is of `timezone`.
    """
    text, zone = folded(text.strip()), ZoneInfo(timezone)
    if len(text) > LONGEST:
        return None
    text = _year_first(text)
    moment = (
        _iso(text)
        or _epoch(text)
        or _written_zh(text)
        or _written_en(text)
        or _by_library(text, timezone)
    )
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d\d)(?![\d:]|\.\d)")


def _year_first(text: str) -> str:
    """A day of the form 10.12.2025, which is day.month.year wherever it is written with
    dots, as 2025-12-10; "" for a text with such a day that is in no calendar.
    """
    day = _DOTTED.search(text)
    if day is None:
        return text
    year = int(day[3]) if len(day[3]) == 4 else 2000 + int(day[3])
    moment = _moment(year, int(day[2]), int(day[1]))
    if moment is None:
        return ""
    return f"{text[: day.start()]}{moment.date()}{text[day.end() :]}"


_CLOCK_WITH_DOT = re.compile(r"[ T]\d{1,2}\.\d")
"""Half past two as 14.30, which `fromisoformat` takes for 14 h and a fraction."""


def _iso(text: str) -> datetime | None:
    if _CLOCK_WITH_DOT.search(text):
        return None
    try:
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{10}(?:\d{3})?", text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


_DAY_ZH = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?")
_TIME_ZH = re.compile(
    r"(上午|早上|凌晨|中午|下午|傍晚|晚上)?\s*(\d{1,2})[:：点时](\d{1,2})?"
)


def _written_zh(text: str) -> datetime | None:
    match = _DAY_ZH.search(text)
    if match is None:
        return None
    clock = _TIME_ZH.search(text, match.end())
    hour = minute = 0
    if clock:
        hour = hour_of_day(int(clock[2]), clock[1] or "")
        minute = int(clock[3] or 0)
    return _moment(int(match[1]), int(match[2]), int(match[3]), hour, minute)


_CLOCK = re.compile(r"\b(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*([ap]\.?m\.?)?\b", re.I)
_DMY = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({any_of(MONTHS)})\.?,?\s+(\d{{4}})\b",
    re.I,
)
_MDY = re.compile(
    rf"\b({any_of(MONTHS)})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.I
)


def _written_en(text: str) -> datetime | None:
    match = _DMY.search(text) or _MDY.search(text)
    if match is None:
        return None
    month, day = (match[2], match[1]) if match.re is _DMY else (match[1], match[2])
    rest = text[: match.start()] + " " + text[match.end() :]
    hour = minute = 0
    for clock in _CLOCK.finditer(rest):
        if clock[2] or clock[3]:
            hour = hour_of_day(int(clock[1]), (clock[3] or "").lower()[:1])
            minute = int(clock[2] or 0)
            break
    moment = _moment(int(match[3]), MONTHS[month.lower()], int(day), hour, minute)
    if moment and re.search(r"\b(?:UTC|GMT)\b|\dZ\b", text):
        return moment.replace(tzinfo=UTC)
    return moment


def _moment(*parts: int) -> datetime | None:
    try:
        return datetime(*parts)  # type: ignore[arg-type]
    except ValueError:
        return None


def _by_library(text: str, timezone: str) -> datetime | None:
    if (
        re.search(r"[\u3400-\u9fff]", text)
        or not re.search(r"\d", text)
        or len(text) > 60
    ):
        return None
    import dateparser

    moment: datetime | None = dateparser.parse(
        text, languages=["en"], settings={"TIMEZONE": timezone}
    )
    return moment
