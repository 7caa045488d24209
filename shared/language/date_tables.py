"""Relative dates of languages that have no rules of their own: one engine that reads the
rows of `date_rows`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from importlib.resources import files
from itertools import count

from shared.language import date_rows, dates_en, dates_zh
from shared.language.calendar import Days, away, day, number, shifted_month
from shared.language.date_mention import Meant, Rule, clause_of

TABLES = ("de", "es", "fr", "pt", "it", "ru", "ja", "ko", "ar", "hi")
_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "ja": re.compile(r"[\u3041-\u30fa]"),
    "ko": re.compile(r"[\uac00-\ud7a3]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
}
"""Languages that are known by their letters."""
_PART_OF_WORD = r"[\w\u0300-\u036f\u0640\u064b-\u0652\u0900-\u0963]"
_EDGES: Mapping[str, tuple[str, str]] = {
    "ja": ("", ""),
    "ko": (r"(?<![\uac00-\ud7a3])", ""),
}
"""What stands around a row where words are not simply parted by spaces."""
_ENDS = (*".!?;,\n。！？،؛؟।、",)


@dataclass(frozen=True, slots=True)
class Row:
    """An expression of a language, what it means, and the texts that it is tested by."""

    language: str
    meaning: str
    pattern: str
    example: str
    days: str
    counter_example: str


@dataclass(frozen=True, slots=True)
class _Table:
    words: Mapping[str, tuple[tuple[str, str], ...]]
    """Values and patterns of weekdays, counts and units."""
    signs: Mapping[str, re.Pattern[str] | None]
    """What tells that a clause is over, still comes, or is usual."""
    rows: tuple[Row, ...]


def tables_for(text: str, language: str) -> list[str]:
    """The tables that a text is read by: that of its letters, else of its language."""
    written = [name for name, letters in _SCRIPTS.items() if letters.search(text)]
    return [*written, *([language] if language in TABLES else [])]


@cache
def table_rules(language: str) -> tuple[Rule, ...]:
    """The rules that the rows of a language make."""
    table = _table(language)
    before, after = _EDGES.get(
        language, (rf"(?<!{_PART_OF_WORD})", rf"(?!{_PART_OF_WORD})")
    )
    groups = {name: _group(name, table) for name in ("weekday", "count", "unit")}
    groups["number"] = r"\d{1,2}"
    rules = []
    for row in table.rows:
        pattern = _PLACE.sub(_numbered(groups), row.pattern)
        rule = re.compile(rf"{before}(?:{pattern}){after}", re.I)
        rules.append((rule, partial(_meant, row.meaning, table, language)))
    return tuple(rules)


_PLACE = re.compile(r"\{(weekday|count|unit|number)\}")


def _numbered(groups: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    """Puts groups into the places of a row, each under a name of its own."""
    places = count(1)
    return lambda place: f"(?P<{place[1]}{next(places)}>{groups[place[1]]})"


def rows(language: str) -> tuple[Row, ...]:
    """The rows of a language."""
    return _table(language).rows


@cache
def _table(language: str) -> _Table:
    sections: dict[str, list[list[str]]] = {}
    text = files(date_rows).joinpath(f"{language}.txt").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            sections[line[1:-1]] = []
        elif line and not line.startswith("#"):
            sections[list(sections)[-1]].append(line.split("\t"))
    return _Table(
        words={
            name: tuple((value, pattern) for value, pattern in sections.get(name, ()))
            for name in ("weekday", "count", "unit")
        },
        signs={
            name: _signs(line[0] for line in sections.get(name, ()))
            for name in ("over", "ahead", "usual")
        },
        rows=tuple(Row(language, *line) for line in sections["rows"]),
    )


def _signs(patterns: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(patterns)
    return re.compile(joined, re.I) if joined else None


def _group(name: str, table: _Table) -> str:
    patterns = [pattern for _, pattern in table.words[name]]
    digits = [r"\d{1,3}"] if name == "count" else []
    return "|".join([*digits, *patterns])


def _said(name: str, match: re.Match[str]) -> str:
    """What a find has in a place of a name."""
    groups = match.groupdict().items()
    return next(said for group, said in groups if said and group.startswith(name))


def _value(name: str, match: re.Match[str], table: _Table) -> str:
    said = _said(name, match)
    for value, pattern in table.words[name]:
        if re.fullmatch(pattern, said, re.I):
            return value
    return str(number(said))


def _meant(
    meaning: str, table: _Table, language: str, match: re.Match[str], today: date
) -> Meant | None:
    kind, *details = meaning.split()
    days = _KINDS[kind](details, match, table, today)
    if days is None:
        return None
    if language == "ja":
        return dates_zh.meant(days, to="〜")
    return dates_en.meant(days)


def _is_over(match: re.Match[str], table: _Table) -> bool | None:
    """Whether the clause tells of what is past or of what still comes; None where it says
    neither, or both, or what is so every week or was put on another day.
    """
    clause = clause_of(match, _ENDS)
    signs = {
        name: bool(sign and sign.search(clause)) for name, sign in table.signs.items()
    }
    if signs["usual"] or signs["over"] == signs["ahead"]:
        return None
    return signs["over"]


def _near(
    details: list[str], match: re.Match[str], table: _Table, today: date
) -> Days | None:
    """A day, week, weekend, month or year so many of them from now: "near week -1"; or of
    the unit that is said.
    """
    unit, step = details
    unit = _value("unit", match, table) if unit == "unit" else unit
    return away(int(step), unit, today)


def _either(
    details: list[str], match: re.Match[str], table: _Table, today: date
) -> Days | None:
    """A day so far from now, before or behind, as its clause tells: Hindi kal."""
    over = _is_over(match, table)
    if over is None:
        return None
    return day(today + timedelta(-int(details[0]) if over else int(details[0])))


def _away(
    details: list[str], match: re.Match[str], table: _Table, today: date
) -> Days | None:
    """So many units ago or from now; `details` may give the count and the unit."""
    sign = -1 if details[0] == "ago" else 1
    many = int(details[1] if len(details) > 1 else _value("count", match, table))
    unit = details[2] if len(details) > 2 else _value("unit", match, table)
    return away(sign * many, unit, today)


def _weekday(
    details: list[str], match: re.Match[str], table: _Table, today: date
) -> Days | None:
    """A weekday: last, coming, next (only where that is the coming one and in the next
    week, for people differ), tense (by the clause), or of the week so far from now.
    """
    side = details[0]
    wanted = int(_value("weekday", match, table))
    if side == "week":
        monday = today - timedelta(today.weekday())
        return day(monday + timedelta(wanted + 7 * int(details[1])))
    if side == "tense" and _is_timetable(match, table):
        return None
    over = _is_over(match, table) if side == "tense" else side == "last"
    if over is None:
        return None
    if over:
        return day(today - timedelta((today.weekday() - wanted - 1) % 7 + 1))
    ahead = (wanted - today.weekday() - 1) % 7 + 1
    if side == "next" and ahead <= 6 - today.weekday():
        return None
    return day(today + timedelta(ahead))


def _is_timetable(match: re.Match[str], table: _Table) -> bool:
    """Whether the clause names several weekdays."""
    clause = clause_of(match, _ENDS)
    patterns = [pattern for _, pattern in table.words["weekday"]]
    return sum(bool(re.search(pattern, clause, re.I)) for pattern in patterns) > 1


def _of_month(
    details: list[str], match: re.Match[str], table: _Table, today: date
) -> Days | None:
    """A day of the month that lies so far from now."""
    month = shifted_month(today, int(details[0]))
    return day(month.first.replace(day=int(_said("number", match))))


_KINDS: Mapping[
    str, Callable[[list[str], re.Match[str], _Table, date], Days | None]
] = {
    "near": _near,
    "either": _either,
    "away": _away,
    "weekday": _weekday,
    "of_month": _of_month,
}


def all_rows() -> Iterator[Row]:
    """The rows of all languages."""
    for language in TABLES:
        yield from rows(language)
