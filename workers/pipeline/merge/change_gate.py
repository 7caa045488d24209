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

import numpy as np
from numpy.typing import NDArray

WITHOUT_GATE = 2
"""Neighbours that are judged with an embedder that there is no gate for."""
_NAME = "change_gate.npz"

Floats = NDArray[np.float32]


def worth_judging(
    embedder: str, new: Sequence[float], known: Sequence[Sequence[float]]
) -> list[bool]:
    """For each known vector, nearest first, whether its pair with the new one may be a
    change.
    """
    weights = _weights()
    if not known:
        return []
    if str(weights["embedder"]) != embedder:
        return [place < WITHOUT_GATE for place in range(len(known))]
    old = np.asarray(known, np.float32)
    scores = score(weights, old, np.broadcast_to(np.float32(new), old.shape))
    return [bool(value >= weights["threshold"]) for value in scores]


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
