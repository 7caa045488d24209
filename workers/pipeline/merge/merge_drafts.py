"""Merge: what is found new, next to what is known. The same is kept once, a fuller
statement replaces a part of it, a change archives what it makes untrue, or annotates it
where it says more than that. Every draft gets a receipt.

Drafts are merged in the order in which they were said (`session`), with the existing
memories and with each other. Said twice, a talk changes nothing: identity is computed
from the words (`identity`), and what would only swing back is not written.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

from shared.domain.extraction import Draft
from shared.domain.job import Job, Outcome, Receipt
from shared.domain.job_payload import DocumentPayload
from shared.domain.kinds import STATEMENTS
from shared.domain.memory import Embedded, Kind, Memory, Status
from shared.ports import Embedder, RelationJudge
from workers.pipeline.merge.comparison import is_newer, receipt
from workers.pipeline.merge.corrected import with_corrected
from workers.pipeline.merge.encounter import encounter
from workers.pipeline.merge.identity import (
    earlier_identity,
    identity_beside,
    memory_of,
    sources_of,
    words_of,
)
from workers.pipeline.merge.session import MergeSession
from workers.pipeline.merge.stated_relations import StatedRelations
from workers.pipeline.merge.without_superseded import StoredMemories


@dataclass(frozen=True, slots=True)
class Merged:
    """What to store, what to archive and what to note on known memories (as they are to
    be kept), and what became of each draft, in order.
    """

    new: list[Embedded] = field(default_factory=list)
    archived: list[Memory] = field(default_factory=list)
    annotated: list[Memory] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    """By the id of what the user says is right, the first memory that is wrong by that."""

    def add(self, session: MergeSession, receipts: Sequence[Receipt]) -> None:
        """What a session has come to, which gave these receipts."""
        self.receipts.extend(map(session.final_receipt, receipts))
        self.new.extend(session.changed_with_vectors())
        self.archived.extend(session.changed_without_vectors(Status.ARCHIVED))
        self.annotated.extend(session.changed_without_vectors(Status.ACTIVATED))


async def merge_drafts(
    drafts: Sequence[Draft],
    job: Job,
    memories: StoredMemories,
    embedder: Embedder,
    judge: RelationJudge,
    now: int,
) -> Merged:
    """Weigh the drafts of a job against what its user, and each knowledge base that it
    writes to, already holds; what another run of the job is to leave out gets no receipt.
    `now`: epoch milliseconds.

    The memories of one job get times one millisecond apart, in the order of the drafts:
    so their order stays known.
    """
    merged = Merged()
    for owner in owners(job):
        candidates = [
            memory_of(draft, job, owner, now + index)
            for index, draft in enumerate(drafts)
        ]
        earlier_ids = [earlier_identity(draft, job, owner) for draft in drafts]
        candidates = await _as_stored_before(candidates, earlier_ids, memories)
        correcting = _correcting_ids(drafts, candidates)
        candidates, existing = await _beside_edited(candidates, correcting, memories)
        left_out = _left_out(candidates, earlier_ids, job)
        stated_ids = _stated_ids(drafts, candidates)
        also_preferences = _facts_that_are_preferences(candidates)
        encountered = await encounter(
            [m for m in candidates if m.id not in also_preferences | left_out],
            owner,
            memories,
            embedder,
            judge,
            StatedRelations.of(drafts, candidates),
            existing=existing,
        )
        candidates, encountered = await with_corrected(
            candidates, correcting, encountered, embedder
        )
        session = MergeSession(
            encountered, judge, now, _taking_back_ids(drafts, candidates)
        )
        entered = [m for m in candidates if m.id not in left_out]
        merged.add(session, _entered(session, entered, also_preferences, stated_ids))
        if not owner:
            merged.wrong.update(_wrong_ids(drafts, candidates))
    return merged


def _entered(
    session: MergeSession,
    candidates: Sequence[Memory],
    also_preferences: Set[str],
    stated_ids: Set[str],
) -> list[Receipt]:
    """What became of each as it was entered, in order."""
    return [
        receipt(memory, Outcome.DROPPED, "kept as a preference")
        if memory.id in also_preferences
        else session.merge_one(memory, only_as_change=memory.id not in stated_ids)
        for memory in candidates
    ]


async def _as_stored_before(
    candidates: Sequence[Memory], earlier_ids: Sequence[str], memories: StoredMemories
) -> list[Memory]:
    """The candidates; what an earlier release has stored of the same document keeps the
    id that it had there.
    """
    pairs = list(zip(candidates, earlier_ids, strict=True))
    other_ids = [earlier for memory, earlier in pairs if memory.id != earlier]
    if not other_ids:
        return list(candidates)
    project = candidates[0].scope.project
    stored = {m.id: m for m in await memories.get(project, other_ids)}
    return [
        replace(memory, id=earlier)
        if earlier in stored
        and sources_of(stored[earlier].origins) == sources_of(memory.origins)
        else memory
        for memory, earlier in pairs
    ]


async def _beside_edited(
    candidates: Sequence[Memory], correcting: Set[str], memories: StoredMemories
) -> tuple[list[Memory], dict[str, Memory]]:
    """The candidates, and what is stored under their ids; what is said again after its
    memory was edited by hand to say something else is a memory of its own, to be compared
    with that one.

    What corrects is stored with more words than it was said with, so its words tell
    nothing of an edit.
    """
    beside, existing = list(candidates), dict[str, Memory]()
    open_ids = {memory.id for memory in candidates}
    while open_ids:
        project = candidates[0].scope.project
        stored = {m.id: m for m in await memories.get(project, sorted(open_ids))}
        existing |= stored
        open_ids = set()
        for place, memory in enumerate(beside):
            before = None if memory.id in correcting else stored.get(memory.id)
            if before is not None and _was_edited_before(memory, before):
                beside[place] = replace(memory, id=identity_beside(before))
                open_ids.add(beside[place].id)
    return beside, existing


def _was_edited_before(memory: Memory, stored: Memory) -> bool:
    """Whether the stored statement of the same id says something else, and did already
    when this was said.
    """
    if memory.kind not in STATEMENTS:
        return False
    return is_newer(memory, stored) and words_of(memory.text) != words_of(stored.text)


def _left_out(
    candidates: Sequence[Memory], earlier_ids: Sequence[str], job: Job
) -> set[str]:
    """The ids of what another run of the job is to leave out."""
    return {
        memory.id
        for memory, earlier in zip(candidates, earlier_ids, strict=True)
        if job.leaves_out(memory.id) or job.leaves_out(earlier)
    }


def _stated_ids(drafts: Sequence[Draft], candidates: Sequence[Memory]) -> set[str]:
    """The memories that are stored whether or not they change anything."""
    pairs = zip(drafts, candidates, strict=True)
    return {memory.id for draft, memory in pairs if not draft.only_as_change}


def _wrong_ids(drafts: Sequence[Draft], candidates: Sequence[Memory]) -> dict[str, str]:
    """By the id of each memory that supersedes others as the user says, the first of
    those.
    """
    wrong: dict[str, str] = {}
    for draft, memory in zip(drafts, candidates, strict=True):
        if draft.superseding:
            wrong.setdefault(memory.id, draft.superseding[0])
    return wrong


def _correcting_ids(drafts: Sequence[Draft], candidates: Sequence[Memory]) -> set[str]:
    """The memories that correct and may not say what."""
    pairs = zip(drafts, candidates, strict=True)
    return {memory.id for draft, memory in pairs if draft.corrects}


def _taking_back_ids(drafts: Sequence[Draft], candidates: Sequence[Memory]) -> set[str]:
    """The memories that likely correct what was said before."""
    pairs = zip(drafts, candidates, strict=True)
    return {memory.id for draft, memory in pairs if draft.takes_back}


def owners(job: Job) -> tuple[str, ...]:
    """Where the memories of a job go: "" is its user, the others are knowledge bases.
    Documents belong to knowledge bases only.
    """
    if isinstance(job.payload, DocumentPayload):
        return job.options.knowledge_bases
    return ("", *job.options.knowledge_bases)


def _facts_that_are_preferences(candidates: Sequence[Memory]) -> set[str]:
    """Facts of a job that only say what one of its preferences says."""
    preferences = {
        words_of(memory.text) for memory in candidates if memory.kind is Kind.PREFERENCE
    }
    return {
        memory.id
        for memory in candidates
        if memory.kind is Kind.FACT and words_of(memory.text) in preferences
    }
