"""How likely it is that a memory answers a question: 0..1, the same scale with any embedder.

    relativity(m) = 1 / (1 + exp(-sum(coefficient_i * feature_i(m))))

A logistic function of few features, fitted on labelled questions by
`tests/benchmarks/calibrate.py`. They are absolute, so that the number does not depend
on how many memories there are: with one memory or ten thousand, the same pair gets the
same relativity. A fast memory has no vector yet; of it only the share of words is
known, and what `fast_coverage` says of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import exp
from operator import mul

from services.gateway.recall.asked_matters import TOLD
from services.gateway.recall.calibration import Calibration
from services.gateway.recall.score_terms import index_words
from services.gateway.recall.scoring import ScoredMemory
from shared.domain.memory import Kind
from shared.domain.memory_detail import SUBJECT
from shared.language import attributes
from shared.language.concepts import concepts
from shared.language.words import is_chinese

EVERYBODY = frozenset({"user", "用户"})
"""Words of the person whom nearly every memory is about: that they are shared says nothing."""
COVERED = 3.424
"""What a fast memory gains by holding all words of the question, in the exponent."""
DIGITS = 4
"""Decimal places of a relativity."""


@dataclass(frozen=True)
class Features:
    """What speaks for and against a memory: each property is a feature, 0..1 or 0 and 1
    unless said otherwise. An embedder's calibration names those that it goes by; the
    others are not computed.
    """

    scored: ScoredMemory
    calibration: Calibration
    measured: float
    """The memory's cosine to the question."""

    @property
    def constant(self) -> float:
        """Always 1."""
        return 1.0

    @property
    def cosine(self) -> float:
        """Between question and memory, in units above the mean of unrelated texts."""
        return (self.measured - self.calibration.centre) / self.calibration.ranking.unit

    @cached_property
    def covered(self) -> float:
        """Share of the question's words that stand in the memory or in its context."""
        return coverage(self.scored)

    @property
    def context(self) -> float:
        """That part of it that only the context covers."""
        return self.covered - coverage(self.scored, with_context=False)

    @property
    def chinese(self) -> float:
        """Question and memory are Chinese."""
        return float(self.scored.question.chinese and self._chinese_memory)

    @property
    def mixed(self) -> float:
        """One of them is and the other is not."""
        return float(self.scored.question.chinese != self._chinese_memory)

    @property
    def replies(self) -> float:
        """The memory has a context: it was an answer to something."""
        return float(bool(self.scored.memory.context))

    @property
    def preference(self) -> float:
        """The memory is a preference."""
        return float(self.scored.memory.kind is Kind.PREFERENCE)

    @property
    def procedure(self) -> float:
        """The memory is about a tool or a skill."""
        return float(self.scored.memory.kind in (Kind.TOOL, Kind.SKILL))

    @cached_property
    def about(self) -> float:
        """Share of the question's everyday concepts that the memory has too."""
        return about(self.scored)

    @property
    def vague(self) -> float:
        """The question has no such concept."""
        return float(not concepts(self.scored.question.text))

    @property
    def chinese_cosine(self) -> float:
        """`chinese` times `cosine`."""
        return self.chinese * self.cosine

    @property
    def replies_cosine(self) -> float:
        """`replies` times `cosine`."""
        return self.replies * self.cosine

    @property
    def about_cosine(self) -> float:
        """`about` times `cosine`."""
        return self.about * self.cosine

    @property
    def request_preference(self) -> float:
        """A preference, where something is to be done."""
        return self.preference * self.scored.question.is_request

    @property
    def request_fact(self) -> float:
        """Anything else, where something is to be done."""
        return (1.0 - self.preference) * self.scored.question.is_request

    @cached_property
    def answers(self) -> float:
        """The memory gives an attribute (home, job, name, age) that the question asks for,
        by its words or, of any everyday matter, by its likeness to others that do.
        """
        if self.scored.matter_cosine >= TOLD:
            return 1.0
        memory = self.scored.memory
        named = attributes.of_subject(str(memory.detail.get(SUBJECT, "")))
        return float(bool(self._wanted & (attributes.stated(memory.text) | named)))

    @property
    def evades(self) -> float:
        """The question asks for one, and the memory gives none of those."""
        return float(bool(self._wanted) and not self.answers)

    @cached_property
    def _wanted(self) -> frozenset[str]:
        return frozenset(attributes.asked(self.scored.question.text))

    @cached_property
    def _chinese_memory(self) -> bool:
        return is_chinese(self.scored.memory.text)

    def values(self, names: Iterable[str]) -> tuple[float, ...]:
        """The features of these names."""
        return tuple(getattr(self, name) for name in names)


FEATURES = tuple(
    name
    for name, member in vars(Features).items()
    if isinstance(member, property | cached_property) and not name.startswith("_")
)
"""Their names, in order. The coefficients in `calibration.json` are named after them."""


def relativity(scored: ScoredMemory, calibration: Calibration) -> float:
    """The probability-like number, 0..1, that a threshold cuts at."""
    if scored.cosine is None:
        excess = coverage(scored) - calibration.ranking.fast_coverage
        return _sigmoid(COVERED * excess)
    coefficients = calibration.relativity
    values = Features(scored, calibration, scored.cosine).values(coefficients)
    return _sigmoid(sum(map(mul, coefficients.values(), values)))


def non_increasing(ratings: Sequence[float]) -> list[float]:
    """The ratings in the order of the list, none below a later one: the order is the
    better judgement, and a number that contradicts it would be read the other way.
    """
    from_the_end = accumulate(reversed(ratings), max)
    return list(from_the_end)[::-1]


def coverage(scored: ScoredMemory, with_context: bool = True) -> float:
    """The share of the question's words that stand in the memory, or in its context.
    Names of speakers tell who, not what: left out.
    """
    searched = index_words(scored.question.search_words) - EVERYBODY
    names = frozenset().union(*map(index_words, scored.speakers))
    wanted = searched - names or searched
    words = index_words(scored.memory.text)
    if with_context:
        words = words | index_words(scored.memory.context)
    return len(wanted & words) / len(wanted) if wanted else 0.0


def about(scored: ScoredMemory) -> float:
    """The share of what the question is about that the memory is about too: a request
    for dinner and an allergy share no word but food.
    """
    wanted = concepts(scored.question.text)
    if not wanted:
        return 0.0
    return len(wanted & concepts(scored.memory.text)) / len(wanted)


def _sigmoid(value: float) -> float:
    return round(1 / (1 + exp(-value)), DIGITS)
