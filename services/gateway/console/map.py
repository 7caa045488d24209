"""A user's memories on a plane, near each other where they mean something alike: the two
directions in which their vectors differ most (principal components, Pearson 1901).
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.domain.memory import Memory
from shared.ports import Memories

if TYPE_CHECKING:
    import numpy

MAX_PLACED = 10_000
"""Memories on one map."""
KEPT_S = 20.0
"""Seconds for which a map is not computed again."""
MAX_MAPS = 8
"""Maps that are remembered, some MB each."""
_ROWS = 500
_NEAR = 95.0
"""Per cent of the distances from the centre that set the scale: a few memories that are
unlike all others do not press the rest together.
"""


@dataclass(frozen=True, slots=True)
class PlacedMemory:
    """A memory and its place, both coordinates in -1..1."""

    memory: Memory
    x: float
    y: float


class MemoryMaps:
    """The maps of the users that were looked at last, for a while: ten thousand vectors
    take seconds to read.
    """

    def __init__(self) -> None:
        self._maps: OrderedDict[tuple[str, str], tuple[float, list[PlacedMemory]]] = (
            OrderedDict()
        )

    async def of_user(
        self, memories: Memories, project: str, user: str
    ) -> list[PlacedMemory]:
        """A user's map, at most `KEPT_S` old."""
        name = (project, user)
        at, placed = self._maps.get(name, (-KEPT_S, []))
        if time.monotonic() - at >= KEPT_S:
            placed = await placed_memories(memories, project, user)
            self._maps[name] = (time.monotonic(), placed)
            self._maps.move_to_end(name)
        if len(self._maps) > MAX_MAPS:
            self._maps.popitem(last=False)
        return placed

    def forget(self, project: str, user: str) -> None:
        """Of whom nothing is stored any more."""
        self._maps.pop((project, user), None)


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
    # Some at a time: nothing else runs while numpy reads Python's numbers.
    rows = [
        numpy.asarray(vectors[first : first + _ROWS], dtype=numpy.float32)
        for first in range(0, len(vectors), _ROWS)
    ]
    matrix = numpy.concatenate(rows)
    centred = matrix - matrix.mean(axis=0)
    _, axes = numpy.linalg.eigh(centred.T @ centred)
    placed = centred @ axes[:, [-1, -2]]
    return [(float(x), float(y)) for x, y in scaled(placed)]


def scaled(placed: numpy.ndarray) -> numpy.ndarray:
    """The places within -1..1; those that are far out are drawn nearer, in their order."""
    import numpy

    spread = numpy.percentile(numpy.abs(placed), _NEAR, axis=0)
    spread[spread == 0] = 1.0
    places = placed / spread
    distance = numpy.maximum(numpy.abs(places), 1.0)
    nearer = numpy.clip(places, -1.0, 1.0) * (1.0 + numpy.log(distance))
    farthest = numpy.maximum(numpy.abs(nearer).max(axis=0), 1.0)
    return numpy.asarray(nearer / farthest).round(4)
