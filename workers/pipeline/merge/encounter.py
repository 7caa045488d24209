"""What the drafts of a job meet: known memories, and how the drafts bear on them and on each
other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from shared.domain.memory import Memory
from shared.language.search_text import searched_text
from shared.ports import Embedder, RelationJudge
from workers.pipeline.merge.bearings import Bearing, Pair
from workers.pipeline.merge.comparison import adds_nothing
from workers.pipeline.merge.instruction_matters import settled_by_matter
from workers.pipeline.merge.judge_pairs import judge_pairs
from workers.pipeline.merge.neighbours import Neighbour, Vector, nearest
from workers.pipeline.merge.pairs import (
    Comparison,
    comparable_neighbours,
    is_from_file,
    to_judge,
)
from workers.pipeline.merge.sentences_of import sentences_of
from workers.pipeline.merge.stated_relations import StatedRelations
from workers.pipeline.merge.without_superseded import StoredMemories


@dataclass(frozen=True, slots=True)
class Known:
    """What the drafts of a job meet: memories by id, and how the new ones bear on them."""

    stored: Mapping[str, Memory] = field(default_factory=dict)
    """Memories of the same identity as a draft, and those that drafts name."""
    vectors: Mapping[str, Vector] = field(default_factory=dict)
    """Of the drafts that are new, and of the memories that one of them repeats."""
    near: Mapping[str, Sequence[Memory]] = field(default_factory=dict)
    """For each new draft what it is compared with, nearest first: stored memories, and
    drafts of the job.
    """
    bearings: Mapping[Pair, Bearing] = field(default_factory=dict)


async def encounter(
    candidates: Sequence[Memory],
    owner: str,
    memories: StoredMemories,
    embedder: Embedder,
    judge: RelationJudge,
    stated: StatedRelations | None = None,
    *,
    existing: Mapping[str, Memory],
) -> Known:
    """Fetch what the drafts may meet: the nearest ones of those that are new, and those
    that their relations name; and have the judge compare what their extractor has not.
    `existing`: the memories of the same identity, by id, others among them.
    """
    if not candidates:
        return Known()
    stated = stated or StatedRelations()
    ids = {memory.id for memory in candidates}
    stored = {id: memory for id, memory in existing.items() if id in ids}
    new = [m for m in candidates if not adds_nothing(m, stored.get(m.id))]
    vectors = await _vectors(new, embedder)
    sentences = await _sentence_vectors(new, embedder)
    near = _comparable(new, await nearest(new, vectors, owner, memories, sentences))
    named = await stated.known_memories(new, memories) if new else {}
    bearings = await _judged(new, near, vectors, stated, embedder, judge)
    bearings |= stated.bearings(new, named)
    # What is repeated is written again, with its vector.
    vectors |= await _vectors(_repeated(bearings, named), embedder)
    met = _met(near, stated.others_of(new, named))
    return Known(named | stored, vectors, met, bearings)


def _comparable(
    new: Sequence[Memory], near: Mapping[str, Sequence[Neighbour]]
) -> dict[str, list[Neighbour]]:
    by_id = {memory.id: memory for memory in new}
    return {id: comparable_neighbours(by_id[id], others) for id, others in near.items()}


async def _judged(
    new: Sequence[Memory],
    near: Mapping[str, Sequence[Neighbour]],
    vectors: Mapping[str, Vector],
    stated: StatedRelations,
    embedder: Embedder,
    judge: RelationJudge,
) -> dict[Pair, Bearing]:
    by_id = {memory.id: memory for memory in new}
    comparisons: list[Comparison] = []
    for id, others in near.items():
        memory = by_id[id]
        open_ = [o for o in others if not stated.settles(memory, o.memory)]
        comparisons += to_judge(memory, vectors[id], open_, embedder.name)
    bearings = await judge_pairs(comparisons, judge)
    pairs = [(compared.older, compared.newer) for compared in comparisons]
    return bearings | await settled_by_matter(pairs, bearings, embedder)


def _met(
    near: Mapping[str, Sequence[Neighbour]], stated: Mapping[str, Sequence[Memory]]
) -> dict[str, list[Memory]]:
    """What each draft is compared with: what its relations name comes first."""
    met: dict[str, list[Memory]] = {}
    for id, others in near.items():
        distinct = {other.id: other for other in stated.get(id, ())}
        distinct |= {other.memory.id: other.memory for other in others}
        met[id] = list(distinct.values())
    return met


async def _vectors(memories: Sequence[Memory], embedder: Embedder) -> dict[str, Vector]:
    """The vectors of memories by id."""
    by_id = {memory.id: memory for memory in memories}
    dense = await embedder.passages(list(map(searched_text, by_id.values())))
    return dict(zip(by_id, dense, strict=True))


async def _sentence_vectors(
    memories: Sequence[Memory], embedder: Embedder
) -> dict[str, list[Vector]]:
    """Those of the sentences of what was said, of each with several, by id."""
    texts = {m.id: sentences_of(m) for m in memories if not is_from_file(m)}
    dense = iter(await embedder.passages(list(chain.from_iterable(texts.values()))))
    return {id: list(islice(dense, len(said))) for id, said in texts.items() if said}


def _repeated(
    bearings: Mapping[Pair, Bearing], named: Mapping[str, Memory]
) -> list[Memory]:
    """The known memories that a draft says in other words."""
    same = [pair for pair, bearing in bearings.items() if bearing.same]
    ids = set(chain.from_iterable(same))
    return [memory for id, memory in named.items() if id in ids]
