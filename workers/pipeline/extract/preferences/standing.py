"""Whether an instruction bears on every answer ("answer in Chinese", "no tables, my screen
reader trips over them") or only on some ("recipes for two, please", "no poems" of a speech).

Which it is lies seldom in a word that it has: a linear model on its vector and on a few
such words tells it
(`python -m training.train_standing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from shared.ports import Embedder
from workers.pipeline.extract.preferences.answer_instructions import (
    marks_of,
    on_every_answer,
)
from workers.pipeline.extract.speech.patterns import STOPS

WEIGHTS = "standing.npz"
LEAST_LOGIT = 0.0
"""From which an instruction bears on every answer: more likely so than not. Of 273 others that
another writer wrote 9 % pass, and 91 % of 207 that do.
"""
VECTOR_SCALE = 20.0
"""Makes the numbers of a vector about as large as one."""
NEAREST_SCALE = 20.0
ITSELF = 0.995
"""Cosine from which two are the same words."""
MARK_SCALE = 3.0
"""Lets a word count as much as several numbers of the vector."""

Floats = NDArray[np.float32]


class StandingInstructions:
    """Tells them from others; without the embedder that the weights are for by words on the
    manner of answering.
    """

    def __init__(self, embedder: Embedder | None) -> None:
        self._weights, self._plain, name = _weights()
        self._embedder = embedder if embedder and embedder.name == name else None

    async def among(self, instructions: Sequence[str]) -> frozenset[str]:
        """Those of the instructions, as they were said, that bear on every answer."""
        stops = frozenset(filter(STOPS.match, instructions))
        if self._embedder is None or not instructions:
            return stops.union(filter(on_every_answer, instructions))
        vectors = np.asarray(await self._embedder.passages(instructions), np.float32)
        logits = features(instructions, vectors, self._plain) @ self._weights
        pairs = zip(instructions, logits, strict=True)
        return stops.union(said for said, logit in pairs if logit >= LEAST_LOGIT)


def features(instructions: Sequence[str], vectors: Floats, plain: Floats) -> Floats:
    """(instructions, size + 5): the vectors, the cosine to the nearest of the plain ones, the
    marks of their words and a one. `plain`: vectors of `instruction_matters.txt`; what is
    one of these is compared with the others.
    """
    cosines = vectors @ plain.T
    nearest = np.where(cosines > ITSELF, -1, cosines).max(1, keepdims=True)
    marks = np.array([(*marks_of(said), True) for said in instructions], np.float32)
    return np.hstack(
        [vectors * VECTOR_SCALE, nearest * NEAREST_SCALE, marks * MARK_SCALE]
    )


@cache
def _weights() -> tuple[Floats, Floats, str]:
    """The weights, the vectors of plain instructions, and the name of the embedder that
    both are for.
    """
    with as_file(files(__package__).joinpath(WEIGHTS)) as path, np.load(path) as saved:
        plain = saved["plain"].astype(np.float32)
        return saved["weights"], plain, str(saved["embedder"])
