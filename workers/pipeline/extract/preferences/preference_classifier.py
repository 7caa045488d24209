"""Whether a clause states a preference or a standing instruction: a linear judgement on small
signs and, with an embedder that it was fitted for, on the meaning. Rules know phrases;
this knows what phrases have in common, whatever the language.

The weights are fitted on the clauses of tests.benchmarks.fit_preferences by `python -m
tests.benchmarks.fit_preferences --write`. Measured there by cross-validation (English, Chinese,
others), area under the curve: by the signs .82, .86, .94; with the meaning .91, .93,
.99. The clauses are hard ones: half of them are facts and one-off requests that sound
like preferences.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import exp

from shared.ports import Embedder
from workers.pipeline.extract.preferences.classifier_features import signs

Judgement = Callable[[str], float]
"""A clause -> how likely it tells a wish, 0..1."""

DOUBTFUL = 0.22
"""Likelihood by the signs from which a clause is embedded: what lies below hardly ever
tells a wish, and need not be paid for.
"""

BY_SIGNS = "signs"


def by_signs(clause: str) -> float:
    """The judgement without an embedder."""
    return _sigmoid(_dot(_weights()[BY_SIGNS]["signs"], signs(clause)))


async def by_meaning(clauses: Sequence[str], embedder: Embedder | None) -> Judgement:
    """The judgement on these clauses (and by the signs on any other). One embedding a
    doubtful clause.
    """
    weights = _weights().get(embedder.name) if embedder else None
    doubtful = [
        clause for clause in dict.fromkeys(clauses) if by_signs(clause) >= DOUBTFUL
    ]
    if embedder is None or weights is None or not doubtful:
        return by_signs
    vectors = await embedder.passages(doubtful)
    judged = {
        clause: _sigmoid(
            _dot(weights["signs"], signs(clause)) + _dot(weights["meaning"], vector)
        )
        for clause, vector in zip(doubtful, vectors, strict=True)
    }
    return lambda clause: (
        judged[clause] if clause in judged else min(by_signs(clause), DOUBTFUL)
    )


@cache
def _weights() -> Mapping[str, Mapping[str, Sequence[float]]]:
    """By embedder's name: the weights of the signs, and of the places of its vector."""
    weights: Mapping[str, Mapping[str, Sequence[float]]] = json.loads(
        files(__package__).joinpath("preference_classifier.json").read_text("utf-8")
    )
    return weights


def _dot(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def _sigmoid(value: float) -> float:
    return 1 / (1 + exp(-value))
