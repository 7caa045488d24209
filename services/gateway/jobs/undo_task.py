"""tasks/{id}/undo: a task is undone within a day.

What will be done is written into the task's record first, then it is done, then that it
is done. So it can be sent again after a failure at any point, and ends the same; the
answer of the first time is given again. Meanwhile the lease of the user is held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from services.gateway.context.request_context import RequestContext
from services.gateway.jobs.plan_undo import is_added, is_changed, plan_undo
from services.gateway.memories.owner_hold import HeldOwner, hold_owner
from services.gateway.wire.wire_times import now
from shared.contract import Code
from shared.domain.job import Job, Undo
from shared.domain.job_payload import AddPayload, FeedbackPayload
from shared.domain.memory import Embedded, Memory
from shared.errors import BadRequest, NotFound
from shared.jobs.lookup import job_by_id, jobs_by_ids
from shared.jobs.owner_lease import owner_lease
from shared.language.search_text import searched_text, searched_words
from shared.memory_change import undone
from shared.ports import Jobs

AT_ONCE = 32
"""Memories that are embedded and written together."""
_HOUR_MS = 3_600_000
_OF_STATUS = frozenset(("status", "updated_at", "replaced", "valid_until"))
"""What `Memories.archive` writes."""


async def undo_task(context: RequestContext, task: str) -> Undo:
    """Undo a task, of a group chat for all participants. Raises `NotFound` 50131,
    `BadRequest` for one that cannot be undone, `Unavailable`: then send it again.
    """
    first = await job_by_id(context.ports.jobs, context.project, task)
    if first is None:
        raise NotFound(f"no task {task}", code=Code.UNKNOWN_TASK)
    companions = await jobs_by_ids(
        context.ports.jobs, context.project, first.companions
    )
    jobs = [first, *(job for job in companions if job.id != first.id)]
    for job in jobs:
        _require_undoable(job, context.settings.undo_hours)
    context.usage.forget(context.project)
    return _together([await _undo(context, job) for job in jobs])


def _require_undoable(job: Job, hours: int) -> None:
    """Raises `BadRequest` 40000, which says why."""
    if job.undo is not None:
        return
    if not isinstance(job.payload, AddPayload | FeedbackPayload):
        raise BadRequest(f"a task of the kind {job.work!r} cannot be undone")
    if not job.state.final:
        raise BadRequest(
            f"the task is {job.state}: cancel it, or wait until it has ended"
        )
    if now() - job.updated_at > hours * _HOUR_MS:
        raise BadRequest(f"the task ended more than {hours} hours ago")


def _together(undos: Sequence[Undo]) -> Undo:
    return Undo(
        removed=tuple(chain.from_iterable(undo.removed for undo in undos)),
        restored=tuple(chain.from_iterable(undo.restored for undo in undos)),
        left=tuple(chain.from_iterable(undo.left for undo in undos)),
        done_at=max(undo.done_at for undo in undos),
    )


async def _undo(context: RequestContext, job: Job) -> Undo:
    jobs, name = context.ports.jobs, owner_lease(context.project, job.scope.user)
    async with hold_owner(context.ports.leases, name) as held:
        stored = await jobs.get(context.project, job.id)
        if stored is None:
            raise NotFound(f"no task {job.id}", code=Code.UNKNOWN_TASK)
        if stored.undo is not None and stored.undo.done_at:
            return stored.undo
        if not stored.state.final:
            raise BadRequest(f"the task is {stored.state}: it was replayed meanwhile")
        undo = stored.undo
        if undo is None:
            undo = await plan_undo(context, stored)
            await jobs.put(replace(stored, undo=undo))
        await _restore(context, undo, job.id, held)
        await _remove(context, undo, job.id)
        undo = replace(undo, done_at=now())
        await _note(jobs, stored, undo)
        return undo


async def _note(jobs: Jobs, job: Job, undo: Undo) -> None:
    """Write down that a job is undone, unless it was replayed or deleted meanwhile:
    nobody holds its record.
    """
    current = await jobs.get(job.scope.project, job.id)
    if current is not None and current.state.final:
        await jobs.put(replace(current, undo=undo))


async def _restore(
    context: RequestContext, undo: Undo, job: str, held: HeldOwner
) -> None:
    """What the job changed comes back before what it added goes: what is known is never
    missing. A memory that is back already has no last change, and is passed over.
    """
    for ids in _chunks(undo.restored):
        await held.renew()
        stored = await context.ports.memories.get(context.project, ids)
        await _write(context, held, [m for m in stored if is_changed(m, job)])


async def _write(
    context: RequestContext, held: HeldOwner, changed: Sequence[Memory]
) -> None:
    """Only the fields that were changed where that can be, so that a memory which is
    deleted meanwhile stays deleted.
    """
    store = context.ports.memories
    lightly = [m for m in changed if m.last_change.before.keys() <= _OF_STATUS]
    if lightly:
        await store.archive(list(map(undone, lightly)))
    whole = [undone(memory) for memory in changed if memory not in lightly]
    if not whole:
        return
    vectors = await context.ports.embedder.passages(list(map(searched_text, whole)))
    await held.renew()
    await store.put(
        [
            Embedded(memory, searched_words(memory), dense)
            for memory, dense in zip(whole, vectors, strict=True)
        ]
    )


async def _remove(context: RequestContext, undo: Undo, job: str) -> None:
    for ids in _chunks(undo.removed):
        stored = await context.ports.memories.get(context.project, ids)
        own = [memory.id for memory in stored if is_added(memory, job)]
        if own:
            await context.ports.memories.delete(context.project, own)


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
