"""The state of one owner's memories while the drafts of a job are merged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import chain
from typing import Any

from shared.domain.job import Outcome, Receipt
from shared.domain.kinds import STATEMENTS
from shared.domain.memory import Embedded, Memory, Status
from shared.domain.memory_detail import (
    CHANGES,
    LIKELY_CHANGES,
    NOTES,
    PRESENT,
    filtered_notes,
)
from shared.language.search_text import searched_words
from shared.ports import RelationJudge
from workers.pipeline.merge.annotations import annotated, annotated_by
from workers.pipeline.merge.bearings import Bearing
from workers.pipeline.merge.comparison import (
    history_of,
    is_newer,
    reads_the_same,
    receipt,
)
from workers.pipeline.merge.duplicates import Overlap, overlap
from workers.pipeline.merge.encounter import Known
from workers.pipeline.merge.identity import BY_SUBJECT
from workers.pipeline.merge.pairs import (
    is_from_file,
    of_one_sitting,
    of_same_speaker,
    older_and_newer,
)
from workers.pipeline.merge.small_talk import SMALL_TALK, surely_changes
from workers.pipeline.merge.telling import shares_words

PAST = 0.8
"""Probability from which a statement is taken to be about the past."""
NEWER_DISAGREES = "something newer says otherwise"
"""Reason of a receipt: the memory is older than an existing one that contradicts it."""
SAID_AGAIN = "said again in other words"
"""Reason of a receipt: a memory that is known says the same."""
KNOWN_TO_THE_END = "known, with what came after it"
"""Reason of a receipt: it was said once, and is archived."""


class MergeSession:
    """What is known of one owner (a user or a knowledge base), as drafts are merged one by one."""

    def __init__(
        self,
        encountered: Known,
        judge: RelationJudge,
        now: int,
        taking_back: Set[str] = frozenset(),
    ) -> None:
        """`now`: epoch milliseconds; `taking_back`: ids of the drafts that likely correct
        what was said before.
        """
        self._known = encountered
        self._taking_back = taking_back
        self._archive_from = judge.archive_from
        self._now = now
        self._state: dict[str, Memory] = {}
        self._archived_here: set[str] = set()
        self._only_as_change: set[str] = set()

    def merge_one(self, memory: Memory, *, only_as_change: bool = False) -> Receipt:
        """Enter one draft; says what became of it. `only_as_change`: whether it is entered
        only where it surely changes something known.
        """
        if only_as_change:
            if not surely_changes(
                memory, self._comparable(memory), self._known.bearings
            ):
                return receipt(memory, Outcome.DROPPED, SMALL_TALK)
            self._only_as_change.add(memory.id)
        current = self._state.get(memory.id) or self._known.stored.get(memory.id)
        if current is not None and current.status is Status.ACTIVATED:
            return self._duplicate(memory, current)
        if current is not None and self._is_old_news(memory, current):
            return receipt(memory, Outcome.MERGED, KNOWN_TO_THE_END, memory.id)
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
            reason=KNOWN_TO_THE_END,
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

    def _is_old_news(self, memory: Memory, archived: Memory) -> bool:
        """Whether a statement that is archived comes as it was, and not said again."""
        if memory.id in self._archived_here and memory.id in self._known.vectors:
            return False
        return archived.said_at >= memory.said_at > 0 and memory.kind in STATEMENTS

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
        """What is said again is as new as that: older notes on it are void, and what was
        said in between may hold no more. It keeps its words and days if nothing changed.
        """
        detail = _with_later_notes(current, memory.said_at)
        self._state[memory.id] = replace(
            memory, created_at=current.created_at, tags=current.tags, detail=detail
        )
        outdated = self._outdate_others(memory)
        renewed = self._state[memory.id]
        if not outdated and detail == current.detail:
            renewed = replace(current, said_at=memory.said_at, detail=renewed.detail)
        history = history_of(memory, self._archived_of(outdated), current)
        self._state[memory.id] = replace(renewed, replaced=history)

    def _against_neighbours(self, memory: Memory, current: Memory | None) -> Receipt:
        """Compare with what is near in meaning, nearest first: the same is kept once,
        and what does not hold any more is archived or marked.
        """
        fuller: list[Memory] = []
        for existing in self._comparable(memory):
            if self._repeats(memory, existing):
                self._renew_known(memory, existing)
                return receipt(memory, Outcome.MERGED, SAID_AGAIN, existing.id)
            match = self._overlap(memory, existing)
            if match is Overlap.WITHIN:
                reason = f"{match} in what is known"
                return receipt(memory, Outcome.MERGED, reason, existing.id)
            if match is Overlap.FULLER:
                fuller.append(existing)
        for existing in self._comparable(memory):
            if is_newer(existing, memory) and self._archives(memory, existing):
                return receipt(memory, Outcome.DROPPED, NEWER_DISAGREES, existing.id)
        self._state[memory.id] = memory
        for existing in fuller:
            self._archive(existing)
        changed = [*fuller, *self._outdate_others(memory)]
        history = history_of(memory, self._archived_of(changed), current)
        self._state[memory.id] = replace(self._state[memory.id], replaced=history)
        return self._receipt_of(memory, changed)

    def _repeats(self, memory: Memory, existing: Memory) -> bool:
        """Whether an extractor that has compared the two says that they are the same."""
        bearing = self._bearing(existing, memory)
        return (
            bearing is not None
            and bearing.same
            and existing.kind is memory.kind
            and of_same_speaker(memory, existing)
        )

    def _renew_known(self, memory: Memory, existing: Memory) -> None:
        """What is said again in other words keeps its own, and is as new as that: notes on
        what had changed before are void.
        """
        tags = tuple(dict.fromkeys((*existing.tags, *memory.tags)))
        renewed = replace(existing, tags=tags)
        if is_newer(memory, existing):
            detail = _with_later_notes(existing, memory.said_at)
            renewed = replace(renewed, said_at=memory.said_at, detail=detail)
        if renewed != existing:
            self._state[existing.id] = replace(renewed, updated_at=self._now)

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
        """Those that are archived by now; what was marked before is no state of this job."""
        return [
            memory
            for memory in memories
            if self._state.get(memory.id, memory).status is Status.ARCHIVED
        ]

    def _overlap(self, memory: Memory, existing: Memory) -> Overlap:
        """How far two memories of one kind and one speaker say the same; NONE where the
        judge sees that they do not.
        """
        if existing.kind is not memory.kind or not of_same_speaker(memory, existing):
            return Overlap.NONE
        bearing = self._bearing(existing, memory)
        if bearing is not None and not bearing.allows_merge:
            return Overlap.NONE
        match = overlap(memory.text, existing.text)
        if match is Overlap.FULLER and (
            is_from_file(existing) or is_newer(existing, memory)
        ):
            return Overlap.NONE
        if match is Overlap.WITHIN and _is_outdated_before(memory, existing):
            return Overlap.NONE
        return match

    def _outdate_others(self, memory: Memory) -> list[Memory]:
        """Archive or mark what a memory makes outdated, and mark it where it is the
        older one; the others that it bore on.
        """
        bore_on: list[Memory] = []
        for existing, bearing in self._bearings_on(memory):
            own = self._state[memory.id]
            older, newer = older_and_newer(existing, own)
            if bearing is None or not bearing.marks:
                self._note_lightly(older, newer, bearing)
                continue
            if older is existing:
                bore_on.append(existing)
            if older is existing and self._archives(older, newer):
                self._archive(older)
            elif not annotated_by(older, newer.id, (CHANGES,)):
                marked = annotated(older, bearing, newer)
                self._state[older.id] = replace(marked, updated_at=self._now)
        return bore_on

    def _bearings_on(self, memory: Memory) -> list[tuple[Memory, Bearing | None]]:
        """The memories that one is compared with, and what either means for the other. A
        statement seldom changes two others: beside the one that it likeliest changes the
        others have to look surer.
        """
        pairs = [
            (existing, self._bearing(existing, memory))
            for existing in self._comparable(memory)
            if memory.id not in self._only_as_change
            or shares_words(existing.text, memory.text)
        ]  # "Got it back!" is news of something, and of what is a guess
        may_change = {
            existing.id: bearing.change
            for existing, bearing in pairs
            if bearing is not None and not is_newer(existing, memory)
        }
        most = max(may_change.values(), default=0.0)
        return [
            (existing, bearing.less_likely())
            if bearing is not None and may_change.get(existing.id, most) < most
            else (existing, bearing)
            for existing, bearing in pairs
        ]

    def _note_lightly(
        self, older: Memory, newer: Memory, bearing: Bearing | None
    ) -> None:
        """What is said of the past names the memory that says what is so now; what a newer
        one of another sitting or a correction likely changes, too little surely to be
        marked, is noted as that.
        """
        if bearing is None:
            return
        if bearing.past >= PAST:
            of = self._state.get(newer.id, newer)
            ids = dict.fromkeys((*of.detail.get(PRESENT, ()), older.id))
            detail = {**of.detail, PRESENT: list(ids)}
            self._state[of.id] = replace(of, detail=detail)
        elif (
            bearing.is_likely
            and (newer.id in self._taking_back or not of_one_sitting(older, newer))
            and not annotated_by(older, newer.id)
        ):
            noted = annotated(older, bearing, newer, LIKELY_CHANGES)
            self._state[older.id] = replace(noted, updated_at=self._now)

    def _archives(self, older: Memory, newer: Memory) -> bool:
        """Whether it is proven that nothing of the older one holds any more."""
        bearing = self._known.bearings.get((older.id, newer.id))
        return (
            bearing is not None
            and bearing.whole
            and bearing.change >= self._archive_from
            and of_same_speaker(older, newer)
        )

    def _bearing(self, existing: Memory, memory: Memory) -> Bearing | None:
        older, newer = older_and_newer(existing, memory)
        return self._known.bearings.get((older.id, newer.id))

    def _comparable(self, memory: Memory) -> Iterator[Memory]:
        """Active memories that are near, as they are by now: stored ones, and drafts of
        this job that were entered before.
        """
        for near in self._known.near.get(memory.id, ()):
            existing = self._by_now(near)
            if existing is not None and existing.status is Status.ACTIVATED:
                yield existing

    def _by_now(self, near: Memory) -> Memory | None:
        """A neighbour as it is by now; None for a draft that was not entered yet."""
        existing = self._state.get(near.id) or self._known.stored.get(near.id)
        if existing is None and near.id not in self._known.vectors:
            return near
        return existing

    def _archive(self, existing: Memory) -> None:
        self._state[existing.id] = existing.archived(self._now)
        self._archived_here.add(existing.id)


def _is_outdated_before(memory: Memory, existing: Memory) -> bool:
    """Whether a part of an existing memory held no more when this one was said."""
    notes = chain.from_iterable(existing.detail.get(key, ()) for key in NOTES)
    return any(note["said_at"] < memory.said_at for note in notes)


def _with_later_notes(memory: Memory, moment: int) -> dict[str, Any]:
    """The detail without the notes on what was said until then (epoch milliseconds)."""
    return filtered_notes(memory.detail, lambda note: bool(note["said_at"] > moment))
