"""Whether an instruction bears on every answer ("answer in Chinese", "no tables, my screen
reader trips over them") or only on some ("recipes for two, please", "no poems" of a speech).

Which it is lies in no word that it has: a linear model on its vector tells it
(`python -m training.train_standing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from shared.ports import Embedder
from workers.pipeline.extract.preferences.answer_instructions import on_every_answer

WEIGHTS = "standing.npz"
LEAST = 0.5
"""Probability from which an instruction bears on every answer."""
VECTOR_SCALE = 20.0
"""Makes the numbers of a vector about as large as one."""

Floats = NDArray[np.float32]


class StandingInstructions:
    """Tells them from others; without the embedder that the weights are for by words on the
    manner of answering.
    """

    def __init__(self, embedder: Embedder | None) -> None:
        weights, name = _weights()
        self._weights = weights
        self._embedder = embedder if embedder and embedder.name == name else None

    async def among(self, instructions: Sequence[str]) -> frozenset[str]:
        """Those of the instructions, as they were said, that bear on every answer."""
        if self._embedder is None or not instructions:
            return frozenset(filter(on_every_answer, instructions))
        vectors = await self._embedder.passages(instructions)
        likely = likelihood(np.asarray(vectors, np.float32), self._weights)
        pairs = zip(instructions, likely, strict=True)
        return frozenset(said for said, probability in pairs if probability >= LEAST)


def features(vectors: Floats) -> Floats:
    """(instructions, size + 1): the vectors and a one."""
    ones = np.ones((len(vectors), 1), np.float32)
    return np.hstack([vectors * VECTOR_SCALE, ones])


def likelihood(vectors: Floats, weights: Floats) -> Floats:
    """How likely each bears on every answer."""
    return np.asarray(1 / (1 + np.exp(-(features(vectors) @ weights))), np.float32)


@cache
def _weights() -> tuple[Floats, str]:
    """The weights, and the name of the embedder that they are for."""
    with as_file(files(__package__).joinpath(WEIGHTS)) as path, np.load(path) as saved:
        return saved["weights"], str(saved["embedder"])
