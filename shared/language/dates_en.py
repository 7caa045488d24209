"""Rules for English: yesterday, two weeks ago, last May, on Friday, at Christmas, 7 May 2023."""

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
    month,
    month_name,
    nearest_year,
    number,
    shifted_month,
    week,
    written_date,
    year,
)
from shared.language.date_mention import ISO_DAY, Meant, Rule
from shared.language.date_periods import PERIODS
from shared.language.english_tense import (
    is_each_week,
    is_each_year,
    is_over,
    is_to_come,
)

_DAYS = any_of(WEEKDAYS)
_MONTHS = any_of(MONTHS)
COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a\s+couple\s+of|a\s+few|several)"


def meant(days: Days) -> Meant:
    """What days mean, with how they are written."""
    first, last = days.first, days.last
    if first == last:
        written = written_date(first, False)
    elif days == month(first.year, first.month):
        written = f"{month_name(first.month)} {first.year}"
    elif days == year(first.year):
        written = str(first.year)
    elif first.month == last.month:
        written = f"{first.day}-{written_date(last, False)}"
    else:
        written = f"{written_date(first, False)} - {written_date(last, False)}"
    return Meant(days, f" ({written})")


def _before(unit: str, today: date, days: Days) -> Meant:
    return Meant(days, f" (the {unit} before {written_date(today, False)})")


_DAY_WORDS = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "yesterday evening": -1,
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "earlier today": 0,
    "the day after tomorrow": 2,
    "tomorrow": 1,
}
_SEASONS = {
    "spring": (3, 5),
    "summer": (6, 8),
    "fall": (9, 11),
    "autumn": (9, 11),
    "winter": (12, 14),
}
_VAGUE = re.compile(r"a\s+(?:few|couple\s+of)|several")


def day_word(match: re.Match[str], today: date) -> Meant:
    """yesterday, the day after tomorrow"""
    return meant(day(today + timedelta(_DAY_WORDS[" ".join(match[0].lower().split())])))


def time_ago(match: re.Match[str], today: date) -> Meant | None:
    """two weeks ago; a few days ago names no day."""
    vague, count, unit = (
        bool(_VAGUE.match(match[1].lower())),
        number(match[1]),
        match[2].lower(),
    )
    if vague and not match[1].lower().endswith("of"):
        return None
    return meant(away(-count, unit, today))


def time_ahead(match: re.Match[str], today: date) -> Meant | None:
    """in three days; in a few days names no day."""
    return (
        None
        if _VAGUE.match(match[1].lower())
        else meant(away(number(match[1]), match[2].lower(), today))
    )


_COMING = (
    r"(?<!['’]s\s)(?<!['’]re\s)(?<!['’]m\s)(?<!\bis\s)(?<!\bare\s)(?<!\bam\s)coming"
)
"""Not that somebody is coming Saturday."""
_STEP = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "this": 0,
    "this past": -1,
    "this coming": 1,
    "coming": 1,
    "next": 1,
}


def near_unit(match: re.Match[str], today: date) -> Meant | None:
    """last week, this summer, next May"""
    step, unit = _STEP[" ".join(match[1].lower().split())], match[2].lower()
    if unit == "week":
        days = week(today + timedelta(7 * step))
        return _before("week", today, days) if step < 0 else meant(days)
    if unit == "weekend":
        step = 0 if "coming" in match[1].lower() else step
        days = away(step if step >= 0 else -1, "weekend", today)
        return _before("weekend", today, days) if step < 0 else meant(days)
    if unit in _SEASONS:
        first, last = _SEASONS[unit]
        start = shifted_month(date(today.year + step, 1, 1), first - 1).first
        return meant(Days(start, shifted_month(start, last - first).last))
    if unit in MONTHS:
        # "last May" is the latest one over, "next May" the first one to begin, "this
        # May" the one of this year.
        named, in_year = MONTHS[unit], today.year
        if step < 0 and named >= today.month:
            in_year -= 1
        elif step > 0 and named <= today.month:
            in_year += 1
        return meant(month(in_year, named))
    return meant(away(step, unit, today))


def near_weekday(match: re.Match[str], today: date) -> Meant:
    """last Friday, this coming Monday"""
    step, wanted = _STEP[" ".join(match[1].lower().split())], WEEKDAYS[match[2].lower()]
    if step < 0:
        return meant(day(today - timedelta((today.weekday() - wanted - 1) % 7 + 1)))
    step = 0 if "coming" in match[1].lower() else step
    ahead = (wanted - today.weekday() - 1) % 7 + 1
    return meant(
        day(
            today
            + timedelta(
                ahead if step == 0 or ahead > 6 - today.weekday() else ahead + 7
            )
        )
    )


def weekday_and_more(match: re.Match[str], today: date) -> Meant:
    """the Monday after next, a week from Tuesday, two weeks from last Friday"""
    parts = match.groupdict()
    weekday, weeks = WEEKDAYS[parts["day"].lower()], number(parts.get("count") or "1")
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    if (parts.get("step") or "").lower() == "last":
        ahead -= 7 if ahead < 7 else 14
    return meant(day(today + timedelta(ahead + 7 * weeks)))


def named_date(match: re.Match[str], today: date) -> Meant:
    """7 May 2023, May 7, in May"""
    parts = match.groupdict()
    named = MONTHS[parts["month"].lower()]
    in_year = int(parts["year"]) if parts.get("year") else None
    if parts.get("day"):
        on = date(
            in_year or nearest_year(named, int(parts["day"]), today),
            named,
            int(parts["day"]),
        )
        if in_year:
            return Meant(day(on))
        if on < today and is_to_come(match):
            later = on.replace(year=on.year + 1)
            said = f" ({later.year})" if later.year != today.year else ""
            return Meant(day(later), said)
        return _of_which_year(match, on, today)
    return Meant(month(in_year or today.year - (named > today.month), named))


def _of_which_year(match: re.Match[str], on: date, today: date) -> Meant:
    """A day without its year, `on` the one nearest to today: its year is written where it
    is another one and the clause or the nearness tells that it is that one.
    """
    if is_each_year(match):
        return Meant(day(on))
    over = is_over(match)
    if over and on > today:  # "we married on 12 May", said in November
        on = on.replace(year=on.year - 1)
    if on.year == today.year:
        return Meant(day(on))
    if on < today and over is False:  # "it's on 14 September": each year
        return Meant(day(on.replace(year=on.year + 1)))
    is_near = abs((on - today).days) <= NEAR_DAYS
    said = f" ({on.year})" if over or is_near else ""
    return Meant(day(on), said)


NEAR_DAYS = 92
"""Within them the nearest such day is meant, whatever the clause tells."""
_SIDES = {"since": True, "by": False, "until": False, "till": False}


def bare_weekday(match: re.Match[str], today: date) -> Meant | None:
    """on Friday: the last or the next, if its clause tells which."""
    if is_each_week(match):
        return None
    over = (
        is_over(match) if match[1].lower() not in _SIDES else _SIDES[match[1].lower()]
    )
    if over is None:
        return None
    wanted = WEEKDAYS[match[2].lower()]
    if over:
        return meant(day(today - timedelta((today.weekday() - wanted - 1) % 7 + 1)))
    return meant(day(today + timedelta((wanted - today.weekday() - 1) % 7 + 1)))


_FEASTS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "halloween": (10, 31),
    "valentine's day": (2, 14),
    "april fools' day": (4, 1),
}


_NAMED = any_of(_FEASTS).replace("'", "['’]")


def feast_day(match: re.Match[str], today: date) -> Meant | None:
    """at Christmas, last Halloween, on New Year's Eve 2023"""
    on = _FEASTS[" ".join(match["feast"].lower().replace("’", "'").split())]
    if match["year"]:
        return meant(day(date(int(match["year"]), *on)))
    step = (match["step"] or "").lower()
    is_end = match[0].lower().startswith(("until", "till", "by"))
    over = step == "last" or (step != "next" and not is_end and bool(is_over(match)))
    candidate = date(today.year, *on)
    if over:
        return meant(day(candidate if candidate < today else date(today.year - 1, *on)))
    return meant(day(candidate if candidate >= today else date(today.year + 1, *on)))


def edge_of_unit(match: re.Match[str], today: date) -> Meant:
    """end of the month, beginning of next year: the whole month or year."""
    step = _STEP.get((match["step"] or "this").lower(), 0)
    days = away(step, match["unit"].lower(), today)
    return meant(days)


RULES: tuple[Rule, ...] = (
    ISO_DAY,
    *PERIODS,
    (
        re.compile(
            rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTHS})\b\.?(?:,?\s+(?P<year>\d{{4}}))?",
            re.I,
        ),
        named_date,
    ),
    (
        re.compile(
            rf"\b(?P<month>{_MONTHS})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s+(?P<year>\d{{4}}))?",
            re.I,
        ),
        named_date,
    ),
    (re.compile(rf"\b(?P<month>{_MONTHS}),?\s+(?P<year>\d{{4}})\b", re.I), named_date),
    (
        re.compile(
            r"\b(?:the\s+day\s+(?:before\s+yesterday|after\s+tomorrow)|yesterday\s+evening|yesterday|last\s+night|earlier\s+today|today|tonight"
            r"|this\s+(?:morning|afternoon|evening)|tomorrow)\b",
            re.I,
        ),
        day_word,
    ),
    (
        re.compile(
            rf"\b({COUNT})\s+(days?|weeks?|weekends?|months?|years?)\s+(?:ago|back|earlier)\b",
            re.I,
        ),
        time_ago,
    ),
    (
        re.compile(
            rf"\bin\s+({COUNT})\s+(days?|weeks?|months?|years?)\b(?!\s+(?:of|and))",
            re.I,
        ),
        time_ahead,
    ),
    (
        re.compile(rf"\b(?P<day>{_DAYS})\s+after\s+next\b", re.I),
        weekday_and_more,
    ),
    (
        re.compile(
            rf"\b(?P<count>{COUNT})\s+weeks?\s+(?:from|after|on)\s+(?:(?P<step>last|this|next|this\s+coming)\s+)?(?P<day>{_DAYS})\b",
            re.I,
        ),
        weekday_and_more,
    ),
    (
        re.compile(
            rf"\b(last|this\s+past|this\s+coming|{_COMING}|next|this|past)\s+({_DAYS})\b",
            re.I,
        ),
        near_weekday,
    ),
    (
        re.compile(
            rf"\b(last|this\s+past|this\s+coming|coming|next|this|past|previous)\s+"
            rf"(weekend|week|month|year|{'|'.join(_SEASONS)}|{_MONTHS})\b",
            re.I,
        ),
        near_unit,
    ),
    (
        re.compile(r"\b(?:in|during|of|since)\s+((?:19|20)\d{2})\b"),
        lambda match, today: Meant(year(int(match[1]))),
    ),
    (
        re.compile(rf"\b(?:in|during|of|since)\s+(?P<month>{_MONTHS})\b", re.I),
        named_date,
    ),
    (
        re.compile(
            rf"\b(?:at|on|for|over|by|until|till|before|after|since|this|(?P<step>last|next))\s+(?P<feast>{_NAMED})(?:\s+(?P<year>(?:19|20)\d{{2}}))?"
            r"(?=\s*(?:[.,;!?)]|$|\b(?:I|we|he|she|they|and|with|in|at|to|is|was)\b))",
            re.I,
        ),
        feast_day,
    ),
    (
        re.compile(
            r"\b(?:end|beginning|start|middle)\s+of\s+(?:the|this|(?P<step>last|next))\s+(?P<unit>month|year)\b",
            re.I,
        ),
        edge_of_unit,
    ),
    (
        re.compile(
            rf"\b(on|by|until|till|before|since|from)\s+({any_of(name for name in WEEKDAYS if len(name) > 5)})\b"
            rf"(?!\s+(?:to|through|mornings|afternoons|evenings|nights|\d|{_MONTHS}))",
            re.I,
        ),
        bare_weekday,
    ),
)
