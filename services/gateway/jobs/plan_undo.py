"""What undoing a task does: what it added goes, what it changed comes back, and what was
changed since by others stays as it is. Only what the task itself did last is undone, so
nothing that was learned after it is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from services.gateway.context.request_context import RequestContext
from shared.all_listed import all_listed
from shared.domain.filter import CHANGED_BY, Condition
from shared.domain.job import Job, LeftMemory, Outcome, Receipt, Undo
from shared.domain.memory import Memory, Status
from shared.domain.memory_detail import CHANGES
from shared.domain.memory_list import MemoryList
from shared.memory_change import BY_HAND

CHANGED_BY_HAND = "changed by hand since"
CHANGED_SINCE = "changed since by another task"
SAID_AGAIN = "said again in another task"
REPLACED_SINCE = "what took its place was changed since and stays"
_WRITTEN = (Outcome.STORED, Outcome.SUPERSEDED)
_ORDERED = (Outcome.ARCHIVED, Outcome.RESTORED)


async def plan_undo(context: RequestContext, job: Job) -> Undo:
    """To be called while nobody else writes memories of the job's user."""
    touched = await _touched(context, job)
    named_elsewhere = await _known_elsewhere(context, job)
    removed, left = dict[str, Memory](), dict[str, str]()
    for id in _claimed(job.receipts):
        memory = touched.get(id)
        if memory is None:
            continue
        if memory.last_change.by not in ("", job.id):
            is_by_hand = memory.last_change.by == BY_HAND
            left[id] = CHANGED_BY_HAND if is_by_hand else CHANGED_SINCE
        elif is_added(memory, job.id) and id in named_elsewhere:
            left[id] = SAID_AGAIN
        elif is_added(memory, job.id):
            removed[id] = memory
    changed = [memory for memory in touched.values() if is_changed(memory, job.id)]
    staying = [memory for id, memory in touched.items() if id not in removed]
    restored = []
    for memory in changed:
        if _has_successor(memory, staying):
            left[memory.id] = REPLACED_SINCE
        else:
            restored.append(memory.id)
    reasons = tuple(LeftMemory(id, reason) for id, reason in left.items())
    return Undo(tuple(removed), tuple(restored), reasons)


def is_added(memory: Memory, job: str) -> bool:
    """Whether a job stored it, and nobody has changed it since: "job" stands in what it
    was before, where another had stored it.
    """
    change = memory.last_change
    return (
        memory.job == job
        and change.by in ("", job)
        and not _was_anothers(change.before)
    )


def is_changed(memory: Memory, job: str) -> bool:
    """Whether it was there before a job, which was the last to change it."""
    return memory.last_change.by == job and not is_added(memory, job)


def _was_anothers(before: Mapping[str, object]) -> bool:
    return "job" in before


def _claimed(receipts: Iterable[Receipt]) -> list[str]:
    """The ids of memories of which a job says that it wrote them, in their order."""
    ids: dict[str, None] = {}
    for receipt in receipts:
        if receipt.outcome in (*_WRITTEN, *_ORDERED) and receipt.memory:
            ids[receipt.memory] = None
        if receipt.outcome is Outcome.SUPERSEDED and receipt.other:
            ids[receipt.other] = None
    return list(ids)


async def _touched(context: RequestContext, job: Job) -> dict[str, Memory]:
    """The memories that a job wrote, as they are now, by id: those of its receipts, what
    these took the place of, and all that say that it was the last to change them.
    """
    store, project = context.ports.memories, context.project
    ids = _claimed(job.receipts)
    named = await store.get(project, ids) if ids else []
    superseded = list(chain.from_iterable(memory.replaced for memory in named))
    named += await store.get(project, superseded) if superseded else []
    changed = MemoryList(
        project,
        job.scope.user,
        filter=Condition(CHANGED_BY, "eq", job.id),
        status=None,
        expired=True,
        newest_first=True,
    )
    named += await all_listed(store, changed)
    of_job = {
        memory.id: memory for memory in named if memory.scope.user == job.scope.user
    }
    claimed = set(ids)
    return {
        id: memory
        for id, memory in of_job.items()
        if id in claimed or memory.last_change.by == job.id
    }


async def _known_elsewhere(context: RequestContext, job: Job) -> set[str]:
    """The ids that receipts of the user's other tasks name, of those that it wrote."""
    written = _claimed(job.receipts)
    jobs = await context.ports.jobs.naming_memories(
        context.project, job.scope.user, written
    )
    ids: set[str] = set()
    for other in jobs:
        if other.id != job.id and (other.undo is None or not other.undo.done_at):
            ids |= other.named_memories
    return ids & set(written)


def _has_successor(memory: Memory, others: Sequence[Memory]) -> bool:
    """Whether one of the others took the place of a memory, or of a part of it."""
    notes = {note["by"] for note in memory.detail.get(CHANGES, ())}
    is_gone = memory.status is not Status.ACTIVATED
    return any(
        other.id in notes or (is_gone and memory.id in other.replaced)
        for other in others
        if other.id != memory.id and other.status is not Status.FORGOTTEN
    )
