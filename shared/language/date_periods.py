"""Periods of days within a month, in English and Chinese: 12 to 14 June, 6月12日到14日."""

from __future__ import annotations

import re
from datetime import date

from shared.language.calendar import (
    MONTHS,
    MONTHS_ZH,
    Days,
    any_of,
    nearest_year,
    number,
)
from shared.language.date_mention import Meant, Rule

_MONTH = rf"(?P<month>{any_of(MONTHS)})"
_TO = r"\s*(?:-|–|—|to|till|until|through)\s*"
_FIRST = r"(?P<first>\d{1,2})(?:st|nd|rd|th)?"
_LAST = r"(?P<last>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_NUMBER_ZH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"


def period(match: re.Match[str], today: date) -> Meant | None:
    """12 to 14 June, June 12-14, 2026; the year where none is named is the nearest."""
    named = MONTHS[match["month"].lower()]
    days = _within(match, today, named, int(match["first"]), int(match["last"]))
    if days is None:
        return None
    is_clear = match["year"] or days.first.year == today.year
    return Meant(days, "" if is_clear else f" ({days.first.year})")


def period_zh(match: re.Match[str], today: date) -> Meant | None:
    """6月12日到14日"""
    month = match["month"]
    named = int(month) if month.isdigit() else MONTHS_ZH[month]
    days = _within(match, today, named, number(match["first"]), number(match["last"]))
    return None if days is None else Meant(days)


def _within(
    match: re.Match[str], today: date, named: int, first: int, last: int
) -> Days | None:
    if last <= first:
        return None
    of_year = int(match["year"]) if match["year"] else nearest_year(named, first, today)
    return Days(date(of_year, named, first), date(of_year, named, last))


PERIODS: tuple[Rule, ...] = (
    (
        re.compile(rf"\b{_FIRST}{_TO}{_LAST}\s+(?:of\s+)?{_MONTH}\b\.?{_YEAR}", re.I),
        period,
    ),
    (re.compile(rf"\b{_MONTH}\.?\s+{_FIRST}{_TO}{_LAST}\b(?!:){_YEAR}", re.I), period),
)
PERIODS_ZH: tuple[Rule, ...] = (
    (
        re.compile(
            rf"(?:(?P<year>\d{{4}})年)?(?<!\d)(?P<month>{any_of(MONTHS_ZH)}|\d{{1,2}})月"
            rf"(?P<first>{_NUMBER_ZH})[日号]?(?:到|至|-|–|—|~)(?P<last>{_NUMBER_ZH})[日号]"
        ),
        period_zh,
    ),
)
