"""What a new memory is compared with: the memories of the nearest meaning, stored ones
and those of the same job.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.domain.kinds import STATEMENTS
from shared.domain.memory import Kind, Memory
from shared.ports import Memories

NEIGHBOURS = 8
"""Known memories of the nearest meaning that a draft is compared with."""
AT_ONCE = 64
"""Vectors in one request for neighbours."""

Vector = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A memory that is near in meaning, with its vector."""

    memory: Memory
    vector: Vector


async def stored_neighbours(
    fresh: Sequence[Memory], vectors: dict[str, Vector], owner: str, memories: Memories
) -> dict[str, list[Neighbour]]:
    """For each new statement the stored facts and preferences of the nearest meaning,
    nearest first; for other kinds none.
    """
    neighbours: dict[str, list[Neighbour]] = defaultdict(list)
    asking = [memory for memory in fresh if memory.kind in STATEMENTS]
    for kind in (Kind.FACT, Kind.PREFERENCE):
        for start in range(0, len(asking), AT_ONCE):
            batch = asking[start : start + AT_ONCE]
            near = await memories.similar(
                batch[0].scope,
                kind,
                [vectors[memory.id] for memory in batch],
                NEIGHBOURS,
                owner,
            )
            for memory, candidates in zip(batch, near, strict=True):
                neighbours[memory.id] += [
                    Neighbour(candidate.memory, candidate.vector or ())
                    for candidate in candidates
                ]
    return neighbours


def neighbours_among(vectors: dict[str, Vector]) -> dict[str, list[str]]:
    """For each new memory the other new ones of the nearest meaning."""
    ids = list(vectors)
    if len(ids) < 2:
        return {}
    matrix = np.asarray([vectors[id] for id in ids], dtype=np.float32)
    count = min(NEIGHBOURS + 1, len(ids))
    return {
        id: [
            ids[place] for place in np.argpartition(-(matrix @ row), count - 1)[:count]
        ]
        for id, row in zip(ids, matrix, strict=True)
    }
