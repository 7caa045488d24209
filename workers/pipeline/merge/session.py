"""The state of one owner's memories while the drafts of a job are merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from shared.domain.job import Outcome, Receipt
from shared.domain.kinds import STATEMENTS
from shared.domain.memory import Embedded, Memory, Status
from shared.domain.memory_detail import SUBJECT
from shared.language.search_text import searched_text, searched_words
from shared.ports import Embedder, Memories
from workers.pipeline.merge.annotations import (
    annotated,
    annotated_by,
    fully_outdated,
    made_outdated,
    nearest,
    says_more,
)
from workers.pipeline.merge.claims import of_assistant
from workers.pipeline.merge.comparison import (
    adds_nothing,
    are_comparable,
    history_of,
    is_newer,
    reads_the_same,
    receipt,
    statement_of,
)
from workers.pipeline.merge.identity import BY_SUBJECT
from workers.pipeline.merge.neighbours import (
    Vector,
    neighbours_among,
    stored_neighbours,
)
from workers.pipeline.merge.outdated import Outdated
from workers.pipeline.merge.relations import Relation, relation

NEWER_DISAGREES = "something newer says otherwise"
"""Reason of a receipt: the memory is older than an existing one that contradicts it."""


class MergeSession:
    """What is known of one owner (a user or a knowledge base), as drafts are merged one by one."""

    def __init__(
        self,
        existing: Iterable[Memory],
        vectors: dict[str, Vector],
        nearby: dict[str, list[Memory]],
        now: int,
    ) -> None:
        self._stored = {memory.id: memory for memory in existing}
        self._vectors = vectors
        self._near = nearby
        self._own = neighbours_among(vectors)
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
        now: int,
    ) -> MergeSession:
        """Fetch what the drafts may meet: memories of the same identity, and the
        nearest ones of those that are new.
        """
        if not candidates:
            return cls((), {}, {}, now)
        existing = {
            memory.id: memory
            for memory in await memories.get(
                candidates[0].scope.project, list({memory.id for memory in candidates})
            )
        }
        unstored = list(
            {
                memory.id: memory
                for memory in candidates
                if not adds_nothing(memory, existing.get(memory.id))
            }.values()
        )
        dense = await embedder.passages([searched_text(memory) for memory in unstored])
        vectors = {
            memory.id: vector for memory, vector in zip(unstored, dense, strict=True)
        }
        return cls(
            existing.values(),
            vectors,
            await stored_neighbours(unstored, vectors, owner, memories),
            now,
        )

    def merge_one(self, memory: Memory) -> Receipt:
        """Enter one draft; says what became of it."""
        current = self._state.get(memory.id) or self._stored.get(memory.id)
        if current is not None and current.status is Status.ACTIVATED:
            return self._duplicate(memory, current)
        if memory.id in self._superseded_by:
            # Said again after something else had taken its place in this very job: true
            # again.
            other = self._superseded_by.pop(memory.id)
            while other in self._superseded_by:
                other = self._superseded_by[other]
            self._archive(self._state[other], memory.id)
            self._state[memory.id] = replace(
                self._state[memory.id], status=Status.ACTIVATED, updated_at=self._now
            )
            return receipt(memory, Outcome.STORED, "true again", other)
        if (
            current is not None
            and current.said_at >= memory.said_at > 0
            and memory.kind in STATEMENTS
        ):
            return receipt(
                memory, Outcome.MERGED, "known, with what came after it", memory.id
            )
        return self._against_neighbours(memory, current)

    def final_receipt(self, receipt: Receipt) -> Receipt:
        """The receipt as it stands after the last draft: what only swung back was known before."""
        stored = self._stored.get(receipt.memory)
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
        return [
            Embedded(memory, searched_words(memory), self._vectors[memory.id])
            for memory in self._changed()
            if memory.id in self._vectors
        ]

    def changed_without_vectors(self, status: Status) -> list[Memory]:
        """Stored memories that changed and have this status by now: archived, or active
        and marked.
        """
        return [
            memory
            for memory in self._changed()
            if memory.id not in self._vectors and memory.status is status
        ]

    def _changed(self) -> list[Memory]:
        return [
            memory
            for id, memory in self._state.items()
            if not reads_the_same(memory, self._stored.get(id))
        ]

    def _duplicate(self, memory: Memory, current: Memory) -> Receipt:
        """The same identity is active: nothing to do, unless its subject has a new
        version or its words come with new tags.
        """
        if memory.type in BY_SUBJECT and memory.text != current.text:
            self._state[memory.id] = replace(memory, created_at=current.created_at)
            return receipt(
                memory,
                Outcome.SUPERSEDED,
                "a new version of the same subject",
                current.id,
            )
        if memory.id in self._vectors and set(memory.tags) - set(current.tags):
            current = self._state[memory.id] = replace(
                current,
                tags=tuple(dict.fromkeys((*current.tags, *memory.tags))),
                updated_at=self._now,
            )
        if memory.id in self._vectors and memory.said_at > current.said_at:
            self._mark_outdated(memory)
        return receipt(memory, Outcome.MERGED, "known in the same words", current.id)

    def _against_neighbours(self, memory: Memory, current: Memory | None) -> Receipt:
        """Compare with what is near in meaning, nearest first; the first relation
        decides, except that a change may end several.
        """
        related = self._related(memory)
        for existing, how in related:
            if how in (Relation.WITHIN, Relation.ALIKE):
                reason = f"{how} in what is known"
                return receipt(memory, Outcome.MERGED, reason, existing.id)
            if how is Relation.AGAINST and is_newer(existing, memory):
                return receipt(memory, Outcome.DROPPED, NEWER_DISAGREES, existing.id)
        replaced = self._replace(memory, current, related)
        if memory.id in self._superseded_by:
            by = self._superseded_by[memory.id]
            return receipt(memory, Outcome.DROPPED, NEWER_DISAGREES, by)
        if not replaced:
            return receipt(memory, Outcome.STORED)
        archived = [
            existing
            for existing in replaced
            if self._state[existing.id].status is Status.ARCHIVED
        ]
        reason = "newer than a part of what was known"
        if archived:
            reason = "fuller or newer than what was known"
        first = (archived or replaced)[0]
        return receipt(memory, Outcome.SUPERSEDED, reason, first.id)

    def _replace(
        self,
        memory: Memory,
        current: Memory | None,
        related: Sequence[tuple[Memory, Relation]],
    ) -> list[Memory]:
        """Enter the memory and archive or annotate what it replaces; those, in order."""
        superseded: list[Memory] = []
        partly_outdated: list[Memory] = []
        for existing, how in related:
            keeps_more = how is Relation.AGAINST and says_more(existing, memory)
            (partly_outdated if keeps_more else superseded).append(existing)
        history = history_of(memory, superseded, current)
        self._state[memory.id] = replace(memory, replaced=history)
        for existing in superseded:
            self._archive(existing, memory.id)
        for existing in partly_outdated:
            outdated_claims = [nearest(existing, memory)]
            self._state[existing.id] = annotated(
                existing, outdated_claims, memory, self._now
            )
        return superseded + partly_outdated + self._mark_outdated(memory)

    def _mark_outdated(self, memory: Memory) -> list[Memory]:
        """Mark or archive what a memory makes outdated, and itself where it is the
        older one; the others that this bore on.
        """
        bore_on = []
        for existing in list(self._comparable(memory)):
            older, newer = existing, memory
            if is_newer(existing, memory):
                older, newer = memory, existing
            outdated_claims = (
                [] if annotated_by(older, newer.id) else made_outdated(newer, older)
            )
            if outdated_claims:
                self._outdate(self._state.get(older.id, older), newer, outdated_claims)
                bore_on.append(existing)
        return [existing for existing in bore_on if not is_newer(existing, memory)]

    def _outdate(
        self, older: Memory, newer: Memory, outdated_claims: Sequence[Outdated]
    ) -> None:
        if not fully_outdated(older, outdated_claims, newer):
            self._state[older.id] = annotated(older, outdated_claims, newer, self._now)
            return
        self._archive(older, newer.id)
        current = self._state.get(newer.id, newer)
        self._state[newer.id] = replace(
            current, replaced=history_of(current, [older], current)
        )

    def _related(self, memory: Memory) -> list[tuple[Memory, Relation]]:
        """The active memories that bear on a new one; of another kind only those that
        it makes untrue.
        """
        said = statement_of(memory)
        pairs = [
            (existing, relation(said, statement_of(existing)))
            for existing in self._comparable(memory)
        ]
        against = not of_assistant(
            memory.text
        )  # what it says changes nothing: it repeats, plans and gets things wrong
        return [
            (existing, how)
            for existing, how in pairs
            if (how is Relation.AGAINST and against)
            or (
                how is not Relation.AGAINST
                and how is not Relation.NONE
                and existing.kind is memory.kind
            )
        ]

    def _comparable(self, memory: Memory) -> Iterator[Memory]:
        """Active memories that are near in meaning, of the same subject or known from
        this very job: stored ones as they are by now, and new ones. The latter: what
        lay within a sentence beside it does so when the talk is added again.
        """
        own = [
            self._state[id] for id in self._own.get(memory.id, ()) if id in self._state
        ]
        subject = memory.detail.get(SUBJECT)
        own += [
            other
            for other in self._state.values()
            if subject and other.detail.get(SUBJECT) == subject
        ]
        nearby = (*self._near.get(memory.id, ()), *own, *self._stored.values())
        for existing in {
            other.id: self._state.get(other.id, other) for other in nearby
        }.values():
            if (
                existing.id != memory.id
                and existing.status is Status.ACTIVATED
                and are_comparable(existing, memory)
            ):
                yield existing

    def _archive(self, existing: Memory, by: str) -> None:
        self._state[existing.id] = existing.archived(self._now)
        self._superseded_by[existing.id] = by
