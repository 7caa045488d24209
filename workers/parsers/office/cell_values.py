"""The value of a cell of a workbook as people see it: days, times, percentages and amounts
of money are numbers in the file, and only the number format of the cell tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workers.parsers.xml_tree import attribute, children, first_child

_BUILT_IN = {
    9: "0%",
    10: "0.00%",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm",
    19: "h:mm:ss",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
    **dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm"),
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
}
"""Number formats that a workbook need not define (ECMA-376 18.8.30), those that are not
plain numbers; from 27 on those of East Asian editions.
"""
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETED = re.compile(r"\[[^\]]*\]")
_LOCALE = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
"""A currency, a locale or both: `[$€-407]`, `[$-407]`."""
_CURRENCY = re.compile(r"[€$£¥₹₩₽]|\b(?:EUR|USD|GBP|CHF|CNY|JPY)\b")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.I)
_DAY_MARK, _TIME_MARK = re.compile(r"[ydeg]", re.I), re.compile(r"[hs]", re.I)
_MONTH_MARK = re.compile(r"m", re.I)
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LAST_SERIAL = 2_958_465
"""31 December 9999."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a number format makes of a number."""

    is_date: bool = False
    has_time: bool = False
    is_elapsed: bool = False
    """A stretch of time, which may be longer than a day."""
    percent_digits: int = -1
    """Digits behind the point of a percentage; -1 for none."""
    currency: str = ""


def read_format(code: str) -> NumberFormat:
    """By the codes of a format; of several sections the first, that of positive numbers."""
    section = _LOCALE.sub(r"\1", code.split(";")[0])
    currency = _CURRENCY.search(section)
    bare = _BRACKETED.sub("", _QUOTED.sub("", section))
    if _ELAPSED.search(section):
        return NumberFormat(is_elapsed=True)
    if "%" in bare:
        _, _, digits = bare.partition(".")
        return NumberFormat(percent_digits=len(re.match(r"[0#?]*", digits)[0]))  # type: ignore[index]
    if currency or "General" in bare:
        return NumberFormat(currency=currency[0] if currency else "")
    has_time = bool(_TIME_MARK.search(bare))
    is_date = bool(_DAY_MARK.search(bare)) or (
        bool(_MONTH_MARK.search(bare)) and not has_time
    )
    return NumberFormat(is_date=is_date, has_time=has_time)


def formats_of(styles: Any) -> list[NumberFormat]:
    """The formats of a workbook's cells, by the number of their style; `styles` is the
    root of its styles, None where it has none.
    """
    codes = dict(_BUILT_IN)
    for item in children(first_child(styles, "numFmts"), "numFmt"):
        number = attribute(item, "numFmtId")
        if number.isdecimal():
            codes[int(number)] = attribute(item, "formatCode")
    by_code: dict[str, NumberFormat] = {}
    formats = []
    for item in children(first_child(styles, "cellXfs"), "xf"):
        number = attribute(item, "numFmtId")
        code = codes.get(int(number), "") if number.isdecimal() else ""
        if code not in by_code:
            by_code[code] = read_format(code)
        formats.append(by_code[code])
    return formats


def number_text(
    value: str, style: str, formats: Sequence[NumberFormat], since_1904: bool
) -> str:
    """A number as people see it; as it stands where it is none."""
    try:
        number = float(value)
    except ValueError:
        return value
    place = int(style) if style.isdecimal() else -1
    number_format = formats[place] if 0 <= place < len(formats) else NumberFormat()
    if number_format.percent_digits >= 0:
        return f"{number * 100:.{min(number_format.percent_digits, 10)}f}%"
    if number_format.is_elapsed:
        return _elapsed(number)
    if (
        number_format.is_date or number_format.has_time
    ) and 0 <= number <= _LAST_SERIAL:
        return _moment(number, number_format, since_1904)
    text = _plain(number)
    return f"{text} {number_format.currency}" if number_format.currency else text


def _plain(number: float) -> str:
    """Without the noise of binary fractions: 4.4, not 4.4000000000000004."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.12g}"


def _elapsed(days: float) -> str:
    minutes, seconds = divmod(round(abs(days) * 86_400), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if days < 0 else ""
    return f"{sign}{hours}:{minutes:02}:{seconds:02}"


def _moment(days: float, number_format: NumberFormat, since_1904: bool) -> str:
    start = _EPOCH_1904 if since_1904 else _EPOCH
    try:
        at = start + timedelta(seconds=round(days * 86_400))
    except OverflowError:
        return _plain(days)
    clock = f"{at:%H:%M:%S}".removesuffix(":00") if at.second == 0 else f"{at:%H:%M:%S}"
    if not number_format.is_date:
        return clock
    return f"{at:%Y-%m-%d} {clock}" if number_format.has_time else f"{at:%Y-%m-%d}"
