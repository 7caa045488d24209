"""Which pairs of statements are worth judging: a small network on their embeddings.

The judge reads two statements word by word; most neighbours of a statement have nothing
to do with a change, and their vectors, which are there already, tell so. Trained by
`python -m training.train_gate` for one embedder; with another one the nearest neighbours
are judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import inf

import numpy as np
from numpy.typing import NDArray

from workers.pipeline.merge.neighbours import Vector

MOST = 5
"""Neighbours of a statement that are judged: of the changes of unseen lives 95 % lie among
the five likeliest, 92 % among four, 98 % among eight.
"""
WITHOUT_GATE = 3
"""Neighbours that are judged with an embedder that there is no gate for."""
_NAME = "change_gate.npz"

Floats = NDArray[np.float32]


def worth_judging(
    embedder: str, pairs: Sequence[tuple[Vector | None, Sequence[Vector]]]
) -> list[bool]:
    """For each (older, newer) pair of a statement with one of its neighbours, nearest
    first, whether it may be a change: by the newer one as a whole or by a sentence of it.
    One without a vector is judged.
    """
    weights = _weights()
    if str(weights["embedder"]) != embedder:
        return [place < WITHOUT_GATE for place in range(len(pairs))]
    rows: list[tuple[int, Vector, Vector]] = []
    for place, (old, news) in enumerate(pairs):
        rows += [(place, old, new) for new in news if old]
    if not rows:
        return [True for _ in pairs]
    places, old, new = zip(*rows, strict=True)
    logits = score(weights, np.asarray(old, np.float32), np.asarray(new, np.float32))
    best: dict[int, float] = {}
    for place, logit in zip(places, logits, strict=True):
        best[place] = max(float(logit), best.get(place, -inf))
    least = max(float(weights["threshold"]), sorted(best.values())[-MOST:][0])
    return [best.get(place, inf) >= least for place in range(len(pairs))]


def features(old: Floats, new: Floats) -> Floats:
    """(pairs, size) twice to (pairs, 3 * size + 1): cosine, products, both vectors."""
    cosine = (old * new).sum(1, keepdims=True)
    scaled = old * new * np.sqrt(old.shape[1])
    return np.asarray(np.hstack([cosine, scaled, new, old]), np.float32)


def score(weights: dict[str, Floats], old: Floats, new: Floats) -> Floats:
    """The logit of each pair that the newer statement changes something."""
    hidden = np.maximum(features(old, new) @ weights["first"] + weights["bias"], 0)
    return np.asarray(hidden @ weights["second"] + weights["offset"], np.float32)


@cache
def _weights() -> dict[str, Floats]:
    with files(__package__).joinpath(_NAME).open("rb") as file, np.load(file) as saved:
        return {name: saved[name] for name in saved.files}
