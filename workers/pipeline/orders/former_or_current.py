"""Which of the statements that an order means are those of before: "forget my old address"
must not take along where the user lives now.

The order says that it means the former or the current one (`TimeWords`, rows of a language);
which of the statements that is, the judge knows: of two the newer one has changed the older
one, or tells of the past.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from shared.ports import RelationJudge
from workers.pipeline.merge.clauses import clauses

FORMER, CURRENT = "former", "current"
CHANGED = 0.5
"""Probability from which a newer statement has changed an older one, or tells of the past."""
SURE = 0.9
"""The same, where one of the two shares no more than the topic with what is named."""
MOST = 12
"""Latest statements of one thing that are compared with each other."""
NEAR = 2
"""Words beside one of time within which it speaks of a thing: "my old gym locker"."""
NEAR_DENSE = 4
"""Characters behind one of time, in scripts without spaces."""
_WORD = re.compile(r"[^\s,.;:!?()，。；：！？（）]+")


@dataclass(frozen=True, slots=True)
class TimeWords:
    """The words of one language that say which of several things is meant, the former or
    the current one.
    """

    former: re.Pattern[str]
    """Beside the name of a thing: "my old address"."""
    formerly: re.Pattern[str]
    """Anywhere in a clause: "where I used to live"."""
    former_part: re.Pattern[str] | None
    """A part of the name, and left in it: "my ex-boyfriend"."""
    current: re.Pattern[str]
    is_spaced: bool

    @classmethod
    def of(cls, rows: Mapping[str, Any], *, is_spaced: bool) -> TimeWords:
        """From the rows of a language."""
        part = rows["former_part"]
        return cls(
            former=_pattern(rows["former"], is_spaced),
            formerly=_pattern(rows["formerly"], is_spaced),
            former_part=_pattern(part, is_spaced) if part else None,
            current=_pattern(rows["current"], is_spaced),
            is_spaced=is_spaced,
        )

    def taken_from(self, named: str) -> tuple[str, str]:
        """Which one is meant, empty where that is not said, and what is named without
        the word that says so.
        """
        for when, pattern in (
            (FORMER, self.formerly),
            (FORMER, self.former),
            (CURRENT, self.current),
        ):
            rest = re.sub(r"\s+", " ", pattern.sub(" ", named)).strip()
            if rest != named and re.search(r"\w", rest):
                return when, rest if self.is_spaced else rest.replace(" ", "")
        if self.former_part is not None and self.former_part.search(named):
            return FORMER, named
        return "", named

    def calls_former(self, core: Sequence[str], text: str) -> bool:
        """Whether a text itself says of one of the words that it is of the past, or says
        nothing but what was so once.
        """
        if self.formerly.search(text) and len(clauses(text)) < 2:
            return True
        beside = [self._beside(m, text) for m in self.former.finditer(text)]
        if self.former_part is not None:
            parts = self.former_part.finditer(text)
            beside += [text[m.start() : m.end() + 12] for m in parts]
        lowered = [words.lower() for words in beside]
        joined = "\n".join(lowered)
        return any(word in joined for word in core)

    def _beside(self, match: re.Match[str], text: str) -> str:
        if not self.is_spaced:
            return text[match.start() : match.end() + NEAR_DENSE]
        before = _WORD.findall(text[: match.start()])[-NEAR:]
        return " ".join((*before, *_WORD.findall(text[match.end() :])[:NEAR]))


@dataclass(frozen=True, slots=True)
class Statement:
    """What may be meant."""

    text: str
    said_at: int
    """Epoch milliseconds, or any number that grows with time."""
    is_near: bool
    """Whether it is about what is named; else it shares its topic only."""


async def former_ones(
    judge: RelationJudge, statements: Sequence[Statement], later: Sequence[str] = ()
) -> tuple[list[bool], list[bool]]:
    """For each statement whether a newer one, or one of the later texts, has changed it or
    it tells of the past itself; and whether it has changed another. Only the latest ones
    are compared.
    """
    count = len(statements)
    by_time = sorted(range(count), key=lambda place: statements[place].said_at)[-MOST:]
    pairs = list(combinations(by_time, 2))
    said = [(statements[old], statements[new]) for old, new in pairs]
    judged = await judge.judge([(old.text, new.text) for old, new in said])
    is_former, has_changed = [False] * count, [False] * count
    for (old, new), both, judgement in zip(pairs, said, judged, strict=True):
        least = CHANGED if all(statement.is_near for statement in both) else SURE
        if judgement.change >= least:
            is_former[old], has_changed[new] = True, True
        if judgement.relations.get("past", 0.0) >= least:
            is_former[new] = True
    for old in by_time:
        statement = statements[old]
        of_later = await judge.judge([(statement.text, text) for text in later])
        least = CHANGED if statement.is_near else SURE
        if any(judgement.change >= least for judgement in of_later):
            is_former[old] = True
    return is_former, has_changed


def _pattern(rows: Sequence[str], is_spaced: bool) -> re.Pattern[str]:
    """Any of the rows, as words of their own where a language parts words; not behind
    "year" ("12 years old").
    """
    bounded = "|".join(_bounded(rows, is_spaced))
    start = r"(?<![\w-])(?<!year )(?<!years )" if is_spaced else r"(?<!午)(?<!名)"
    return re.compile(rf"{start}(?:{bounded})", re.I)


def _bounded(rows: Sequence[str], is_spaced: bool) -> Iterator[str]:
    for row in rows:
        says_what_follows = row.endswith(")") and "(?=" in row
        end = "" if says_what_follows or not is_spaced else r"(?!\w)"
        yield row.replace(" ?", r"\s*").replace(" ", r"\s+") + end
