"""A user's memories on a plane, near each other where they mean something alike: the two
directions in which their vectors differ most (principal components, Pearson 1901).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.domain.memory import Memory
from shared.ports import Memories

if TYPE_CHECKING:
    import numpy

MAX_PLACED = 10_000
"""Memories on one map."""
_CLIPPED = 98.0
"""Per cent of the distances from the centre that set the scale: a few memories that are
unlike all others do not press the rest together.
"""


@dataclass(frozen=True, slots=True)
class PlacedMemory:
    """A memory and its place, both coordinates in -1..1."""

    memory: Memory
    x: float
    y: float


async def placed_memories(
    memories: Memories, project: str, user: str
) -> list[PlacedMemory]:
    """At most ten thousand of a user's memories; none that has no vector yet."""
    candidates = await memories.with_vectors(project, user, MAX_PLACED)
    vectors = [candidate.vector or () for candidate in candidates]
    places = await asyncio.to_thread(plane, vectors)
    return [
        PlacedMemory(candidate.memory, x, y)
        for candidate, (x, y) in zip(candidates, places, strict=True)
    ]


def plane(vectors: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """The first two principal components of vectors, scaled to -1..1; the middle where
    there are fewer than three.
    """
    import numpy

    if len(vectors) < 3:
        return [(0.0, 0.0)] * len(vectors)
    matrix = numpy.asarray(vectors, dtype=numpy.float32)
    centred = matrix - matrix.mean(axis=0)
    _, axes = numpy.linalg.eigh(centred.T @ centred)
    placed = centred @ axes[:, [-1, -2]]
    return [(float(x), float(y)) for x, y in scaled(placed)]


def scaled(placed: numpy.ndarray) -> numpy.ndarray:
    """The places with nearly all within -1..1, and the others at its edge."""
    import numpy

    spread = numpy.percentile(numpy.abs(placed), _CLIPPED, axis=0)
    spread[spread == 0] = 1.0
    return numpy.asarray(numpy.clip(placed / spread, -1.0, 1.0)).round(4)
