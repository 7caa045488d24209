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

from shared.domain.extraction import Draft
from shared.domain.identity import computed_id
from shared.domain.job import Job, Outcome, Receipt
from shared.domain.job_payload import DocumentPayload
from shared.domain.memory import KIND_OF_TYPE, Embedded, Kind, Memory, Status, Type
from shared.domain.memory_detail import SUBJECT
from shared.language.change_notes import newer_ids
from shared.language.lexical import without_date
from shared.language.search_text import searched_text, searched_words
from shared.ports import Embedder, Memories
from workers.pipeline.merge.annotations import (
    made_outdated,
    marked,
    marked_by,
    nearest,
    spent,
    tells_more,
)
from workers.pipeline.merge.claims import of_assistant
from workers.pipeline.merge.neighbours import (
    STATEMENTS,
    Vector,
    neighbours_among,
    stored_neighbours,
)
from workers.pipeline.merge.outdated import Outdated, tells_news
from workers.pipeline.merge.relations import Relation, Statement, relation

BY_SUBJECT = frozenset({Type.SCHEMA, Type.SKILL})
"""Types that hold one memory a subject: a new version takes the place of the old one."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What to store, what to archive and what to note on known memories (as they are to
    be kept), and what became of each draft, in order.
    """

    new: list[Embedded] = field(default_factory=list)
    archived: list[Memory] = field(default_factory=list)
    noted: list[Memory] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)


async def merge(
    drafts: Sequence[Draft], job: Job, memories: Memories, embedder: Embedder, now: int
) -> Merged:
    """Weigh the drafts of a job against what its user, and each knowledge base that it
    writes to, already holds. `now`: epoch milliseconds.

    The memories of one job get times one millisecond apart, in the order of the drafts:
    neighbours can be told.
    """
    merged = Merged()
    for home in homes(job):
        proposed = [
            _memory(draft, job, home, now + place) for place, draft in enumerate(drafts)
        ]
        twice = _also_preferences(proposed)
        ledger = await _Ledger.open(
            [memory for memory in proposed if memory.id not in twice],
            home,
            memories,
            embedder,
            now,
        )
        receipts = [
            _receipt(memory, Outcome.DROPPED, "kept as a preference")
            if memory.id in twice
            else ledger.weigh(memory)
            for memory in proposed
        ]
        merged.receipts.extend(map(ledger.settled, receipts))
        merged.new.extend(ledger.written())
        merged.archived.extend(ledger.known_by_now(Status.ARCHIVED))
        merged.noted.extend(ledger.known_by_now(Status.ACTIVATED))
    return merged


def homes(job: Job) -> tuple[str, ...]:
    """Where the memories of a job go: "" is its user, the others are knowledge bases.
    Documents belong to knowledge bases only.
    """
    return (
        job.options.knowledge_bases
        if isinstance(job.payload, DocumentPayload)
        else ("", *job.options.knowledge_bases)
    )


def _memory(draft: Draft, job: Job, home: str, at: int) -> Memory:
    return Memory(
        id=_identity(draft, job, home),
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
        public=job.options.public and not home,
        knowledge_base=home,
    )


def _identity(draft: Draft, job: Job, home: str) -> str:
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
    told_in = job.scope.conversation if draft.type is Type.TRAJECTORY else ""
    parts = [job.scope.project, home or job.scope.user, kind, words, told_in]
    return computed_id(*parts, *labels) if any(labels) else computed_id(*parts)


def _normal(text: str) -> str:
    """The words alone, lower case: spacing and punctuation make no other memory."""
    return " ".join(re.findall(r"[^\W_]+(?:[.,:/'’-][^\W_]+)*", text.lower()))


def _also_preferences(proposed: Sequence[Memory]) -> set[str]:
    """Facts of a job that only say what one of its preferences says."""
    wishes = {
        key
        for memory in proposed
        if memory.kind is Kind.PREFERENCE
        for key in _keys(memory)
    }
    return {
        memory.id
        for memory in proposed
        if memory.kind is Kind.FACT and wishes.intersection(_keys(memory))
    }


def _keys(memory: Memory) -> Iterator[str]:
    yield _normal(without_date(memory.text))
    if memory.detail.get(SUBJECT):
        yield f"subject:{memory.detail[SUBJECT]}"


class _Ledger:
    """What is known of one home, as the drafts are entered one after another."""

    def __init__(
        self,
        known: Iterable[Memory],
        vectors: dict[str, Vector],
        near: dict[str, list[Memory]],
        now: int,
    ) -> None:
        self._stored = {memory.id: memory for memory in known}
        self._vectors = vectors
        self._near = near
        self._own = neighbours_among(vectors)
        self._now = now
        self._state: dict[str, Memory] = {}
        self._outdone: dict[str, str] = {}

    @classmethod
    async def open(
        cls,
        proposed: Sequence[Memory],
        home: str,
        memories: Memories,
        embedder: Embedder,
        now: int,
    ) -> _Ledger:
        """Fetch what the drafts may meet: memories of the same identity, and the
        nearest ones of those that are new.
        """
        if not proposed:
            return cls((), {}, {}, now)
        known = {
            memory.id: memory
            for memory in await memories.get(
                proposed[0].scope.project, list({memory.id for memory in proposed})
            )
        }
        fresh = list(
            {
                memory.id: memory
                for memory in proposed
                if not _says_nothing_new(memory, known.get(memory.id))
            }.values()
        )
        dense = await embedder.passages([searched_text(memory) for memory in fresh])
        vectors = {
            memory.id: vector for memory, vector in zip(fresh, dense, strict=True)
        }
        return cls(
            known.values(),
            vectors,
            await stored_neighbours(fresh, vectors, home, memories),
            now,
        )

    def weigh(self, memory: Memory) -> Receipt:
        """Enter one draft; says what became of it."""
        current = self._state.get(memory.id) or self._stored.get(memory.id)
        if current is not None and current.status is Status.ACTIVATED:
            return self._again(memory, current)
        if memory.id in self._outdone:
            return self._back(memory)
        if (
            current is not None
            and current.said_at >= memory.said_at > 0
            and memory.kind in STATEMENTS
        ):
            return _receipt(
                memory, Outcome.MERGED, "known, with what came after it", memory.id
            )
        return self._against_neighbours(memory, current)

    def settled(self, receipt: Receipt) -> Receipt:
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

    def written(self) -> list[Embedded]:
        """What must be put: new memories, new versions, and what came back from the
        archive or was outdone before it was ever stored.
        """
        return [
            Embedded(memory, searched_words(memory), self._vectors[memory.id])
            for memory in self._changed()
            if memory.id in self._vectors
        ]

    def known_by_now(self, status: Status) -> list[Memory]:
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

    def _again(self, memory: Memory, current: Memory) -> Receipt:
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
            self._change(memory)
        return _receipt(memory, Outcome.MERGED, "known in the same words", current.id)

    def _back(self, memory: Memory) -> Receipt:
        """Said again after something else had taken its place in this very job: true again."""
        other = self._outdone.pop(memory.id)
        while other in self._outdone:
            other = self._outdone[other]
        self._archive(self._state[other], memory.id)
        self._state[memory.id] = replace(
            self._state[memory.id], status=Status.ACTIVATED, updated_at=self._now
        )
        return _receipt(memory, Outcome.STORED, "true again", other)

    def _against_neighbours(self, memory: Memory, current: Memory | None) -> Receipt:
        """Compare with what is near in meaning, nearest first; the first relation
        decides, except that a change may end several.
        """
        outdone: list[Memory] = []
        partly: list[Memory] = []
        for known, how in self._related(memory):
            if how in (Relation.WITHIN, Relation.ALIKE):
                return _receipt(
                    memory, Outcome.MERGED, f"{how} in what is known", known.id
                )
            if how is Relation.AGAINST and _newer(known, memory):
                return _receipt(
                    memory, Outcome.DROPPED, "something newer says otherwise", known.id
                )
            (
                partly
                if how is Relation.AGAINST and tells_more(known, memory)
                else outdone
            ).append(known)
        self._state[memory.id] = replace(
            memory, replaced=_history(memory, outdone, current)
        )
        for known in outdone:
            self._archive(known, memory.id)
        for known in partly:
            self._state[known.id] = marked(
                known, [nearest(known, memory)], memory, self._now
            )
        outdone += partly + self._change(memory)
        if memory.id in self._outdone:
            return _receipt(
                memory,
                Outcome.DROPPED,
                "something newer says otherwise",
                self._outdone[memory.id],
            )
        if not outdone:
            return _receipt(memory, Outcome.STORED)
        whole = [
            known
            for known in outdone
            if self._state[known.id].status is Status.ARCHIVED
        ]
        reason = (
            "fuller or newer than what was known"
            if whole
            else "newer than a part of what was known"
        )
        return _receipt(memory, Outcome.SUPERSEDED, reason, (whole or outdone)[0].id)

    def _change(self, memory: Memory) -> list[Memory]:
        """Mark or archive what a memory makes outdated, and itself where it is the
        older one; the others that this bore on.
        """
        bore_on = []
        for known in list(self._comparable(memory)):
            older, newer = (memory, known) if _newer(known, memory) else (known, memory)
            found = [] if marked_by(older, newer.id) else made_outdated(newer, older)
            if found:
                self._outdate(self._state.get(older.id, older), newer, found)
                bore_on.append(known)
        return [known for known in bore_on if not _newer(known, memory)]

    def _outdate(self, older: Memory, newer: Memory, found: Sequence[Outdated]) -> None:
        if not spent(older, found, newer):
            self._state[older.id] = marked(older, found, newer, self._now)
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
            (known, relation(said, _statement(known)))
            for known in self._comparable(memory)
        ]
        against = not of_assistant(
            memory.text
        )  # what it says changes nothing: it repeats, plans and gets things wrong
        return [
            (known, how)
            for known, how in pairs
            if (how is Relation.AGAINST and against)
            or (
                how is not Relation.AGAINST
                and how is not Relation.NONE
                and known.kind is memory.kind
            )
        ]

    def _comparable(self, memory: Memory) -> Iterator[Memory]:
        """Active memories that are near in meaning, of the same subject or known from
        this very job: stored ones as they are by now, and new ones. The latter: what
        lay within a sentence beside it does so when the talk is told again.
        """
        own = [
            self._state[id] for id in self._own.get(memory.id, ()) if id in self._state
        ]
        subject = memory.detail.get(SUBJECT)
        own += [
            one
            for one in self._state.values()
            if subject and one.detail.get(SUBJECT) == subject
        ]
        near = (*self._near.get(memory.id, ()), *own, *self._stored.values())
        for known in {one.id: self._state.get(one.id, one) for one in near}.values():
            if (
                known.id != memory.id
                and known.status is Status.ACTIVATED
                and _comparable(known, memory)
            ):
                yield known

    def _archive(self, known: Memory, by: str) -> None:
        self._state[known.id] = known.archived(self._now)
        self._outdone[known.id] = by


def _newer(one: Memory, other: Memory) -> bool:
    """Whether one was said after the other, as far as that is known."""
    return one.said_at > other.said_at > 0


def _history(
    memory: Memory, outdone: Sequence[Memory], current: Memory | None
) -> tuple[str, ...]:
    """Ids of what a memory stands in the place of, newest first."""
    ids = [id for known in outdone for id in (known.id, *known.replaced)] + list(
        current.replaced if current else ()
    )
    return tuple(id for id in dict.fromkeys(ids) if id != memory.id)


def _says_nothing_new(memory: Memory, known: Memory | None) -> bool:
    if (
        known is None
        or known.status is not Status.ACTIVATED
        or set(memory.tags) - set(known.tags)
    ):
        return False
    if memory.said_at > known.said_at and tells_news(memory.text):
        return False
    return memory.type not in BY_SUBJECT or memory.text == known.text


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


def _comparable(one: Memory, other: Memory) -> bool:
    """Only statements of the same labels are: a filter must find what it would have found."""
    if one.kind not in STATEMENTS or other.kind not in STATEMENTS:
        return False
    return (one.scope.agent, one.scope.app, one.info, one.public) == (
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
