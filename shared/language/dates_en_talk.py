"""Rules for how dates are put in English notes and chats: "Dentist Thursday 3pm", "due
Friday", "Monday week", "tmrw", "on the 28th", "in a fortnight". Only for texts that are
English: the words are short, and others elsewhere.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from shared.language.calendar import (
    MONTHS,
    WEEKDAYS,
    Days,
    any_of,
    away,
    day,
    number,
    shifted_month,
    week,
)
from shared.language.date_mention import Meant, Rule, clause_of
from shared.language.dates_en import COUNT, meant
from shared.language.english_tense import is_each_week, is_over, is_usual

_DAYS = any_of(WEEKDAYS)
_LONG_DAYS = any_of(name for name in WEEKDAYS if len(name) > 5)
_SHORT_DAYS = any_of(name for name in WEEKDAYS if len(name) <= 5)
_NAMED = re.compile(rf"\b(?:{_DAYS})s?\b", re.I)
_TIME = (
    r"(?=,?\s+(?:at\s+)?(?:\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m\b|o['’]?clock|h\b)"
    r"|\d{1,2}[:.]\d\d|(?:at|@)\s*\d|noon\b|midnight\b))"
)
_END = r"(?=\s*(?:[.,;!?)\n]|$)|\s+(?:at|with|in|to|from|and|for|same|instead|because|so|if|I|I['’]m|we)\b)"
_NOT_WEEKLY = r"(?!\s*(?:[-–/&+]|to|through|thru|and|or)\s*(?:" + _DAYS + r")\b)"


def _named_days(match: re.Match[str]) -> int:
    """How many weekdays the sentence names: several are a timetable."""
    return len(
        {name[0].lower()[:3] for name in _NAMED.finditer(clause_of(match, ".!?\n"))}
    )


def talk_weekday(match: re.Match[str], today: date) -> Meant | None:
    """due Friday, See you Tuesday!, Dentist Thursday 3pm: the last or the next one, if it
    is said which; where only a time stands by, the next one.
    """
    before = match.string[: match.start("day")].split()[-1:]
    if (
        _named_days(match) > 1
        or is_usual(match)
        or is_each_week(match)
        or _NO_DAY & {w.lower() for w in before}
    ):
        return None
    parts = match.groupdict()
    over = None if parts.get("ahead") is None else False
    over = is_over(match) if over is None else over
    if over is None and parts.get("timed") is None:
        return None
    return meant(day(_weekday(WEEKDAYS[match["day"].lower()], bool(over), today)))


_NO_DAY = frozenset(
    """
    first second third fourth fifth last every each easter good black palm whit cyber ash
    shrove a the of but one some any per not
    """.split()
)
"""Words before a weekday that is another one than the last or the next: Good Friday."""


def _weekday(wanted: int, over: bool, today: date) -> date:
    if over:
        return today - timedelta((today.weekday() - wanted - 1) % 7 + 1)
    return today + timedelta((wanted - today.weekday() - 1) % 7 + 1)


def weekday_week(match: re.Match[str], today: date) -> Meant:
    """Monday week: the Monday after the next."""
    return meant(
        day(_weekday(WEEKDAYS[match["day"].lower()], False, today) + timedelta(7))
    )


def misspelt_day(match: re.Match[str], today: date) -> Meant:
    """tmrw, 2nite, yday"""
    first = match[0].lower()
    step = (
        1
        if re.match(r"t[mo]m?o?[mr]|2m", first)
        else -1
        if first.startswith("y")
        else 0
    )
    return meant(day(today + timedelta(step)))


def weeks_from(match: re.Match[str], today: date) -> Meant | None:
    """a week today, two weeks from tomorrow, a fortnight ago today"""
    is_sure = match["from"] or match["ago"] or number(match["count"]) == 1
    if is_over(match) is not False and not is_sure:  # "14 weeks today" are over, too
        return Meant(day(today))
    weeks = number(match["count"]) * (2 if match["unit"].lower().startswith("f") else 1)
    start = {"today": 0, "tomorrow": 1, "yesterday": -1}[match["day"].lower()]
    is_back = bool(match["ago"]) or start < 0
    return meant(day(today + timedelta(start + 7 * (-weeks if is_back else weeks))))


def and_a_half(match: re.Match[str], today: date) -> Meant | None:
    """in a week and a half, two and a half years ago, half a year ago"""
    count = number(match["count"]) if match["count"] else 0
    sign = -1 if match["ago"] else 1
    unit = (match["unit_first"] or match["unit_last"] or "").lower().rstrip("s")
    if not unit or bool(match["ago"]) == bool(match["ahead"]):
        return None
    if unit == "week":
        at = today + timedelta(sign * (7 * count + 3))
        return meant(Days(min(at, at + timedelta(sign)), max(at, at + timedelta(sign))))
    if unit == "month":
        at = shifted_month(today, sign * count).first + timedelta(today.day - 1)
        return meant(week(at + timedelta(sign * 15)))
    return meant(shifted_month(today, sign * (12 * count + 6)))


def fortnight(match: re.Match[str], today: date) -> Meant:
    """in a fortnight, a fortnight ago"""
    is_ahead = match[0].lower().startswith("in")
    return meant(week(today + timedelta(14 if is_ahead else -14)))


def after_next(match: re.Match[str], today: date) -> Meant:
    """the weekend after next, the month before last"""
    step = 2 if match["side"].lower().startswith("after") else -2
    return meant(away(step, match["unit"].lower(), today))


def day_of_month(match: re.Match[str], today: date) -> Meant | None:
    """on the 28th, from the 3rd to the 9th: of this month, the last or the next one."""
    if is_usual(match) or _OF_EACH_MONTH.search(clause_of(match, ".!?\n")):
        return None
    is_end = match[0].lower().startswith(("by", "until", "till"))
    is_start = match[0].lower().startswith("since")
    over = False if is_end else True if is_start else is_over(match)
    if over is None:
        return None
    first = _nearest_day(int(match["first"]), over, today)
    if not match["last"]:
        return meant(day(first))
    last = _nearest_day(int(match["last"]), False, first)
    return meant(Days(first, last))


_OF_EACH_MONTH = re.compile(
    r"\b(?:rent|salary|paid|pay ?days?|pay ?che(?:ck|que)s?|wages?|bills?|billed"
    r"|subscriptions?|mortgage|periods?|invoices?"
    r"|birthdays?|anniversary|born|century|floor|grade|months?)\b",
    re.I,
)
"""What comes every month, or with days of other months."""


def _nearest_day(wanted: int, over: bool, today: date) -> date:
    """The day of a month before or after today that has the number."""
    if not 1 <= wanted <= 31:
        raise ValueError(f"{wanted} is no day of a month")
    step = -1 if over else 1
    at = today + timedelta(step)
    while at.day != wanted:
        at += timedelta(step)
    return at


_TH = r"(?:st|nd|rd|th)"
_MISSPELT = (
    "tmr+w?|tmw|tmrrw|tomoz|tomorow|tommorow|tommorrow|tomm?or+o|2mor+o?w?|2mrw"
    "|2nite|tonite|yday|ystrdy|yesturday"
)
PHRASES: tuple[Rule, ...] = (
    (
        re.compile(
            rf"\b(?P<count>{COUNT})\s+(?P<unit>weeks?|fortnights?)\s+(?P<ago>ago\s+)?(?P<from>from\s+)?(?P<day>today|tomorrow|yesterday)\b",
            re.I,
        ),
        weeks_from,
    ),
    (
        re.compile(
            rf"(?P<ahead>\bin\s+)?\b(?:half\s+an?|(?P<count>{COUNT})\s+(?:(?P<unit_first>week|month|year)s?\s+)?and\s+a\s+half)"
            rf"(?:\s+(?P<unit_last>weeks?|months?|years?))?\b(?P<ago>\s+(?:ago|back))?",
            re.I,
        ),
        and_a_half,
    ),
    (
        re.compile(
            r"\b(?:in\s+an?\s+fortnight|an?\s+fortnight\s+(?:ago|back))\b", re.I
        ),
        fortnight,
    ),
    (
        re.compile(
            r"\b(?:the\s+)?(?P<unit>weekend|week|month|year)\s+(?P<side>after\s+next|before\s+last)\b",
            re.I,
        ),
        after_next,
    ),
    (
        re.compile(
            rf"\b(?:(?:on|this)\s+)?(?P<day>{_DAYS})\s+week\b(?=\s*(?:[.,;!?()\n]|$)|\s+(?:I|we|at|with|and|she|he|they)\b)",
            re.I,
        ),
        weekday_week,
    ),
    (re.compile(rf"(?<![\w@#/.])(?:{_MISSPELT})(?![\w@])", re.I), misspelt_day),
)
"""Rules that go before those of `dates_en`, which would find a part of the phrase."""
LOOSE_DAYS: tuple[Rule, ...] = (
    (
        re.compile(
            rf"\b(?:(?:moved|pushed|shifted|changed|rescheduled|postponed|delayed|brought\s+forward|put\s+off|switched)\b[^.!?;,\n]{{0,40}}?\s(?:to|till|until)"
            rf"|(?<!thanks\s)(?<!thank\syou\s)for|due(?:\s+on)?|see\s+(?:you|ya|u)(?:\s+on)?)\s+(?P<ahead>)(?P<day>{_DAYS})\b{_NOT_WEEKLY}(?:{_END}|{_TIME})",
            re.I,
        ),
        talk_weekday,
    ),
    (
        re.compile(
            rf"\b(?:(?:on|by|till|until)\s+)?(?P<day>{_DAYS})\b(?P<timed>){_NOT_WEEKLY}{_TIME}",
            re.I,
        ),
        talk_weekday,
    ),
    (
        re.compile(
            rf"\b(?:on|by|till|until)\s+(?P<day>{_SHORT_DAYS})\b\.?{_NOT_WEEKLY}(?=\s*(?:[.,;!?)\n]|$))",
            re.I,
        ),
        talk_weekday,
    ),
    (
        re.compile(
            rf"(?<!\w\s)\b(?P<day>{_LONG_DAYS})\b(?=\s+(?:I|we|he|she|they|I['’]\w+|we['’]\w+|my|our|was)\b)",
            re.I,
        ),
        talk_weekday,
    ),
    (
        re.compile(
            rf"(?<=\w\s)(?P<day>{_LONG_DAYS})\b{_NOT_WEEKLY}(?=\s*(?:[.;!?)\n]|$)|,\s(?!the\s|(?:\d+\w*\s+)?(?:of\s+)?(?:{any_of(MONTHS)})))",
            re.I,
        ),
        talk_weekday,
    ),
    (
        re.compile(
            rf"\b(?:on|by|until|till|since|from)\s+the\s+(?P<first>\d{{1,2}}){_TH}(?:\s+(?:to|till|until|through|-|–)\s+the\s+(?P<last>\d{{1,2}}){_TH})?"
            rf"\b(?!\s+(?:of|{any_of(MONTHS)}))(?=\s*(?:[.,;!?)\n]|$)|\s+(?:at|with|in|and|for|because|so|if|I|we|instead)\b)",
            re.I,
        ),
        day_of_month,
    ),
)
"""Rules that go behind them."""
