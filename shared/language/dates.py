"""Dates in English and Chinese talk: which days a text speaks of, and writing them into it.

A relative date is understood from the moment it was said at. The rules cover what
people say in talk (`dates_en`, `dates_zh`); each gives the days meant, first to last.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from shared.language import dates_en, dates_zh
from shared.language.calendar import Days, folded
from shared.language.date_mention import Mention, Rule
from shared.language.script import simplified

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{3}")


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


def mentions(text: str, today: date) -> list[Mention]:
    """All expressions of time that name days, in order, none within another."""
    # The rules of the languages that the text is written in.
    is_chinese = bool(_CHINESE.search(text))
    rules: list[Rule] = []
    if is_chinese:
        rules += dates_zh.RULES
    if _LATIN.search(text) or not is_chinese:
        rules += dates_en.RULES
    result: list[Mention] = []
    plain = folded(simplified(text))
    taken = bytearray(len(plain))
    for pattern, meaning in rules:
        for match in pattern.finditer(plain):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            try:
                meant = meaning(match, today)
            except (ValueError, OverflowError, KeyError):  # 31 June, the year 0
                continue
            if meant is not None:
                end -= match[0].endswith(".")
                taken[start:end] = b"\1" * (end - start)
                result.append(Mention(start, end, *meant))
    return sorted(result, key=lambda mention: mention.start)


__all__ = ["Days", "Mention", "mentioned", "mentions", "resolve"]
