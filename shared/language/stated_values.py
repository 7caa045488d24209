"""The values that a statement gives: amounts, days and times of day, each in one form, so
that "moved to 6 December" and "am 6. Dezember" give the same day and two statements can
be asked whether they give different ones.

Names of months and weekdays are dateparser's, in all of its languages that the project
reads; years tell when something was and are no values.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cache, lru_cache
from importlib import import_module
from itertools import product

LANGUAGES = "en de es fr pt it ru nl pl ja ko zh ar hi".split()
"""Whose names of days and months are known."""
_MONTHS = "january february march april may june july august september october november december".split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SHORTEST = 4
"""Letters of a name: most shorter ones are other words as well ("do", "mar", "die")."""
_SHORT = frozenset("feb apr jun jul aug sep okt oct nov dec dez mai may".split())
"""Short names that hardly are."""
_OFTEN_NONE = frozenset(("may", "march", "mars", "sept"))
"""Names that are other words as well: a day or a word that leads to a month must stand by them."""
_LEADS = re.compile(
    r"(?:\b(?:in|by|of|mid|until|till|since|early|late|next|last|this|to|for)|-)\s?$"
)


class ValueKind(StrEnum):
    """What a value is; only values of one kind can be compared."""

    AMOUNT = "amount"
    DAY = "day"
    CLOCK = "clock"


Values = Mapping[ValueKind, frozenset[str]]
"""The values of a text by their kinds; a kind that it has none of is missing."""

_Pattern = Callable[[], re.Pattern[str]]
_Reading = Callable[[re.Match[str]], str | None]
"""The value in one form, "" for what is none and is passed over, None for no find."""

_HAN = "零〇一二两兩三四五六七八九十百千万萬亿"
_CLOCK = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})(?:[:h](?P<minute>\d{2})(?!\d)|\s?(?:a\.?m\b|p\.?m\b|uhr\b|o'clock\b)"
    r"|[点點時时시](?P<half>半)?)"
    rf"|(?P<hour_zh>[{_HAN}]{{1,3}})[点點](?!点)(?P<half_zh>半)?"
)
_ISO = re.compile(r"(?<!\d)\d{4}[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?!\d)")
_NUMERIC_ZH = re.compile(
    rf"(?P<month>\d{{1,2}}|[{_HAN}]{{1,3}})[月월]\s?(?:(?P<day>\d{{1,2}}|[{_HAN}]{{1,3}})[日号號일]?)?(?!个)"
)
_DAY_ZH = re.compile(r"(?<![\d月])(?P<day>\d{1,2})[号號일日](?![楼线店馆院])")
_WEEKDAY_ZH = re.compile(r"(?:周|週|星期|礼拜|禮拜)(?P<day>[一二三四五六日天])")
_WEEKDAY_JA = re.compile(r"(?P<day>[月火水木金土日])曜")
_WEEKDAY_KO = re.compile(r"(?P<day>[월화수목금토일])요일")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d{2}(?:\s?年)?(?![\d.,]\d)(?!\d)")
_AMOUNT = re.compile(
    rf"(?<![\d.,/-])(?<![a-z_])[$€£¥₩]?\s?(?P<number>\d[\d.,\u202f']*\d|\d)\s?(?P<times>k\b|tsd\b|mil\b|[千万萬亿만])?"
    rf"|(?P<zh>[{_HAN}]{{1,6}})(?=[块元岁歲个個只条辆位人次斤公度号人楼层])"
)
_IN_A_LIST = re.compile(r"(?:^|[:：])\s*$")
"""What stands before the number of an item."""
_ORDER_ZH = {name: place for place, name in enumerate("一二三四五六日")} | {"天": 6}
_ORDER_JA = {name: place for place, name in enumerate("月火水木金土日")}
_ORDER_KO = {name: place for place, name in enumerate("월화수목금토일")}
_DIGITS = {digit: place for place, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "萬": 10_000, "亿": 10**8}
_TIMES = {
    "k": 1000,
    "tsd": 1000,
    "mil": 1000,
    "千": 1000,
    "万": 10_000,
    "萬": 10_000,
    "만": 10_000,
    "亿": 10**8,
}


def stated_values(text: str) -> Values:
    """The values of a text; the written date of the day on which it was said must have
    been taken off it before (`lexical.without_written_dates`).
    """
    return _read(text)[0]


def without_values(text: str) -> str:
    """What a text says beside its values, in lower case."""
    return _read(text)[1]


@lru_cache(maxsize=8192)
def _read(text: str) -> tuple[Values, str]:
    by_kind: dict[ValueKind, set[str]] = defaultdict(set)
    rest = unicodedata.normalize("NFKC", text).lower()
    for pattern, kind, meant in _READERS:
        unread: list[str] = []
        last = 0
        for match in pattern().finditer(rest):
            value = meant(match)
            if value is None:
                continue
            unread.append(rest[last : match.start()])
            last = match.end()
            if value:
                by_kind[kind].add(value)
        rest = " ".join([*unread, rest[last:]])
    values = {kind: frozenset(values) for kind, values in by_kind.items()}
    return values, rest


def rival_kinds(old: Values, new: Values) -> frozenset[ValueKind]:
    """The kinds of which both texts give values, and the newer one others alone."""
    return frozenset(
        kind
        for kind, values in new.items()
        if old.get(kind) and not _any_agree(values, old[kind])
    )


def _any_agree(values: frozenset[str], others: frozenset[str]) -> bool:
    if values & others:
        return True
    return any(
        _is_within(value, other) or _is_within(other, value)
        for value, other in product(values, others)
    )


def _is_within(day: str, other: str) -> bool:
    """Whether a day is of a month, or may be of a day whose month is not said."""
    month, dash, number = day.partition("-")
    if not dash or day.startswith("d"):
        return False
    return other == month or other == f"-{number}"


def _clock(match: re.Match[str]) -> str | None:
    hour = match["hour"] or str(_number_zh(match["hour_zh"]))
    minute = match["minute"] or ("30" if match["half"] or match["half_zh"] else "00")
    return f"{int(hour) % 12}:{minute}" if int(hour) < 25 else None


def _date(match: re.Match[str]) -> str:
    month, day = match["month"], match["day"]
    month = month if month.isdigit() else str(_number_zh(month))
    day = day if not day or day.isdigit() else str(_number_zh(day))
    return f"{int(month)}-{int(day)}" if day else f"{int(month)}"


def _month_named(match: re.Match[str]) -> str | None:
    named = match["named"]
    month = _names()[named]
    day = match["before"] or match["after"]
    if (
        not day
        and named in _OFTEN_NONE
        and not _LEADS.search(match.string[: match.start("named")])
    ):
        return None
    return f"{month}-{int(day)}" if day else month


def _number_zh(text: str) -> int:
    """A Chinese number: 一万三 is 13,000."""
    total = section = digit = 0
    unit = 1
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif _UNITS[character] >= 10_000:
            total, section, digit = (total + section + digit) * _UNITS[character], 0, 0
            unit = _UNITS[character]
        else:
            unit = _UNITS[character]
            section, digit = section + (digit or 1) * unit, 0
    is_short = len(text) > 1 and text[-1] in _DIGITS and text[-2] in "百千万萬亿"
    return total + section + digit * (unit // 10 if is_short else 1)


def _amount(match: re.Match[str]) -> str | None:
    if match["zh"]:
        return str(_number_zh(match["zh"]))
    if len(match["number"]) == 1 and _IN_A_LIST.search(match.string[: match.start()]):
        return None
    plain = re.sub(r"[.,'\u202f](?=\d{3}(?:\D|$))", "", match["number"]).replace(
        ",", "."
    )
    try:
        value = float(plain)
    except ValueError:  # a number of a version or a telephone
        return plain
    return f"{value * _TIMES.get(match['times'] or '', 1):g}"


@cache
def _names() -> dict[str, str]:
    """Names of months ("6") and of weekdays ("d0") in all languages."""
    names: dict[str, str] = {}
    for language in LANGUAGES:
        info = import_module(f"dateparser.data.date_translation_data.{language}").info
        for place, month in enumerate(_MONTHS, 1):
            names |= dict.fromkeys(_words(info.get(month, ())), str(place))
        for place, weekday in enumerate(_WEEKDAYS):
            names |= dict.fromkeys(_words(info.get(weekday, ())), f"d{place}")
    return names


def _words(names: Iterator[str]) -> list[str]:
    lowered = (name.lower().strip(".") for name in names)
    return [
        name
        for name in lowered
        if (len(name) >= _SHORTEST or name in _SHORT) and name.isalpha()
    ]


@cache
def _named_month() -> re.Pattern[str]:
    months = "|".join(
        sorted(
            (n for n, of in _names().items() if not of.startswith("d")),
            key=len,
            reverse=True,
        )
    )
    return re.compile(
        r"(?:(?<![\d.,:])(?P<before>\d{1,2})(?:st|nd|rd|th|\.|er|º)?\s(?:of\s|de\s)?)?"
        rf"(?<!\w)(?P<named>{months})\b(?:\.?\s(?P<after>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.,]\d))?"
    )


@cache
def _named_weekday() -> re.Pattern[str]:
    days = "|".join(
        sorted(
            (n for n, of in _names().items() if of.startswith("d")),
            key=len,
            reverse=True,
        )
    )
    return re.compile(rf"(?<!\w)(?P<named>{days})s?(?!\w)")


_READERS: tuple[tuple[_Pattern, ValueKind, _Reading], ...] = (
    (lambda: _ISO, ValueKind.DAY, _date),
    (lambda: _YEAR, ValueKind.DAY, lambda match: ""),
    (lambda: _CLOCK, ValueKind.CLOCK, _clock),
    (_named_month, ValueKind.DAY, _month_named),
    (lambda: _NUMERIC_ZH, ValueKind.DAY, _date),
    (lambda: _DAY_ZH, ValueKind.DAY, lambda match: f"-{int(match['day'])}"),
    (_named_weekday, ValueKind.DAY, lambda match: _names()[match["named"]]),
    (lambda: _WEEKDAY_ZH, ValueKind.DAY, lambda match: f"d{_ORDER_ZH[match['day']]}"),
    (lambda: _WEEKDAY_JA, ValueKind.DAY, lambda match: f"d{_ORDER_JA[match['day']]}"),
    (lambda: _WEEKDAY_KO, ValueKind.DAY, lambda match: f"d{_ORDER_KO[match['day']]}"),
    (lambda: _AMOUNT, ValueKind.AMOUNT, _amount),
)
"""In the order in which they are looked for: what one has found the next ones do not see."""
