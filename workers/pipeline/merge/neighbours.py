"""What a new memory is compared with: the memories of the nearest meaning, stored ones
and those of the same job.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from shared.domain.kinds import STATEMENTS
from shared.domain.memory import Kind, Memory
from workers.pipeline.merge.without_superseded import StoredMemories

NEIGHBOURS = 8
"""Memories of the nearest meaning that a draft is compared with: of each kind of stored
ones, and of the drafts of its job.
"""
OF_SENTENCE = 3
"""Of these those that a sentence of a draft is near to."""
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
    sentence: Vector | None = None
    """Of the sentence of the draft that it is nearer to than to the whole."""
    sentence_cosine: float = -1.0

    @property
    def nearness(self) -> float:
        """The cosine to the draft or to the sentence."""
        return max(self.cosine, self.sentence_cosine)


@dataclass(frozen=True, slots=True)
class Asked:
    """What neighbours are looked for of: a draft, or a sentence of it."""

    id: str
    vector: Vector
    is_whole: bool


async def nearest(
    drafts: Sequence[Memory],
    vectors: Mapping[str, Vector],
    owner: str,
    memories: StoredMemories,
    sentences: Mapping[str, Sequence[Vector]] = MappingProxyType({}),
) -> dict[str, list[Neighbour]]:
    """For each new statement those of the nearest meaning, nearest first: stored facts
    and preferences, and drafts that come before it. `drafts`: all that have vectors, in
    order, repeats included; `sentences`: vectors of the sentences of those with several.
    """
    statements = [memory for memory in drafts if memory.kind in STATEMENTS]
    stored = await _stored(statements, vectors, owner, memories, sentences)
    among = _among(statements, vectors, sentences)
    return {
        id: sorted([*stored[id], *among[id]], key=lambda near: -near.nearness)
        for id in dict.fromkeys(memory.id for memory in statements)
    }


async def _stored(
    statements: Sequence[Memory],
    vectors: Mapping[str, Vector],
    owner: str,
    memories: StoredMemories,
    sentences: Mapping[str, Sequence[Vector]],
) -> dict[str, list[Neighbour]]:
    collected: dict[str, dict[str, Neighbour]] = defaultdict(dict)
    asking = list(_asked(statements, vectors, sentences))
    for kind in (Kind.FACT, Kind.PREFERENCE):
        for start in range(0, len(asking), AT_ONCE):
            batch = asking[start : start + AT_ONCE]
            near = await memories.similar(
                statements[0].scope,
                kind,
                [asked.vector for asked in batch],
                NEIGHBOURS,
                owner,
            )
            for asked, candidates in zip(batch, near, strict=True):
                most = NEIGHBOURS if asked.is_whole else OF_SENTENCE
                for match in candidates[:most]:
                    other = Neighbour(match.memory, match.dense or 0.0, match.vector)
                    _add(collected[asked.id], other, asked, vectors[asked.id])
    return {id: list(near.values()) for id, near in collected.items()} | {
        memory.id: [] for memory in statements if memory.id not in collected
    }


def _asked(
    statements: Sequence[Memory],
    vectors: Mapping[str, Vector],
    sentences: Mapping[str, Sequence[Vector]],
) -> Iterator[Asked]:
    """What neighbours are looked for of, each draft before its sentences."""
    for id in dict.fromkeys(memory.id for memory in statements):
        yield Asked(id, vectors[id], is_whole=True)
        for vector in sentences.get(id, ()):
            yield Asked(id, vector, is_whole=False)


def _add(
    collected: dict[str, Neighbour], other: Neighbour, asked: Asked, whole: Vector
) -> None:
    """Note a neighbour, whose cosine is to what was asked, among those of a draft."""
    id = other.memory.id
    if asked.is_whole:
        collected[id] = other
        return
    before = collected.get(id)
    cosine = _cosine(whole, other.vector) if before is None else before.cosine
    best = max(cosine, before.sentence_cosine if before else -1.0)
    if other.cosine > best:
        collected[id] = replace(
            other,
            cosine=cosine,
            sentence=asked.vector,
            sentence_cosine=other.cosine,
        )


def _cosine(vector: Vector, other: Vector | None) -> float:
    """Of unit vectors; 0 where one is not known."""
    return float(np.dot(vector, other)) if other else 0.0


def _among(
    statements: Sequence[Memory],
    vectors: Mapping[str, Vector],
    sentences: Mapping[str, Sequence[Vector]],
) -> dict[str, list[Neighbour]]:
    """For each draft the nearest of those that were said before it: before the last
    time that it is said, where it is said again.
    """
    collected: dict[str, dict[str, Neighbour]] = defaultdict(dict)
    last = {memory.id: place for place, memory in enumerate(statements)}
    by_id = {memory.id: memory for memory in statements}
    first = {id: place for place, id in enumerate(by_id)}
    asking = list(_asked(statements, vectors, sentences)) if len(by_id) > 1 else []
    if not asking:
        return {id: [] for id in by_id}
    matrix = np.asarray([vectors[id] for id in by_id], dtype=np.float32)
    rows = np.asarray([asked.vector for asked in asking], np.float32) @ matrix.T
    for asked, row in zip(asking, rows, strict=True):
        earlier = [
            Neighbour(by_id[other], float(cosine), vectors[other])
            for other, cosine in zip(by_id, row, strict=True)
            if other != asked.id and first[other] < last[asked.id]
        ]
        earlier.sort(key=lambda neighbour: -neighbour.cosine)
        for other in earlier[: NEIGHBOURS if asked.is_whole else OF_SENTENCE]:
            _add(collected[asked.id], other, asked, vectors[asked.id])
    return {id: list(collected[id].values()) for id in by_id}
