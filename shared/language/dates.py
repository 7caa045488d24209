"""Dates in talk: which days a text speaks of, and writing them into it.

A relative date is understood from the moment it was said at. English and Chinese have
rules (`dates_en`, `dates_zh`), other languages rows of a table (`date_tables`); each
gives the days meant, first to last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from shared.language import dates_en, dates_en_talk, dates_zh
from shared.language.calendar import Days, folded
from shared.language.date_mention import Meant, Mention, Rule
from shared.language.date_tables import table_rules, tables_for
from shared.language.function_words import language_of
from shared.language.script import simplified
from shared.language.word_edges_zh import is_of_words

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{3}")


class _Reading(NamedTuple):
    """Rules, the text as they read it (as long as the text itself), and whether what
    they find there is no part of another word.
    """

    rules: Sequence[Rule]
    text: str
    is_whole: Callable[[str, int, int], bool] = lambda text, start, end: True


def resolve(text: str, spoken_at: datetime) -> str:
    """The text with the date written beside each relative one: "yesterday" ->
    "yesterday (7 May 2023)". Twice is the same as once.
    """
    out, last = [], 0
    for mention in mentions(text, spoken_at.date()):
        end = mention.end
        if text.startswith(("'s", "’s"), end):  # today's (10 May 2025) meeting
            end += 2
        if mention.said and text[end : end + 2].lstrip()[:1] not in ("(", "（"):
            out += [text[last:end], mention.said]
            last = end
    return "".join(out) + text[last:]


def mentioned(text: str, now: datetime) -> list[tuple[date, date]]:
    """The days that a text speaks of, relative or absolute, each as (first, last)."""
    return [
        (mention.days.first, mention.days.last)
        for mention in mentions(text, now.date())
    ]


JAPANESE = "ja"
MOSTLY_KANA = 0.2
"""Share of kana among the letters from which a text is Japanese: 我明天去猫の咖啡馆 is not."""
_NAMED = re.compile(r"《[^》]*》|「[^」]*」|“[^”]*”")
_KANA = re.compile(r"[\u3041-\u30fa\u30fc]")


def _is_japanese(text: str) -> bool:
    """Whether a text with kana is Japanese, not Chinese with a Japanese name in it."""
    plain = _NAMED.sub("", text)
    kana = len(_KANA.findall(plain))
    return kana >= MOSTLY_KANA * (kana + len(_CHINESE.findall(plain)))


def mentions(text: str, today: date) -> list[Mention]:
    """All expressions of time that name days, in order, none within another."""
    result: list[Mention] = []
    taken = bytearray(len(text))
    for reading in _readings(text):
        for rule in reading.rules:
            for mention in _found(rule, reading, today):
                start, end = mention.start, mention.end
                if not any(taken[start:end]):
                    taken[start:end] = b"\1" * (end - start)
                    result.append(mention)
    return sorted(result, key=lambda mention: mention.start)


def _readings(text: str) -> Iterator[_Reading]:
    """The rules of the languages that the text is written in."""
    plain = folded(text)
    language = language_of(text)
    tables = tables_for(text, language)
    for table in tables:
        yield _Reading(table_rules(table), plain)
    is_chinese = bool(_CHINESE.search(text))
    if is_chinese and JAPANESE in tables and _is_japanese(text):
        yield _Reading(dates_zh.JAPANESE_RULES, plain)
    elif is_chinese:
        yield _Reading(dates_zh.RULES, simplified(plain), is_of_words)
    if _LATIN.search(text) or not is_chinese:
        is_english = language == "en"
        loose = dates_en_talk.LOOSE_DAYS if is_english else ()
        first = dates_en_talk.PHRASES if is_english else ()
        yield _Reading((*first, *dates_en.RULES, *loose), plain)


def _found(rule: Rule, reading: _Reading, today: date) -> Iterator[Mention]:
    pattern, meaning = rule
    for match in pattern.finditer(reading.text):
        meant = _meant(meaning, match, today)
        if meant is None:
            continue
        start, end = match.span()
        if not meant.said or reading.is_whole(reading.text, start, end):
            yield Mention(start, end - match[0].endswith("."), *meant)


def _meant(
    meaning: Callable[[re.Match[str], date], Meant | None],
    match: re.Match[str],
    today: date,
) -> Meant | None:
    try:
        return meaning(match, today)
    except (ValueError, OverflowError, KeyError):  # 31 June, the year 0
        return None


__all__ = ["Days", "Mention", "mentioned", "mentions", "resolve"]
