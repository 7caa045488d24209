"""What a new memory is compared with: the memories of the nearest meaning, stored ones
and those of the same job.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shared.domain.kinds import STATEMENTS
from shared.domain.memory import Kind, Memory
from workers.pipeline.merge.without_superseded import StoredMemories

NEIGHBOURS = 8
"""Memories of the nearest meaning that a draft is compared with: of each kind of stored
ones, and of the drafts of its job.
"""
AT_ONCE = 64
"""Vectors in one request for neighbours."""

Vector = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A memory that is near in meaning."""

    memory: Memory
    cosine: float
    vector: Vector | None = None
    """None where the search does not give it."""


async def nearest(
    drafts: Sequence[Memory],
    vectors: Mapping[str, Vector],
    owner: str,
    memories: StoredMemories,
) -> dict[str, list[Neighbour]]:
    """For each new statement those of the nearest meaning, nearest first: stored facts
    and preferences, and drafts that come before it. `drafts`: all that have vectors, in
    order, repeats included.
    """
    statements = [memory for memory in drafts if memory.kind in STATEMENTS]
    stored = await _stored(statements, vectors, owner, memories)
    among = _among(statements, vectors)
    return {
        id: sorted([*stored[id], *among[id]], key=lambda neighbour: -neighbour.cosine)
        for id in dict.fromkeys(memory.id for memory in statements)
    }


async def _stored(
    statements: Sequence[Memory],
    vectors: Mapping[str, Vector],
    owner: str,
    memories: StoredMemories,
) -> dict[str, list[Neighbour]]:
    neighbours: dict[str, list[Neighbour]] = defaultdict(list)
    asking = list(dict.fromkeys(memory.id for memory in statements))
    for kind in (Kind.FACT, Kind.PREFERENCE):
        for start in range(0, len(asking), AT_ONCE):
            batch = asking[start : start + AT_ONCE]
            near = await memories.similar(
                statements[0].scope,
                kind,
                [vectors[id] for id in batch],
                NEIGHBOURS,
                owner,
            )
            for id, candidates in zip(batch, near, strict=True):
                neighbours[id] += [
                    Neighbour(match.memory, match.dense or 0.0, match.vector)
                    for match in candidates
                ]
    return neighbours


def _among(
    statements: Sequence[Memory], vectors: Mapping[str, Vector]
) -> dict[str, list[Neighbour]]:
    """For each draft the nearest of those that were said before it: before the last
    time that it is said, where it is said again.
    """
    neighbours: dict[str, list[Neighbour]] = defaultdict(list)
    last = {memory.id: place for place, memory in enumerate(statements)}
    by_id = {memory.id: memory for memory in statements}
    first = {id: place for place, id in enumerate(by_id)}
    if len(by_id) < 2:
        return neighbours
    matrix = np.asarray([vectors[id] for id in by_id], dtype=np.float32)
    cosines = matrix @ matrix.T
    for id, row in zip(by_id, cosines, strict=True):
        earlier = [
            Neighbour(by_id[other], float(cosine), vectors[other])
            for other, cosine in zip(by_id, row, strict=True)
            if other != id and first[other] < last[id]
        ]
        earlier.sort(key=lambda neighbour: -neighbour.cosine)
        neighbours[id] = earlier[:NEIGHBOURS]
    return neighbours
