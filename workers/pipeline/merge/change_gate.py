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

from workers.pipeline.merge.neighbours import Vector

WITHOUT_GATE = 2
"""Neighbours that are judged with an embedder that there is no gate for."""
LEAST_COSINE = 0.4
"""Likeness below which the embedder of the gate sees two matters. Gate and judge were
trained on pairs about one matter, and take statements about two for a change too often.
Of such changes 97 % are more alike than that, of statements taken at random a third.
"""
LEAST_COSINE_SHARING = 0.3
"""The same of statements that name something in common: "my Brompton was stolen"."""
ALIKE, ALIKE_MARGIN = 0.5, 1.0
"""Cosine from which two statements are likely about one matter, and by how much the
score of those, and of such that name something in common, may be below the threshold:
"I'm single" and "I got married" have -4.2.
"""
_NAME = "change_gate.npz"

Floats = NDArray[np.float32]


def worth_judging(
    embedder: str,
    pairs: Sequence[tuple[Vector | None, Vector | None]],
    sharing: Sequence[bool] = (),
) -> list[bool]:
    """For each (older, newer) pair of a statement with one of its neighbours, nearest
    first, whether it may be a change. One without a vector is judged. `sharing`: whether
    the two name something in common.
    """
    sharing = sharing or [False for _ in pairs]
    weights = _weights()
    if str(weights["embedder"]) != embedder:
        return [place < WITHOUT_GATE for place in range(len(pairs))]
    whole = [
        (old, new, LEAST_COSINE_SHARING if shares else LEAST_COSINE)
        for (old, new), shares in zip(pairs, sharing, strict=True)
        if old and new
    ]
    if not whole:
        return [True for _ in pairs]
    old, new, least = (
        np.asarray(side, np.float32) for side in zip(*whole, strict=True)
    )
    cosines, scores = (old * new).sum(1), score(weights, old, new)
    is_alike = (cosines >= ALIKE) | (least < LEAST_COSINE)
    threshold = weights["threshold"] - np.where(is_alike, ALIKE_MARGIN, 0.0)
    passed = iter((cosines >= least) & (scores >= threshold))
    return [bool(next(passed)) if old and new else True for old, new in pairs]


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
