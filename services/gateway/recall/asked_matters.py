"""Which everyday matter a question asks for, and how statements about it look: "What do I do
for a living?" and "spends their days fixing lifts" share no word and little meaning, but the one
is near to questions for a job and the other to statements of one.

The matters are data, `asked_matters.txt`, and their vectors are computed beforehand for the
embedder that comes along (`python -m tests.benchmarks.asked_matters`); with another one no
question has a matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

ASKED = 0.72
"""Cosine to the nearest question on a matter from which a question is on it."""
TOLD = 0.46
"""Cosine to the mean of the statements on a matter from which a memory tells of it. Both
were set for the embedder before this one (.75 and .5: of 50 fresh pairs of a question and
its answer, in six languages, 42 then had the default relativity, 33 without) and lowered
with its cosines: those of unrelated texts are .05 lower.
"""
TABLE, VECTORS = "asked_matters.txt", "asked_matters.npz"

Floats = NDArray[np.float32]


@cache
def matters() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The questions and the statements of each row of `asked_matters.txt`."""
    text = files(__package__).joinpath(TABLE).read_text("utf-8")
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    parted = (row.split(": ", 1)[1].split(" // ") for row in rows)
    return tuple(
        (tuple(asked.split(" / ")), tuple(statements.split(" / ")))
        for asked, statements in parted
    )


def statement_vector(embedder: str, question: Sequence[float]) -> tuple[float, ...]:
    """The unit vector of statements on the matter that a question, given by its vector,
    asks for; () where it is on none.
    """
    table = _vectors()
    if str(table["embedder"]) != embedder or not question:
        return ()
    near = table["questions"].astype(np.float32) @ np.asarray(question, np.float32)
    nearest = int(near.argmax())
    if near[nearest] < ASKED:
        return ()
    mean = table["statements"][table["matter"][nearest]].astype(np.float32)
    return tuple(map(float, mean))


def mean_direction(vectors: Sequence[Sequence[float]]) -> Floats:
    """The unit vector of the mean of vectors."""
    mean = np.asarray(vectors, np.float32).mean(0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


@cache
def _vectors() -> dict[str, Floats]:
    with (
        files(__package__).joinpath(VECTORS).open("rb") as file,
        np.load(file) as saved,
    ):
        return {name: saved[name] for name in saved.files}
