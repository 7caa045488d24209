"""Dates in English and Chinese talk: what a chat_time means, which days a text speaks of, and writing them into it.

A relative date is understood from the moment it was said at. The rules cover what people say in talk; each gives the days meant, first to last.
English absolute dates in unusual forms are left to `dateparser`; it is not used on Chinese, which it reads wrongly (12月15日 -> 2012-11-15).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.language.calendar import (
    MONTHS,
    MONTHS_ZH,
    WEEKDAYS,
    WEEKDAYS_ZH,
    Days,
    day,
    month,
    number,
    shifted_month,
    week,
    year,
)


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


_DAYS = any_of(WEEKDAYS)
_MONTHS = any_of(MONTHS)
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a\s+couple\s+of|a\s+few|several)"
_COUNT_ZH = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|几)"


@dataclass(frozen=True, slots=True)
class Mention:
    """An expression in a text (from `start` to `end`) and the days it means. `said` is how to write them beside it, "" for nothing."""

    start: int
    end: int
    days: Days
    said: str


Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], tuple[Days, str] | None]]


# ---- what a chat_time means


@lru_cache(maxsize=4096)
def parse_chat_time(text: str, timezone: str = "UTC") -> datetime | None:
    """The moment that free text names ("09:44 AM on 10 December, 2025 UTC", "2024年5月1日 周三 08:30", ISO 8601, epoch); None when unclear.

    A time without a zone is of `timezone`.
    """
    text, zone = text.strip(), ZoneInfo(timezone)
    found = _iso(text) or _epoch(text) or _written_zh(text) or _written_en(text) or _by_library(text, timezone)
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{10}(?:\d{3})?", text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


_DAY_ZH = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?")
_TIME_ZH = re.compile(r"(上午|早上|凌晨|中午|下午|傍晚|晚上)?\s*(\d{1,2})[:：点时](\d{1,2})?")


def _written_zh(text: str) -> datetime | None:
    match = _DAY_ZH.search(text)
    if match is None:
        return None
    clock = _TIME_ZH.search(text, match.end())
    hour, minute = (_hour(int(clock[2]), clock[1] or ""), int(clock[3] or 0)) if clock else (0, 0)
    return _moment(int(match[1]), int(match[2]), int(match[3]), hour, minute)


_CLOCK = re.compile(r"\b(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*([ap]\.?m\.?)?\b", re.I)
_DMY = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTHS})\.?,?\s+(\d{{4}})\b", re.I)
_MDY = re.compile(rf"\b({_MONTHS})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.I)


def _written_en(text: str) -> datetime | None:
    match = _DMY.search(text) or _MDY.search(text)
    if match is None:
        return None
    first, second = (match[2], match[1]) if match.re is _DMY else (match[1], match[2])
    rest = text[: match.start()] + " " + text[match.end() :]
    clock = next((found for found in _CLOCK.finditer(rest) if found[2] or found[3]), None)
    hour = _hour(int(clock[1]), (clock[3] or "").lower()[:1]) if clock else 0
    moment = _moment(int(match[3]), MONTHS[first.lower()], int(second), hour, int(clock[2] or 0) if clock else 0)
    return moment.replace(tzinfo=UTC) if moment and re.search(r"\b(?:UTC|GMT)\b|\dZ\b", text) else moment


def _hour(hour: int, half: str) -> int:
    if half in ("下午", "傍晚", "晚上", "p") and hour < 12:
        return hour + 12
    return 0 if hour == 12 and half in ("a", "凌晨") else hour


def _moment(*parts: int) -> datetime | None:
    try:
        return datetime(*parts)  # type: ignore[arg-type]
    except ValueError:
        return None


def _by_library(text: str, timezone: str) -> datetime | None:
    if re.search(r"[\u3400-\u9fff]", text) or not re.search(r"\d", text) or len(text) > 60:
        return None
    import dateparser

    found: datetime | None = dateparser.parse(text, languages=["en"], settings={"TIMEZONE": timezone})
    return found


# ---- which days a text speaks of


def resolve(text: str, spoken_at: datetime) -> str:
    """The text with the date written beside each relative one: "yesterday" -> "yesterday (7 May 2023)". Twice is the same as once."""
    out, last = [], 0
    for mention in mentions(text, spoken_at.date()):
        if mention.said and text[mention.end : mention.end + 2].lstrip()[:1] not in ("(", "（"):
            out += [text[last : mention.end], mention.said]
            last = mention.end
    return "".join(out) + text[last:]


def mentioned(text: str, now: datetime) -> list[tuple[date, date]]:
    """The days that a text speaks of, relative or absolute, each as (first, last)."""
    return [(mention.days.first, mention.days.last) for mention in mentions(text, now.date())]


def written_date(moment: datetime | date, chinese: bool) -> str:
    """A day as people write it: 7 May 2023, 2023年5月7日."""
    return f"{moment.year}年{moment.month}月{moment.day}日" if chinese else f"{moment.day} {MONTHS_LONG[moment.month - 1]} {moment.year}"


MONTHS_LONG = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def mentions(text: str, today: date) -> list[Mention]:
    """All expressions of time that name days, in order, none within another."""
    found: list[Mention] = []
    for pattern, meaning in RULES_ZH if re.search(r"[\u3400-\u9fff]", text) else RULES_EN:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            meant = _meant(meaning, match, today)
            if meant is not None:
                found.append(Mention(match.start(), match.end(), *meant))
    return sorted(found, key=lambda mention: mention.start)


def _meant(meaning: Callable[[re.Match[str], date], tuple[Days, str] | None], match: re.Match[str], today: date) -> tuple[Days, str] | None:
    try:
        return meaning(match, today)
    except (ValueError, OverflowError):  # 31 June, the year 0
        return None


def _en(days: Days) -> tuple[Days, str]:
    return days, f" ({_named_en(days)})"


def _named_en(days: Days) -> str:
    if days.first == days.last:
        return written_date(days.first, False)
    if days == month(days.first.year, days.first.month):
        return f"{MONTHS_LONG[days.first.month - 1]} {days.first.year}"
    if days == year(days.first.year):
        return str(days.first.year)
    if days.first.month == days.last.month:
        return f"{days.first.day}-{written_date(days.last, False)}"
    return f"{written_date(days.first, False)} - {written_date(days.last, False)}"


def _before(unit: str, today: date, days: Days) -> tuple[Days, str]:
    return days, f" (the {unit} before {written_date(today, False)})"


_DAY_WORDS = {"the day before yesterday": -2, "yesterday": -1, "last night": -1, "yesterday evening": -1, "today": 0, "tonight": 0,
              "this morning": 0, "this afternoon": 0, "this evening": 0, "earlier today": 0, "the day after tomorrow": 2, "tomorrow": 1}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "fall": (9, 11), "autumn": (9, 11), "winter": (12, 14)}
_VAGUE = re.compile(r"a\s+(?:few|couple\s+of)|several")


def _day_word(match: re.Match[str], today: date) -> tuple[Days, str]:
    return _en(day(today + timedelta(_DAY_WORDS[" ".join(match[0].lower().split())])))


def _ago(match: re.Match[str], today: date) -> tuple[Days, str] | None:
    vague, count, unit = bool(_VAGUE.match(match[1].lower())), number(match[1]), match[2].lower()
    if vague and not match[1].lower().endswith("of"):
        return None
    return _en(_away(-count, unit, today))


def _ahead(match: re.Match[str], today: date) -> tuple[Days, str] | None:
    return None if _VAGUE.match(match[1].lower()) else _en(_away(number(match[1]), match[2].lower(), today))


def _away(count: int, unit: str, today: date) -> Days:
    if unit.startswith("day"):
        return day(today + timedelta(count))
    if unit.startswith("week") and not unit.startswith("weekend"):
        return week(today + timedelta(7 * count))
    if unit.startswith("weekend"):
        saturday = today - timedelta(today.weekday()) + timedelta(5 + 7 * count)
        return Days(saturday, saturday + timedelta(1))
    return shifted_month(today, count) if unit.startswith("month") else year(today.year + count)


_STEP = {"last": -1, "past": -1, "previous": -1, "this": 0, "this past": -1, "this coming": 1, "coming": 1, "next": 1}


def _unit(match: re.Match[str], today: date) -> tuple[Days, str] | None:
    step, unit = _STEP[" ".join(match[1].lower().split())], match[2].lower()
    if unit == "week":
        days = week(today + timedelta(7 * step))
        return _before("week", today, days) if step < 0 else _en(days)
    if unit == "weekend":
        days = _away(step if step >= 0 else -1, "weekend", today)
        return _before("weekend", today, days) if step < 0 else _en(days)
    if unit in _SEASONS:
        return _en(_season(unit, step, today))
    if unit in MONTHS:
        return _en(_named_month(MONTHS[unit], step, today))
    return _en(_away(step, unit, today))


def _season(name: str, step: int, today: date) -> Days:
    first, last = _SEASONS[name]
    start = shifted_month(date(today.year + step, 1, 1), first - 1).first
    return Days(start, shifted_month(start, last - first).last)


def _named_month(named: int, step: int, today: date) -> Days:
    """"last May" is the latest one over, "next May" the first one to begin, "this May" the one of this year."""
    if step < 0:
        return month(today.year - (named >= today.month), named)
    return month(today.year + (step > 0 and named <= today.month), named)


def _weekday(match: re.Match[str], today: date) -> tuple[Days, str]:
    step, wanted = _STEP[" ".join(match[1].lower().split())], WEEKDAYS[match[2].lower()]
    if step < 0:
        return _en(day(today - timedelta((today.weekday() - wanted - 1) % 7 + 1)))
    ahead = (wanted - today.weekday() - 1) % 7 + 1
    return _en(day(today + timedelta(ahead if step == 0 or ahead > 6 - today.weekday() else ahead + 7)))


def _absolute(match: re.Match[str], today: date) -> tuple[Days, str]:
    parts = match.groupdict()
    named = MONTHS[parts["month"].lower()]
    in_year = int(parts["year"]) if parts.get("year") else None
    if parts.get("day"):
        return day(date(in_year or _nearest_year(named, int(parts["day"]), today), named, int(parts["day"]))), ""
    return month(in_year or today.year - (named > today.month), named), ""


def _nearest_year(named: int, of_month: int, today: date) -> int:
    return min((today.year - 1, today.year, today.year + 1), key=lambda candidate: abs((date(candidate, named, of_month) - today).days))


def _iso_day(match: re.Match[str], today: date) -> tuple[Days, str]:
    return day(date(int(match[1]), int(match[2]), int(match[3]))), ""


RULES_EN: tuple[Rule, ...] = (
    (re.compile(r"\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})\b"), _iso_day),
    (re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTHS})\b\.?(?:,?\s+(?P<year>\d{{4}}))?", re.I), _absolute),
    (re.compile(rf"\b(?P<month>{_MONTHS})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s+(?P<year>\d{{4}}))?", re.I), _absolute),
    (re.compile(rf"\b(?P<month>{_MONTHS}),?\s+(?P<year>\d{{4}})\b", re.I), _absolute),
    (re.compile(r"\b(?:the\s+day\s+(?:before\s+yesterday|after\s+tomorrow)|yesterday\s+evening|yesterday|last\s+night|earlier\s+today|today|tonight"
                r"|this\s+(?:morning|afternoon|evening)|tomorrow)\b", re.I), _day_word),
    (re.compile(rf"\b({_COUNT})\s+(days?|weeks?|weekends?|months?|years?)\s+(?:ago|back|earlier)\b", re.I), _ago),
    (re.compile(rf"\bin\s+({_COUNT})\s+(days?|weeks?|months?|years?)\b(?!\s+(?:of|and))", re.I), _ahead),
    (re.compile(rf"\b(last|this\s+past|this\s+coming|coming|next|this|past)\s+({_DAYS})\b", re.I), _weekday),
    (re.compile(rf"\b(last|this\s+past|this\s+coming|coming|next|this|past|previous)\s+"
                rf"(weekend|week|month|year|{'|'.join(_SEASONS)}|{_MONTHS})\b", re.I), _unit),
    (re.compile(r"\b(?:in|during|of|since)\s+((?:19|20)\d{2})\b"), lambda match, today: (year(int(match[1])), "")),
    (re.compile(rf"\b(?:in|during|of|since)\s+(?P<month>{_MONTHS})\b", re.I), _absolute),
)


# ---- Chinese

_DAY_WORDS_ZH = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "今晨": 0,
                 "明天": 1, "明日": 1, "明晚": 1, "明早": 1, "后天": 2, "大后天": 3}
_STEP_ZH = {"上": -1, "这": 0, "本": 0, "下": 1}
_YEAR_WORDS_ZH = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_CLOCK_ZH = (r"(?:的?(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚)?(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点|时)(?:钟)?"
             r"(?P<minute>半|一刻|三刻|\d{1,2}分?)?)?")


def _zh(days: Days, match: re.Match[str] | None = None) -> tuple[Days, str]:
    return days, f"（{_named_zh(days)}{_clock_zh(match)}）"


def _named_zh(days: Days) -> str:
    if days.first == days.last:
        return written_date(days.first, True)
    if days == month(days.first.year, days.first.month):
        return f"{days.first.year}年{days.first.month}月"
    if days == year(days.first.year):
        return f"{days.first.year}年"
    return f"{written_date(days.first, True)}至{written_date(days.last, True)}"


def _clock_zh(match: re.Match[str] | None) -> str:
    """The time of day that stands behind a day, with the weekday: " 周三 19:00"; "" where none is said."""
    if match is None or not match.groupdict().get("hour"):
        return ""
    half = {"晚": "晚上", "清晨": "早上", "早晨": "早上"}.get(match["half"] or "", match["half"] or ("晚上" if "晚" in match[0] else ""))
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(match["minute"] or "", int(re.sub(r"\D", "", match["minute"] or "") or 0))
    return f" {_hour(number(match['hour']), half):02d}:{minute:02d}"


def _with_weekday(meant: tuple[Days, str]) -> tuple[Days, str]:
    days, said = meant
    if " " not in said:
        return meant
    return days, said.replace(" ", f" 周{_WEEK_ZH[days.first.weekday()]} ", 1)


_WEEK_ZH = "一二三四五六日"


def _day_word_zh(match: re.Match[str], today: date) -> tuple[Days, str]:
    return _with_weekday(_zh(day(today + timedelta(_DAY_WORDS_ZH[match["word"]])), match))


def _weekday_zh(match: re.Match[str], today: date) -> tuple[Days, str]:
    monday = today - timedelta(today.weekday())
    weeks = _STEP_ZH[match["step"][0]] * len(match["step"]) if match["step"] else 0
    if match["day"] == "末":
        saturday = monday + timedelta(5 + 7 * weeks)
        return _zh(Days(saturday, saturday + timedelta(1)), match)
    return _with_weekday(_zh(day(monday + timedelta(WEEKDAYS_ZH[match["day"]] + 7 * weeks)), match))


def _unit_zh(match: re.Match[str], today: date) -> tuple[Days, str]:
    step = _STEP_ZH[match["step"][0]] * len(match["step"])
    if match["unit"] in ("周", "星期", "礼拜"):
        return _zh(week(today + timedelta(7 * step)))
    shifted = shifted_month(today, step)
    return _zh(day(shifted.first.replace(day=number(match["of_month"])))) if match["of_month"] else _zh(shifted)


def _year_zh(match: re.Match[str], today: date) -> tuple[Days, str]:
    of = today.year + _YEAR_WORDS_ZH[match["word"]]
    if not match["month"]:
        return _zh(year(of))
    named = _month_zh(match["month"])
    return _zh(day(date(of, named, number(match["day"])))) if match["day"] else _zh(month(of, named))


def _month_zh(text: str) -> int:
    return MONTHS_ZH.get(text) or number(text)


def _away_zh(match: re.Match[str], today: date) -> tuple[Days, str] | None:
    if match["count"] == "几":
        return None
    units = {"天": "day", "日": "day", "周": "week", "个星期": "week", "星期": "week", "个礼拜": "week", "个月": "month", "年": "year"}
    count = number(match["count"]) * (-1 if match["side"] in ("前", "以前", "之前") else 1)
    return _zh(_away(count, units[match["unit"]], today))


def _absolute_zh(match: re.Match[str], today: date) -> tuple[Days, str]:
    of, named = int(match["year"] or 0), _month_zh(match["month"])
    if match["day"]:
        return day(date(of or _nearest_year(named, number(match["day"]), today), named, number(match["day"]))), ""
    return month(of or today.year - (named > today.month), named), ""


_NUMBER_ZH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
RULES_ZH: tuple[Rule, ...] = (
    (re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), _iso_day),
    (re.compile(rf"(?P<word>{any_of(_YEAR_WORDS_ZH)})的?(?:(?P<month>{_NUMBER_ZH})月(?:(?P<day>{_NUMBER_ZH})[日号])?)?"), _year_zh),
    (re.compile(rf"(?:(?P<year>\d{{4}})年)?(?<!个)(?<!\d)(?P<month>{_NUMBER_ZH})月(?!前|后|以)(?:(?P<day>{_NUMBER_ZH})[日号])?"),
     _absolute_zh),
    (re.compile(r"(?<!\d)((?:19|20)\d{2})年"), lambda match, today: (year(int(match[1])), "")),
    (re.compile(rf"(?P<word>{any_of(_DAY_WORDS_ZH)}){_CLOCK_ZH}"), _day_word_zh),
    (re.compile(rf"(?P<step>上+|下+|这|本)个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末]){_CLOCK_ZH}"), _weekday_zh),
    (re.compile(rf"(?P<step>上+|下+|这|本)个?(?P<unit>周|星期|礼拜|月)(?!末)(?:(?P<of_month>{_NUMBER_ZH})[日号])?"), _unit_zh),
    (re.compile(rf"(?P<count>{_COUNT_ZH})(?P<unit>天|日|周|个星期|星期|个礼拜|个月|年)(?:之|以)?(?P<side>前|后)(?!面|边|台)"), _away_zh),
)

