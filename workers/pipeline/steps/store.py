"""Embed, merge, store: drafts become memories, a group at a time; merged and stored
while nobody else does so for the same user or knowledge base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shared.domain.extraction import Draft
from shared.domain.job import Job, Outcome, Receipt, Step
from shared.domain.memory import Type
from shared.errors import Transient
from shared.ports import Embedder
from workers.pipeline.job_run import JobCancelled, JobRun, now
from workers.pipeline.lease import LeaseBusy, all_held
from workers.pipeline.merge.session import Merged, homes, merge
from workers.pipeline.skills import skills
from workers.pipeline.steps.embed import embed
from workers.pipeline.tags import choose_tags


async def store(run: JobRun, drafts: Sequence[Draft]) -> None:
    """Merge the drafts with what is known and store what is new; the job's receipts say
    what became of each.

    A try after another one goes on behind the group that was stored last. Raises
    `CalledOff` when the job was called off meanwhile: then nothing of it stays.
    """
    worker, size = run.context, run.context.limits.drafts
    for start in range(run.job.checkpoint.stored, len(drafts), size):
        group = drafts[start : start + size]
        await run.at(Step.EMBED, memories=len(drafts), memories_done=start)
        embedder = await embed(group, worker.embedder, partial(_embedded, run, start))
        receipts = await _stored(
            run, await choose_tags(group, run.job.options.tags, embedder), embedder
        )
        await _noted(
            run, receipts, start + len(group), last=start + size >= len(drafts)
        )
    await run.at(Step.STORE, memories=len(drafts), memories_done=len(drafts))
    await worker.memories.delete_where(run.job.scope.project, fast_of_job=run.job.id)


async def _embedded(run: JobRun, before: int, done: int) -> None:
    await run.at(Step.EMBED, memories_done=before + done)


async def _noted(
    run: JobRun, receipts: Sequence[Receipt], stored: int, *, last: bool
) -> None:
    """Written down between the groups; after the last one the job is written down anyway."""
    changes: dict[str, Any] = {
        "receipts": (*run.job.receipts, *receipts),
        "checkpoint": replace(run.job.checkpoint, stored=stored),
    }
    if last:
        run.job = replace(run.job, **changes)
    else:
        await run.save(**changes)


async def _stored(
    run: JobRun, drafts: Sequence[Draft], embedder: Embedder
) -> list[Receipt]:
    worker, job = run.context, run.job
    try:
        async with all_held(
            worker.leases, _places(job), worker.limits.lease, worker.limits.patience
        ) as holds:
            await run.at(Step.MERGE)
            found = [*drafts, *await _skills(run, drafts)]
            merged = await merge(found, job, worker.memories, embedder, now())
            await run.at(Step.STORE)
            for hold in holds:
                await hold.confirm()
            await _written(run, merged)
    except LeaseBusy as error:
        raise Transient("others are stored for the same user for too long") from error
    return await _claimed(merged.receipts, run) if job.attempts > 1 else merged.receipts


async def _written(run: JobRun, merged: Merged) -> None:
    """New ones before old ones go: what is known is never missing. A job called off
    while this was written leaves nothing behind.
    """
    memories, new = run.context.memories, merged.new
    await run.confirm()
    if new:
        await memories.put(new)
    if merged.archived:
        await memories.archive(merged.archived)
    if merged.noted:
        await memories.update_detail(merged.noted)
    try:
        await run.confirm()
    except JobCancelled:
        await memories.delete(
            run.job.scope.project,
            [each.memory.id for each in new if each.memory.job == run.job.id],
        )
        raise


async def _skills(run: JobRun, drafts: Sequence[Draft]) -> list[Draft]:
    if not any(draft.type is Type.TRAJECTORY for draft in drafts):
        return []
    return await skills(drafts, run.job.scope, run.context.memories)


def _places(job: Job) -> list[str]:
    """The leases to hold: of the user, of each knowledge base that is written to."""
    return [
        f"shelf:{home}" if home else f"user:{job.scope.project}:{job.scope.user}"
        for home in homes(job)
    ]


async def _claimed(receipts: Sequence[Receipt], run: JobRun) -> list[Receipt]:
    """What an earlier try of this very job stored, and was killed before it could say
    so, was stored, not known before.
    """
    known = [
        receipt.memory
        for receipt in receipts
        if receipt.outcome is Outcome.MERGED and receipt.other == receipt.memory
    ]
    found = (
        await run.context.memories.get(run.job.scope.project, known) if known else []
    )
    own = {memory.id for memory in found if memory.job == run.job.id}
    return [
        replace(receipt, outcome=Outcome.STORED, reason="", other="")
        if receipt.memory in own
        else receipt
        for receipt in receipts
    ]
