"""The state of one owner's memories while the drafts of a job are merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.domain.job import Outcome, Receipt
from shared.domain.kinds import STATEMENTS
from shared.domain.memory import Embedded, Memory, Status
from shared.domain.memory_detail import CHANGES
from shared.language.search_text import searched_text, searched_words
from shared.ports import Embedder, Memories, RelationJudge
from workers.pipeline.merge.annotations import annotated, annotated_by
from workers.pipeline.merge.bearings import Bearing, Pair, judge_pairs
from workers.pipeline.merge.comparison import (
    adds_nothing,
    history_of,
    is_newer,
    reads_the_same,
    receipt,
)
from workers.pipeline.merge.duplicates import Overlap, overlap
from workers.pipeline.merge.identity import BY_SUBJECT
from workers.pipeline.merge.neighbours import (
    Neighbour,
    Vector,
    neighbours_among,
    stored_neighbours,
)
from workers.pipeline.merge.pairs import older_and_newer, pairs_to_judge

NEWER_DISAGREES = "something newer says otherwise"
"""Reason of a receipt: the memory is older than an existing one that contradicts it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the drafts of a job meet: memories by id, and how the new ones bear on them."""

    stored: Mapping[str, Memory] = field(default_factory=dict)
    """Memories of the same identity as a draft."""
    vectors: Mapping[str, Vector] = field(default_factory=dict)
    """Of the drafts that are new."""
    near: Mapping[str, Sequence[Memory]] = field(default_factory=dict)
    """For each new draft what is worth a look, nearest first: stored memories, and
    other drafts of the job.
    """
    bearings: Mapping[Pair, Bearing] = field(default_factory=dict)


class MergeSession:
    """What is known of one owner (a user or a knowledge base), as drafts are merged one by one."""

    def __init__(self, known: Known, judge: RelationJudge, now: int) -> None:
        self._known = known
        self._archive_from = judge.archive_from
        self._mark_from = judge.mark_from
        self._now = now
        self._state: dict[str, Memory] = {}
        self._superseded_by: dict[str, str] = {}

    @classmethod
    async def open(
        cls,
        candidates: Sequence[Memory],
        owner: str,
        memories: Memories,
        embedder: Embedder,
        judge: RelationJudge,
        now: int,
    ) -> MergeSession:
        """Fetch what the drafts may meet: memories of the same identity and the nearest
        ones of those that are new; and have the judge compare them.
        """
        if not candidates:
            return cls(Known(), judge, now)
        ids = list({memory.id: None for memory in candidates})
        existing = await memories.get(candidates[0].scope.project, ids)
        stored = {memory.id: memory for memory in existing}
        unstored = list(
            {
                memory.id: memory
                for memory in candidates
                if not adds_nothing(memory, stored.get(memory.id))
            }.values()
        )
        dense = await embedder.passages([searched_text(memory) for memory in unstored])
        vectors = {
            memory.id: vector for memory, vector in zip(unstored, dense, strict=True)
        }
        near = await stored_neighbours(unstored, vectors, owner, memories)
        for memory in unstored:
            near[memory.id] += _among(memory, unstored, vectors)
        pairs = pairs_to_judge(unstored, vectors, near, embedder.name)
        known = Known(
            stored,
            vectors,
            {id: [other.memory for other in others] for id, others in near.items()},
            await judge_pairs(pairs, judge),
        )
        return cls(known, judge, now)

    def merge_one(self, memory: Memory) -> Receipt:
        """Enter one draft; says what became of it."""
        current = self._state.get(memory.id) or self._known.stored.get(memory.id)
        if current is not None and current.status is Status.ACTIVATED:
            return self._duplicate(memory, current)
        if memory.id in self._superseded_by:
            return self._true_again(memory)
        if (
            current is not None
            and current.said_at >= memory.said_at > 0
            and memory.kind in STATEMENTS
        ):
            reason = "known, with what came after it"
            return receipt(memory, Outcome.MERGED, reason, memory.id)
        return self._against_neighbours(memory, current)

    def final_receipt(self, receipt: Receipt) -> Receipt:
        """The receipt as it stands after the last draft: what only swung back was known before."""
        stored = self._known.stored.get(receipt.memory)
        if receipt.outcome not in (
            Outcome.STORED,
            Outcome.SUPERSEDED,
        ) or not reads_the_same(self._state[receipt.memory], stored):
            return receipt
        return replace(
            receipt,
            outcome=Outcome.MERGED,
            reason="known, with what came after it",
            other=receipt.memory,
        )

    def changed_with_vectors(self) -> list[Embedded]:
        """What must be put: new memories, new versions, and what came back from the
        archive or was superseded before it was ever stored.
        """
        vectors = self._known.vectors
        return [
            Embedded(memory, searched_words(memory), vectors[memory.id])
            for memory in self._changed()
            if memory.id in vectors
        ]

    def changed_without_vectors(self, status: Status) -> list[Memory]:
        """Stored memories that changed and have this status by now: archived, or active
        and marked.
        """
        return [
            memory
            for memory in self._changed()
            if memory.id not in self._known.vectors and memory.status is status
        ]

    def _changed(self) -> list[Memory]:
        return [
            memory
            for id, memory in self._state.items()
            if not reads_the_same(memory, self._known.stored.get(id))
        ]

    def _true_again(self, memory: Memory) -> Receipt:
        """Said again after something else had taken its place in this very job."""
        other = self._superseded_by.pop(memory.id)
        while other in self._superseded_by:
            other = self._superseded_by[other]
        self._archive(self._state[other], memory.id)
        self._state[memory.id] = replace(
            self._state[memory.id], status=Status.ACTIVATED, updated_at=self._now
        )
        return receipt(memory, Outcome.STORED, "true again", other)

    def _duplicate(self, memory: Memory, current: Memory) -> Receipt:
        """The same identity is active: nothing to do, unless its subject has a new
        version, its words come with new tags, or it is true again.
        """
        if memory.type in BY_SUBJECT and memory.text != current.text:
            self._state[memory.id] = replace(memory, created_at=current.created_at)
            reason = "a new version of the same subject"
            return receipt(memory, Outcome.SUPERSEDED, reason, current.id)
        if memory.id in self._known.vectors and set(memory.tags) - set(current.tags):
            tags = tuple(dict.fromkeys((*current.tags, *memory.tags)))
            current = replace(current, tags=tags, updated_at=self._now)
            self._state[memory.id] = current
        if memory.id in self._known.vectors and is_newer(memory, current):
            self._renew(memory, current)
        return receipt(memory, Outcome.MERGED, "known in the same words", current.id)

    def _renew(self, memory: Memory, current: Memory) -> None:
        """What is said again is as new as that: notes on it are void, and what was said
        in between may hold no more.
        """
        outdated = self._outdate_others(memory)
        if outdated or current.detail.get(CHANGES):
            detail = {key: v for key, v in current.detail.items() if key != CHANGES}
            self._state[memory.id] = replace(
                memory,
                created_at=current.created_at,
                tags=current.tags,
                detail=detail,
                replaced=history_of(memory, self._archived_of(outdated), current),
            )

    def _against_neighbours(self, memory: Memory, current: Memory | None) -> Receipt:
        """Compare with what is near in meaning, nearest first: the same is kept once,
        and what does not hold any more is archived or marked.
        """
        fuller: list[Memory] = []
        for existing in self._comparable(memory):
            match = self._overlap(memory, existing)
            if match in (Overlap.WITHIN, Overlap.ALIKE):
                reason = f"{match} in what is known"
                return receipt(memory, Outcome.MERGED, reason, existing.id)
            if match is Overlap.FULLER:
                fuller.append(existing)
        for existing in self._comparable(memory):
            if is_newer(existing, memory) and self._archives(memory, existing):
                return receipt(memory, Outcome.DROPPED, NEWER_DISAGREES, existing.id)
        self._state[memory.id] = memory
        for existing in fuller:
            self._archive(existing, memory.id)
        changed = [*fuller, *self._outdate_others(memory)]
        history = history_of(memory, self._archived_of(changed), current)
        self._state[memory.id] = replace(self._state[memory.id], replaced=history)
        return self._receipt_of(memory, changed)

    def _receipt_of(self, memory: Memory, changed: Sequence[Memory]) -> Receipt:
        if not changed:
            return receipt(memory, Outcome.STORED)
        archived = self._archived_of(changed)
        reason = "newer than a part of what was known"
        if archived:
            reason = "fuller or newer than what was known"
        first = (archived or list(changed))[0]
        return receipt(memory, Outcome.SUPERSEDED, reason, first.id)

    def _archived_of(self, memories: Sequence[Memory]) -> list[Memory]:
        return [
            memory
            for memory in memories
            if self._state[memory.id].status is Status.ARCHIVED
        ]

    def _overlap(self, memory: Memory, existing: Memory) -> Overlap:
        """How far two memories of one kind say the same; NONE where the judge sees that
        they do not.
        """
        if existing.kind is not memory.kind:
            return Overlap.NONE
        bearing = self._bearing(existing, memory)
        if bearing is not None and not bearing.allows_merge:
            return Overlap.NONE
        return overlap(memory.text, existing.text)

    def _outdate_others(self, memory: Memory) -> list[Memory]:
        """Archive or mark what a memory makes outdated, and mark it where it is the
        older one; the others that it bore on.
        """
        bore_on: list[Memory] = []
        for existing in list(self._comparable(memory)):
            older, newer = older_and_newer(existing, memory)
            bearing = self._bearing(existing, memory)
            if bearing is None or bearing.change < self._mark_from:
                continue
            older = self._state.get(older.id, older)
            if older is not memory and self._archives(older, newer):
                self._archive(older, newer.id)
            elif not annotated_by(older, newer.id):
                self._state[older.id] = annotated(
                    older, bearing.outdated, newer, self._now
                )
            if older.id != memory.id:
                bore_on.append(existing)
        return bore_on

    def _archives(self, older: Memory, newer: Memory) -> bool:
        bearing = self._known.bearings.get((older.id, newer.id))
        return (
            bearing is not None
            and bearing.whole
            and bearing.change >= self._archive_from
        )

    def _bearing(self, existing: Memory, memory: Memory) -> Bearing | None:
        older, newer = older_and_newer(existing, memory)
        return self._known.bearings.get((older.id, newer.id))

    def _comparable(self, memory: Memory) -> Iterator[Memory]:
        """Active memories that are near, as they are by now: stored ones, and drafts of
        this job that were entered before.
        """
        for near in self._known.near.get(memory.id, ()):
            stored = near.job != memory.job or near.id in self._known.stored
            existing = self._state.get(near.id, near if stored else None)
            if existing is not None and existing.status is Status.ACTIVATED:
                yield existing

    def _archive(self, existing: Memory, by: str) -> None:
        self._state[existing.id] = existing.archived(self._now)
        self._superseded_by[existing.id] = by


def _among(
    memory: Memory, others: Sequence[Memory], vectors: Mapping[str, Vector]
) -> list[Neighbour]:
    """The nearest ones of the other drafts of a job."""
    by_id = {other.id: other for other in others}
    return [
        Neighbour(by_id[id], vectors[id])
        for id in neighbours_among(dict(vectors)).get(memory.id, ())
        if id != memory.id
    ]
