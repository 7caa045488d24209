"""How likely it is that a memory answers a question: 0..1, the same scale with any embedder.

    relativity(m) = 1 / (1 + exp(-sum(coefficient_i * feature_i(m))))

A logistic function of few features, fitted on labelled questions by
`tests/benchmarks/calibrate.py`. They are absolute, so that the number does not depend
on how many memories there are: with one memory or ten thousand, the same pair gets the
same relativity. A fast memory has no vector yet; of it only the share of words is
known, and what `fast_coverage` says of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import accumulate
from math import exp

from services.gateway.recall.calibration import Calibration
from services.gateway.recall.score_terms import index_words
from services.gateway.recall.scoring import ScoredMemory
from shared.domain.memory import Kind
from shared.language import attributes
from shared.language.concepts import concepts
from shared.language.words import is_chinese

EVERYBODY = frozenset({"user", "用户"})
"""Words of the person whom nearly every memory is about: that they are shared says nothing."""
DIGITS = 4
"""Decimal places of a relativity."""


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for and against a memory, each 0..1 or 0 and 1 unless said otherwise."""

    constant: float
    """Always 1."""
    cosine: float
    """Between question and memory, in units above the mean of unrelated texts."""
    covered: float
    """Share of the question's words that stand in the memory or in its context."""
    context: float
    """That part of it that only the context covers."""
    chinese: float
    """Question and memory are Chinese."""
    mixed: float
    """One of them is and the other is not."""
    replies: float
    """The memory has a context: it was an answer to something."""
    preference: float
    """The memory is a preference."""
    procedure: float
    """The memory is about a tool or a skill."""
    about: float
    """Share of the question's everyday concepts that the memory has too."""
    vague: float
    """The question has no such concept."""
    chinese_cosine: float
    """`chinese` times `cosine`."""
    replies_cosine: float
    """`replies` times `cosine`."""
    about_cosine: float
    """`about` times `cosine`."""
    request_preference: float
    """A preference, where something is to be done."""
    request_fact: float
    """Anything else, where something is to be done."""
    answers: float
    """The memory gives an attribute (home, job, name, age) that the question asks for."""
    evades: float
    """The question asks for one, and the memory gives none of those."""


FEATURES = tuple(field.name for field in fields(Features))
"""Their names, in order. The coefficients in `calibration.json` have the same."""


def relativity(scored: ScoredMemory, calibration: Calibration) -> float:
    """The probability-like number, 0..1, that a threshold cuts at."""
    coefficients = calibration.relativity
    if scored.cosine is None:
        excess = coverage(scored) - calibration.ranking.fast_coverage
        return _sigmoid(coefficients["covered"] * excess)
    values = features(scored, calibration, scored.cosine)
    products = (coefficients[name] * getattr(values, name) for name in FEATURES)
    return _sigmoid(sum(products))


def non_increasing(ratings: Sequence[float]) -> list[float]:
    """The ratings in the order of the list, none below a later one: the order is the
    better judgement, and a number that contradicts it would be read the other way.
    """
    from_the_end = accumulate(reversed(ratings), max)
    return list(from_the_end)[::-1]


def features(scored: ScoredMemory, calibration: Calibration, cosine: float) -> Features:
    """The features of a memory whose cosine to the question is `cosine`."""
    memory, question = scored.memory, scored.question
    chinese_memory = is_chinese(memory.text)
    chinese = question.chinese and chinese_memory
    replies = bool(memory.context)
    preference = memory.kind is Kind.PREFERENCE
    steps = (cosine - calibration.centre) / calibration.ranking.unit
    covered, concerns = coverage(scored), about(scored)
    wanted = attributes.asked(question.text)
    answers = bool(wanted & attributes.stated(memory.text))
    return Features(
        constant=1.0,
        cosine=steps,
        covered=covered,
        context=covered - coverage(scored, with_context=False),
        chinese=float(chinese),
        mixed=float(question.chinese != chinese_memory),
        replies=float(replies),
        preference=float(preference),
        procedure=float(memory.kind in (Kind.TOOL, Kind.SKILL)),
        about=concerns,
        vague=float(not concepts(question.text)),
        chinese_cosine=steps * chinese,
        replies_cosine=steps * replies,
        about_cosine=steps * concerns,
        request_preference=float(question.is_request and preference),
        request_fact=float(question.is_request and not preference),
        answers=float(answers),
        evades=float(bool(wanted) and not answers),
    )


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
