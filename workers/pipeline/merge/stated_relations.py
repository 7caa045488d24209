"""Relations that an extractor states itself: one that was shown what is known says how
each draft bears on it. They take the place of the judge's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.domain.extraction import Bears, Draft, Relation
from shared.domain.memory import Memory, Status, Type
from workers.pipeline.merge.bearings import Bearing, Pair
from workers.pipeline.merge.pairs import are_comparable, older_and_newer
from workers.pipeline.merge.without_superseded import StoredMemories

STATED = math.inf
"""More than any probability: what is stated is not judged, whatever a judge asks for."""
BEARINGS: Mapping[Bears, Bearing] = {
    Bears.SAME: Bearing(change=0.0, not_same=0.0, same=True),
    Bears.ADDS: Bearing(change=0.0, not_same=0.0),
    Bears.UPDATES: Bearing(change=STATED, not_same=STATED),
    Bears.ENDS: Bearing(change=STATED, not_same=STATED),
    Bears.CORRECTS: Bearing(change=STATED, not_same=STATED),
}
"""What each relation means for merging."""


@dataclass(frozen=True, slots=True)
class StatedRelations:
    """What the extractors of some candidates have stated, by the candidates' ids; no
    entry for a candidate whose extractor compares nothing.
    """

    relations: Mapping[str, Sequence[Relation]] = field(default_factory=dict)
    compared: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Ids of the memories that each was compared with."""

    @classmethod
    def of(
        cls, drafts: Sequence[Draft], candidates: Sequence[Memory]
    ) -> StatedRelations:
        """Those of drafts, and the same as memories of their user. (What an extractor is
        shown belongs to the user: of knowledge bases nothing is stated.)
        """
        relations: dict[str, list[Relation]] = {}
        compared: dict[str, frozenset[str]] = {}
        for draft, memory in zip(drafts, candidates, strict=True):
            if draft.compared is not None and not memory.knowledge_base:
                relations.setdefault(memory.id, []).extend(draft.relations)
                others = compared.get(memory.id, frozenset())
                compared[memory.id] = others.union(draft.compared)
        return cls(relations, compared)

    def settles(self, memory: Memory, other: Memory) -> bool:
        """Whether the extractor has compared the two: then what it has not stated is
        not. It has read the drafts of one job beside each other.
        """
        of_memory = self.compared.get(memory.id)
        if of_memory is None:
            return False
        return other.id in of_memory or other.id in self.compared

    async def known_memories(
        self, candidates: Sequence[Memory], memories: StoredMemories
    ) -> dict[str, Memory]:
        """The memories that relations name, by id: those that are still active and may
        be compared with the candidate. (A model may name what has gone meanwhile.)
        """
        ids: dict[str, None] = {}
        for relations in self.relations.values():
            ids.update((relation.memory, None) for relation in relations)
        ids.pop("", None)
        if not ids:
            return {}
        first = candidates[0]
        recalled = await memories.get(first.scope.project, list(ids))
        return {
            memory.id: memory
            for memory in recalled
            if memory.status is Status.ACTIVATED
            and memory.scope.user == first.scope.user
            and not memory.knowledge_base
        }

    def bearings(
        self, candidates: Sequence[Memory], recalled: Mapping[str, Memory]
    ) -> dict[Pair, Bearing]:
        """The bearing of each (older, newer) pair of a candidate with what it names."""
        bearings: dict[Pair, Bearing] = {}
        for memory, other, relation in self._pairs(candidates, recalled):
            older, newer = older_and_newer(other, memory)
            bearing = BEARINGS[relation.bears]
            if bearing.same and _is_stated_now(newer, older):
                bearing = replace(BEARINGS[Bears.UPDATES], whole=True)
            elif bearing.change and older is other:
                bearing = replace(bearing, whole=relation.whole)
            bearings[older.id, newer.id] = bearing
        return bearings

    def others_of(
        self, candidates: Sequence[Memory], recalled: Mapping[str, Memory]
    ) -> dict[str, list[Memory]]:
        """For each candidate what its relations name, whether it is near or not."""
        others: dict[str, list[Memory]] = {}
        for memory, other, _ in self._pairs(candidates, recalled):
            others.setdefault(memory.id, []).append(other)
        return others

    def _pairs(
        self, candidates: Sequence[Memory], recalled: Mapping[str, Memory]
    ) -> Iterator[tuple[Memory, Memory, Relation]]:
        by_text = {memory.text: memory for memory in candidates}
        for memory in candidates:
            for relation in self.relations.get(memory.id, ()):
                other = recalled.get(relation.memory) or by_text.get(relation.text)
                if other is None or other.id == memory.id:
                    continue
                if are_comparable(memory, other):
                    yield memory, other, relation


def _is_stated_now(memory: Memory, earlier: Memory) -> bool:
    """Whether a wish that was inferred is stated now: then the statement is kept."""
    return memory.type is Type.EXPLICIT and earlier.type is Type.IMPLICIT
