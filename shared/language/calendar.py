"""Days, weeks, months and years, and the names and numbers people use for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

_MONTH_NAMES = "january february march april may june july august september october november december".split()
MONTHS = (
    {name: place for place, name in enumerate(_MONTH_NAMES, 1)}
    | {name[:3]: place for place, name in enumerate(_MONTH_NAMES, 1) if name != "may"}
    | {"sept": 9}
)
MONTHS_ZH = {
    name: place
    for place, name in enumerate("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), 1)
}
_DAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday".split()
WEEKDAYS = (
    {name: place for place, name in enumerate(_DAY_NAMES)}
    | {name[:3]: place for place, name in enumerate(_DAY_NAMES)}
    | {"tues": 1, "thur": 3, "thurs": 3}
)
WEEKDAYS_ZH = {name: place for place, name in enumerate("一二三四五六日")} | {"天": 6}
_WORDS = {
    word: place
    for place, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
} | {"a": 1, "an": 1, "a couple of": 2, "a few": 3, "several": 4}
_DIGITS_ZH = {digit: place for place, digit in enumerate("零一二三四五六七八九")} | {
    "两": 2
}


_LONG_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Days(NamedTuple):
    """A stretch of days, both ends included."""

    first: date
    last: date


def day(of: date) -> Days:
    """One day."""
    return Days(of, of)


def week(of: date) -> Days:
    """The week of a day, Monday to Sunday."""
    monday = of - timedelta(of.weekday())
    return Days(monday, monday + timedelta(6))


def month(of_year: int, named: int) -> Days:
    """One month."""
    first = date(of_year, named, 1)
    return Days(first, (first + timedelta(31)).replace(day=1) - timedelta(1))


def shifted_month(of: date, months: int) -> Days:
    """The month that lies so many months after (before, when negative) the month of a day."""
    place = of.year * 12 + of.month - 1 + months
    return month(place // 12, place % 12 + 1)


def year(of: int) -> Days:
    """One year."""
    return Days(date(of, 1, 1), date(of, 12, 31))


_LETTERS = str.maketrans("ıİſ", "iIs")
"""Letters that `re.I` takes for an i or an s, and `str.lower` does not."""


def folded(text: str) -> str:
    """The text, as long as before, with an i and an s for the letters that expressions
    take for them: what they find stands in the tables then.
    """
    return text.translate(_LETTERS)


def number(text: str) -> int:
    """A number in digits, in English words or in Chinese (to 99). Raises ValueError for
    anything else.
    """
    text = " ".join(text.lower().split())
    if text.isdigit():
        return int(text)
    if text in _WORDS:
        return _WORDS[text]
    tens, ten, ones = text.partition("十")
    if not ten:
        return _digit_zh(text)
    return 10 * (_digit_zh(tens) if tens else 1) + (_digit_zh(ones) if ones else 0)


def _digit_zh(text: str) -> int:
    if text not in _DIGITS_ZH:
        raise ValueError(f"{text!r} is not a number that is understood")
    return _DIGITS_ZH[text]


def hour_of_day(hour: int, half: str) -> int:
    """An hour of the clock, with the half of the day that is named: 7 下午 -> 19, 12 a -> 0."""
    if half in ("下午", "傍晚", "晚上", "p") and hour < 12:
        return hour + 12
    return 0 if hour == 12 and half in ("a", "凌晨") else hour


def written_date(moment: date, chinese: bool) -> str:
    """A day as people write it: 7 May 2023, 2023年5月7日."""
    return (
        f"{moment.year}年{moment.month}月{moment.day}日"
        if chinese
        else f"{moment.day} {month_name(moment.month)} {moment.year}"
    )


def month_name(named: int) -> str:
    """May."""
    return _LONG_NAMES[named - 1]


def away(count: int, unit: str, today: date) -> Days:
    """The day, week, weekend, month or year that lies so many of them after today
    (before, when negative).
    """
    if unit.startswith("day"):
        return day(today + timedelta(count))
    if unit.startswith("weekend"):
        saturday = today - timedelta(today.weekday()) + timedelta(5 + 7 * count)
        return Days(saturday, saturday + timedelta(1))
    if unit.startswith("week"):
        return week(today + timedelta(7 * count))
    return (
        shifted_month(today, count)
        if unit.startswith("month")
        else year(today.year + count)
    )


def nearest_year(named: int, of_month: int, today: date) -> int:
    """The year in which a day of the year lies nearest to today."""
    return min(
        (today.year - 1, today.year, today.year + 1),
        key=lambda candidate: abs((date(candidate, named, of_month) - today).days),
    )


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))
