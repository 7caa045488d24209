"""Dates in English and Chinese talk: which days a text speaks of, and writing them into it.

A relative date is understood from the moment it was said at. The rules cover what
people say in talk (`dates_en`, `dates_zh`); each gives the days meant, first to last.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from shared.language import dates_en, dates_zh
from shared.language.calendar import Days
from shared.language.date_mention import Meant, Mention, Rule
from shared.language.script import simplified

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{3}")


def resolve(text: str, spoken_at: datetime) -> str:
    """The text with the date written beside each relative one: "yesterday" ->
    "yesterday (7 May 2023)". Twice is the same as once.
    """
    out, last = [], 0
    for mention in mentions(text, spoken_at.date()):
        end = mention.end + 2 * text.startswith(
            ("'s", "’s"), mention.end
        )  # today's (10 May 2025) meeting
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
    found: list[Mention] = []
    plain = simplified(text)
    for pattern, meaning in _rules(text):
        for match in pattern.finditer(plain):
            if any(
                match.start() < other.end and other.start < match.end()
                for other in found
            ):
                continue
            meant = _meant((pattern, meaning), match, today)
            if meant is not None:
                found.append(
                    Mention(match.start(), match.end() - match[0].endswith("."), *meant)
                )
    return sorted(found, key=lambda mention: mention.start)


def _rules(text: str) -> tuple[Rule, ...]:
    return (
        *(dates_zh.RULES if _CHINESE.search(text) else ()),
        *(dates_en.RULES if _LATIN.search(text) or not _CHINESE.search(text) else ()),
    )


def _meant(rule: Rule, match: re.Match[str], today: date) -> Meant | None:
    try:
        return rule[1](match, today)
    except (ValueError, OverflowError):  # 31 June, the year 0
        return None


__all__ = ["Days", "Mention", "mentioned", "mentions", "resolve"]
