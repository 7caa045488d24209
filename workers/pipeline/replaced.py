"""What a job takes the place of: what it stored itself before it was replayed, and what
earlier jobs have read in the same document (a page that is read again).

Only what was read anew goes. What comes from a file that could not be read this time
stays, and so does what another document says too: earlier releases kept that once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from shared.contract import FileStatus
from shared.domain.extraction import Draft
from shared.domain.job import Job, Outcome, Receipt
from shared.domain.job_payload import DocumentPayload
from shared.domain.memory import Memory
from shared.jobs.delete_sources import delete_sources, document_sources
from workers.pipeline.job_run import JobRun
from workers.pipeline.merge.comparison import receipt
from workers.pipeline.merge.identity import earlier_identity, identity, sources_of
from workers.pipeline.merge.merge_drafts import owners
from workers.pipeline.steps.merge import hold_owners

NOT_READ_AGAIN = "stored before; its file could not be read again"
"""Reason of a receipt."""


async def earlier_readings(run: JobRun, payload: DocumentPayload) -> list[Job]:
    """The other jobs that have read a document, oldest first."""
    jobs = await run.context.jobs.of_documents(
        run.job.scope.project, payload.knowledge_base, [payload.file]
    )
    return [job for job in jobs if job.id != run.job.id]


async def forget_replaced(
    run: JobRun, drafts: Sequence[Draft], earlier: Sequence[Job] = ()
) -> None:
    """Remove what the job stored before it was replayed, and what `earlier` jobs have
    read, unless a draft says it again: it has been read anew. What another job, or somebody
    by hand, has changed since stays, and is not stored anew beside it.
    """
    own, others = run.job.checkpoint.replaces, _stored_by(run, earlier)
    if not own and not others:
        return
    project, memories = run.job.scope.project, run.context.memories
    async with hold_owners(run) as leases:
        stored = await memories.get(project, [*own, *others])
        unread = [memory for memory in stored if _is_unread(memory, run.job)]
        staying = {memory.id for memory in unread}
        staying |= await _said_elsewhere(run, stored)
        staying |= _said_again(run.job, drafts, stored).difference(own)
        replaced = [memory for memory in stored if memory.id not in staying]
        going = [
            memory.id for memory in replaced if _is_as_stored(memory, run, earlier)
        ]
        changed = [memory.id for memory in replaced if memory.id not in going]
        left_out = run.job.leaving_out(changed).left_out
        unread_own = [memory for memory in unread if memory.id in own]
        receipts = _receipts_of(run.job, unread_own)
        # Before anything goes: a further try cannot tell what this one has deleted.
        await run.save(left_out=left_out, receipts=(*run.job.receipts, *receipts))
        await run.ensure_owned(*leases)
        await memories.delete(project, going)
    still = tuple(memory.id for memory in unread_own)
    await run.update_checkpoint(partial(replace, replaces=still))


async def delete_readings(run: JobRun, earlier: Iterable[Job]) -> None:
    """Delete the earlier jobs of a document that was read anew, with the bytes that they
    have read: those of which no memory is left. One whose webhook is still to be called
    stays.
    """
    if any(report.status == FileStatus.FAILED for report in run.job.files):
        return
    project, context = run.job.scope.project, run.context
    gone = []
    for job in earlier:
        ids = job.stored_memories
        left = await context.memories.get(project, ids) if ids else []
        is_needed = any(memory.job == job.id for memory in left)
        if job.state.final and not job.delivery.due_at and not is_needed:
            gone.append(job)
    if gone:
        ids = tuple(job.id for job in gone)
        await delete_sources(context, gone)
        await context.jobs.delete(project, ids)
        await context.progress_bus.forget(ids)


def _stored_by(run: JobRun, earlier: Sequence[Job]) -> list[str]:
    """The ids of what earlier jobs have stored; none when the first drafts of this job
    have been stored: what was replaced had gone before.
    """
    if run.job.checkpoint.stored:
        return []
    return list(
        chain.from_iterable(
            (*job.checkpoint.replaces, *job.stored_memories) for job in earlier
        )
    )


def _is_unread(memory: Memory, job: Job) -> bool:
    """Whether it was read in a file that this run may not have read."""
    read = {f.source for f in job.files if f.status == FileStatus.COMPLETED}
    has_failed = any(file.status == FileStatus.FAILED for file in job.files)
    return has_failed and not sources_of(memory.origins) <= read


async def _said_elsewhere(run: JobRun, stored: Sequence[Memory]) -> set[str]:
    """The ids of what jobs have found in other documents too."""
    payload = run.job.payload
    if not isinstance(payload, DocumentPayload) or not stored:
        return set()
    jobs = await run.context.jobs.of_documents(
        run.job.scope.project,
        payload.knowledge_base,
        memories=[memory.id for memory in stored],
    )
    own, named = document_sources([run.job]), set[str]()
    for job in jobs:
        is_same = isinstance(job.payload, DocumentPayload) and (
            job.payload.file == payload.file or own & document_sources([job])
        )
        if not is_same:
            named |= job.named_memories
    return named


def _said_again(
    job: Job, drafts: Sequence[Draft], stored: Sequence[Memory]
) -> set[str]:
    """The ids that the drafts will have."""
    ids: set[str] = set()
    earlier_ids: set[tuple[str, frozenset[str]]] = set()
    for owner in owners(job):
        for draft in drafts:
            ids.add(identity(draft, job, owner))
            earlier = earlier_identity(draft, job, owner)
            earlier_ids.add((earlier, sources_of(draft.origins)))
    same = [m.id for m in stored if (m.id, sources_of(m.origins)) in earlier_ids]
    return ids.union(same)


def _is_as_stored(memory: Memory, run: JobRun, earlier: Iterable[Job]) -> bool:
    jobs = {run.job.id, *(job.id for job in earlier)}
    return memory.job in jobs and memory.last_change.by in ("", memory.job)


def _receipts_of(job: Job, unread: Iterable[Memory]) -> list[Receipt]:
    """Receipts that go on naming what the job stored and keeps."""
    return [
        receipt(memory, Outcome.STORED, NOT_READ_AGAIN)
        for memory in unread
        if memory.id not in job.named_memories
    ]
