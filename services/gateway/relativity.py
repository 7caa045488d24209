"""How likely it is that a memory answers a question: 0..1, the same scale with any embedder."""

from __future__ import annotations

from math import exp

from shared.domain.memory import Candidate
from shared.language.words import terms


def relativity(candidate: Candidate, query: str) -> float:
    """The probability-like number that a threshold cuts at."""
    asked = set(terms(query))
    said = set(terms(f"{candidate.memory.text} {candidate.memory.context}"))
    coverage = len(asked & said) / len(asked) if asked else 0.0
    dense = candidate.dense if candidate.dense is not None else 0.80 + 0.1 * coverage
    return round(1 / (1 + exp(-(60 * (dense - 0.845) + 3 * (coverage - 0.4)))), 4)
