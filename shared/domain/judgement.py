"""How what is said later bears on a remembered statement, as a `RelationJudge` sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CHANGES = ("update", "ended", "correction", "instruction_replaced")
"""Relations after which the older statement does not hold any more."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """text[start:end], and a probability."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of an older and a newer statement."""

    relations: Mapping[str, float]
    """The probability of each relation: same, detail, update, ended, correction, past,
    elsewhere, unrelated, instruction_replaced, instruction_added.
    """
    outdated: Sequence[Word] = ()
    """The words of the older statement, each with the probability that it holds no more."""
    telling: Sequence[Word] = ()
    """Those of the newer one, each with the probability that it tells what has changed."""

    @property
    def change(self) -> float:
        """The probability that something of the older statement holds no more."""
        return sum(self.relations.get(name, 0.0) for name in CHANGES)


def mean_probability(words: Sequence[Word], span: Span) -> float:
    """Of the words that begin in a span, long ones counting more; 0 where there is none."""
    inside = [word for word in words if span[0] <= word.start < span[1]]
    letters = sum(word.end - word.start for word in inside)
    if not letters:
        return 0.0
    return sum(w.probability * (w.end - w.start) for w in inside) / letters
