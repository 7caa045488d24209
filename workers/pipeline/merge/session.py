"""Merge: what is found new, next to what is known. The same is kept once, a fuller
statement replaces a part of it, a change archives what it makes untrue, or marks it
where it tells more than that. Every draft gets a receipt.

Drafts are weighed in the order in which they were said, against the known memories and
against each other. Said twice, a talk changes nothing: identity is computed from the
words, and what would only swing back is not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from shared.domain.extraction import Draft
from shared.domain.identity import computed_id
from shared.domain.job import Job, Outcome, Receipt
from shared.domain.job_payload import DocumentPayload
from shared.domain.kinds import STATEMENTS
from shared.domain.memory import KIND_OF_TYPE, Embedded, Kind, Memory, Status, Type
from shared.domain.memory_detail import SUBJECT
from shared.language.change_notes import newer_ids
from shared.language.lexical import without_date
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
from workers.pipeline.merge.neighbours import (
    Vector,
    neighbours_among,
    stored_neighbours,
)
from workers.pipeline.merge.outdated import Outdated, tells_of_change
from workers.pipeline.merge.relations import Relation, Statement, relation

NEWER_DISAGREES = "something newer says otherwise"
"""Reason of a receipt: the memory is older than an existing one that contradicts it."""
BY_SUBJECT = frozenset({Type.SCHEMA, Type.SKILL})
"""Types that hold one memory a subject: a new version takes the place of the old one."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What to store, what to archive and what to note on known memories (as they are to
    be kept), and what became of each draft, in order.
    """

    new: list[Embedded] = field(default_factory=list)
    archived: list[Memory] = field(default_factory=list)
    annotated: list[Memory] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)


async def merge(
    drafts: Sequence[Draft], job: Job, memories: Memories, embedder: Embedder, now: int
) -> Merged:
    """Weigh the drafts of a job against what its user, and each knowledge base that it
    writes to, already holds. `now`: epoch milliseconds.

    The memories of one job get times one millisecond apart, in the order of the drafts:
    so their order stays known.
    """
    merged = Merged()
    for owner in owners(job):
        candidates = [
            _memory(draft, job, owner, now + index)
            for index, draft in enumerate(drafts)
        ]
        also_preferences = _facts_that_are_preferences(candidates)
        session = await MergeSession.open(
            [memory for memory in candidates if memory.id not in also_preferences],
            owner,
            memories,
            embedder,
            now,
        )
        receipts = [
            _receipt(memory, Outcome.DROPPED, "kept as a preference")
            if memory.id in also_preferences
            else session.merge_one(memory)
            for memory in candidates
        ]
        merged.receipts.extend(map(session.final_receipt, receipts))
        merged.new.extend(session.changed_with_vectors())
        merged.archived.extend(session.changed_without_vectors(Status.ARCHIVED))
        merged.annotated.extend(session.changed_without_vectors(Status.ACTIVATED))
    return merged


def owners(job: Job) -> tuple[str, ...]:
    """Where the memories of a job go: "" is its user, the others are knowledge bases.
    Documents belong to knowledge bases only.
    """
    if isinstance(job.payload, DocumentPayload):
        return job.options.knowledge_bases
    return ("", *job.options.knowledge_bases)


def _memory(draft: Draft, job: Job, owner: str, at: int) -> Memory:
    return Memory(
        id=_identity(draft, job, owner),
        scope=job.scope,
        type=draft.type,
        text=draft.text,
        title=draft.title,
        confidence=draft.confidence,
        tags=draft.tags,
        info=job.options.info,
        created_at=at,
        updated_at=at,
        happened_at=draft.happened_at,
        said_at=draft.said_at or draft.happened_at,
        context=draft.context,
        reasoning=draft.reasoning,
        experience=draft.experience,
        tools=draft.tools,
        origins=draft.origins,
        speaker=draft.speaker,
        job=job.id,
        detail={**draft.detail, SUBJECT: draft.subject}
        if draft.subject
        else draft.detail,
        public=job.options.public and not owner,
        knowledge_base=owner,
    )


def _identity(draft: Draft, job: Job, owner: str) -> str:
    """The same words in the same place are the same memory; labels that filters ask for
    keep it apart, so that both are found.
    """
    kind = KIND_OF_TYPE[draft.type]
    words = (
        f"subject:{draft.subject}"
        if draft.type in BY_SUBJECT and draft.subject
        else _normal(without_date(draft.text))
    )
    labels = [
        job.scope.agent,
        job.scope.app,
        *sorted(map(str, job.options.info.items())),
        "public" if job.options.public else "",
    ]
    conversation = job.scope.conversation if draft.type is Type.TRAJECTORY else ""
    parts = [job.scope.project, owner or job.scope.user, kind, words, conversation]
    return computed_id(*parts, *labels) if any(labels) else computed_id(*parts)


def _normal(text: str) -> str:
    """The words alone, lower case: spacing and punctuation make no other memory."""
    return " ".join(re.findall(r"[^\W_]+(?:[.,:/'’-][^\W_]+)*", text.lower()))


def _facts_that_are_preferences(candidates: Sequence[Memory]) -> set[str]:
    """Facts of a job that only say what one of its preferences says."""
    preferences = [memory for memory in candidates if memory.kind is Kind.PREFERENCE]
    preference_keys = set(chain.from_iterable(map(_keys, preferences)))
    return {
        memory.id
        for memory in candidates
        if memory.kind is Kind.FACT and preference_keys.intersection(_keys(memory))
    }


def _keys(memory: Memory) -> Iterator[str]:
    yield _normal(without_date(memory.text))
    if memory.detail.get(SUBJECT):
        yield f"subject:{memory.detail[SUBJECT]}"


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
                if not _adds_nothing(memory, existing.get(memory.id))
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
            return self._reactivated(memory)
        if (
            current is not None
            and current.said_at >= memory.said_at > 0
            and memory.kind in STATEMENTS
        ):
            return _receipt(
                memory, Outcome.MERGED, "known, with what came after it", memory.id
            )
        return self._against_neighbours(memory, current)

    def final_receipt(self, receipt: Receipt) -> Receipt:
        """The receipt as it stands after the last draft: what only swung back was known before."""
        stored = self._stored.get(receipt.memory)
        if receipt.outcome not in (Outcome.STORED, Outcome.SUPERSEDED) or not _same(
            self._state[receipt.memory], stored
        ):
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
            if not _same(memory, self._stored.get(id))
        ]

    def _duplicate(self, memory: Memory, current: Memory) -> Receipt:
        """The same identity is active: nothing to do, unless its subject has a new
        version or its words come with new tags.
        """
        if memory.type in BY_SUBJECT and memory.text != current.text:
            self._state[memory.id] = replace(memory, created_at=current.created_at)
            return _receipt(
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
        return _receipt(memory, Outcome.MERGED, "known in the same words", current.id)

    def _reactivated(self, memory: Memory) -> Receipt:
        """Said again after something else had taken its place in this very job: true again."""
        other = self._superseded_by.pop(memory.id)
        while other in self._superseded_by:
            other = self._superseded_by[other]
        self._archive(self._state[other], memory.id)
        self._state[memory.id] = replace(
            self._state[memory.id], status=Status.ACTIVATED, updated_at=self._now
        )
        return _receipt(memory, Outcome.STORED, "true again", other)

    def _against_neighbours(self, memory: Memory, current: Memory | None) -> Receipt:
        """Compare with what is near in meaning, nearest first; the first relation
        decides, except that a change may end several.
        """
        related = self._related(memory)
        for existing, how in related:
            if how in (Relation.WITHIN, Relation.ALIKE):
                reason = f"{how} in what is known"
                return _receipt(memory, Outcome.MERGED, reason, existing.id)
            if how is Relation.AGAINST and _newer(existing, memory):
                return _receipt(memory, Outcome.DROPPED, NEWER_DISAGREES, existing.id)
        replaced = self._replace(memory, current, related)
        if memory.id in self._superseded_by:
            by = self._superseded_by[memory.id]
            return _receipt(memory, Outcome.DROPPED, NEWER_DISAGREES, by)
        if not replaced:
            return _receipt(memory, Outcome.STORED)
        return self._superseding_receipt(memory, replaced)

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
        history = _history(memory, superseded, current)
        self._state[memory.id] = replace(memory, replaced=history)
        for existing in superseded:
            self._archive(existing, memory.id)
        for existing in partly_outdated:
            outdated_claims = [nearest(existing, memory)]
            self._state[existing.id] = annotated(
                existing, outdated_claims, memory, self._now
            )
        return superseded + partly_outdated + self._mark_outdated(memory)

    def _superseding_receipt(
        self, memory: Memory, replaced: Sequence[Memory]
    ) -> Receipt:
        archived = [
            existing
            for existing in replaced
            if self._state[existing.id].status is Status.ARCHIVED
        ]
        reason = "newer than a part of what was known"
        if archived:
            reason = "fuller or newer than what was known"
        first = (archived or replaced)[0]
        return _receipt(memory, Outcome.SUPERSEDED, reason, first.id)

    def _mark_outdated(self, memory: Memory) -> list[Memory]:
        """Mark or archive what a memory makes outdated, and itself where it is the
        older one; the others that this bore on.
        """
        bore_on = []
        for existing in list(self._comparable(memory)):
            older, newer = existing, memory
            if _newer(existing, memory):
                older, newer = memory, existing
            outdated_claims = (
                [] if annotated_by(older, newer.id) else made_outdated(newer, older)
            )
            if outdated_claims:
                self._outdate(self._state.get(older.id, older), newer, outdated_claims)
                bore_on.append(existing)
        return [existing for existing in bore_on if not _newer(existing, memory)]

    def _outdate(
        self, older: Memory, newer: Memory, outdated_claims: Sequence[Outdated]
    ) -> None:
        if not fully_outdated(older, outdated_claims, newer):
            self._state[older.id] = annotated(older, outdated_claims, newer, self._now)
            return
        self._archive(older, newer.id)
        current = self._state.get(newer.id, newer)
        self._state[newer.id] = replace(
            current, replaced=_history(current, [older], current)
        )

    def _related(self, memory: Memory) -> list[tuple[Memory, Relation]]:
        """The active memories that bear on a new one; of another kind only those that
        it makes untrue.
        """
        said = _statement(memory)
        pairs = [
            (existing, relation(said, _statement(existing)))
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
                and _comparable(existing, memory)
            ):
                yield existing

    def _archive(self, existing: Memory, by: str) -> None:
        self._state[existing.id] = existing.archived(self._now)
        self._superseded_by[existing.id] = by


def _newer(memory: Memory, other: Memory) -> bool:
    """Whether a memory was said after the other, as far as that is known."""
    return memory.said_at > other.said_at > 0


def _history(
    memory: Memory, superseded: Sequence[Memory], current: Memory | None
) -> tuple[str, ...]:
    """Ids of what a memory stands in the place of, newest first."""
    ids: list[str] = []
    for existing in superseded:
        ids += (existing.id, *existing.replaced)
    if current:
        ids += current.replaced
    return tuple(id for id in dict.fromkeys(ids) if id != memory.id)


def _adds_nothing(memory: Memory, existing: Memory | None) -> bool:
    if (
        existing is None
        or existing.status is not Status.ACTIVATED
        or set(memory.tags) - set(existing.tags)
    ):
        return False
    if memory.said_at > existing.said_at and tells_of_change(memory.text):
        return False
    return memory.type not in BY_SUBJECT or memory.text == existing.text


def _same(memory: Memory, stored: Memory | None) -> bool:
    """Whether writing would change nothing that anybody sees."""
    return stored is not None and (
        memory.status,
        memory.text,
        memory.tags,
        _changes(memory),
    ) == (stored.status, stored.text, stored.tags, _changes(stored))


def _changes(memory: Memory) -> list[str]:
    return newer_ids([memory])


def _comparable(memory: Memory, other: Memory) -> bool:
    """Only statements of the same labels are: a filter must find what it would have found."""
    if memory.kind not in STATEMENTS or other.kind not in STATEMENTS:
        return False
    return (memory.scope.agent, memory.scope.app, memory.info, memory.public) == (
        other.scope.agent,
        other.scope.app,
        other.info,
        other.public,
    )


def _statement(memory: Memory) -> Statement:
    return Statement(
        without_date(memory.text), str(memory.detail.get(SUBJECT, "")), memory.speaker
    )


def _receipt(
    memory: Memory, outcome: Outcome, reason: str = "", other: str = ""
) -> Receipt:
    return Receipt(
        memory=memory.id, outcome=outcome, kind=memory.kind, reason=reason, other=other
    )
