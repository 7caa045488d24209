"""Merge: what a batch of drafts changes in what is known, while nobody else merges for
the same owners. How two memories are compared is in `workers.pipeline.merge`.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import chain

from shared.domain.extraction import Draft
from shared.domain.job import Step
from shared.domain.job_payload import DocumentPayload
from shared.domain.memory import Memory, Status
from shared.errors import TurnOver
from shared.jobs.clock import now
from shared.jobs.owner_lease import owner_lease
from shared.ports import Embedder
from workers.pipeline.job_run import JobCancelled, JobRun
from workers.pipeline.lease import HeldLease, LeaseBusy, hold_leases
from workers.pipeline.merge.merge_drafts import Merged, merge_drafts, owners
from workers.pipeline.merge.without_superseded import WithoutSuperseded
from workers.pipeline.skills import skills

_AGAIN_S = 3.0, 6.0
"""Least and most seconds after which a job comes again that did not get a lease: others
have its worker meanwhile.
"""


async def merge(
    run: JobRun,
    drafts: Sequence[Draft],
    embedder: Embedder,
    later: Sequence[Draft] = (),
) -> Merged:
    """What is to be written for these drafts, and for the skills that they show. What
    they supersede is archived with that, so it is not missing before they are there. To be
    called, and its result stored, within `hold_owners`.

    `later`: the drafts of the job that are merged after these. What those supersede stays
    until then, and is wrong already: nothing is compared with it.
    """
    await run.progress(Step.MERGE)
    memories, at = run.context.memories, now()
    learned = await skills(drafts, run.job.scope, memories)
    wrong = await _superseded(run, [*drafts, *later], at)
    own = set(chain.from_iterable(draft.superseding for draft in drafts))
    superseded = [memory for memory in wrong if memory.id in own]
    others = WithoutSuperseded(memories, {memory.id for memory in wrong})
    merged = await merge_drafts(
        [*drafts, *learned], run.job, others, embedder, run.context.judge, at
    )
    written_over = {entry.memory.id for entry in merged.new}
    going = [memory for memory in superseded if memory.id not in written_over]
    return replace(merged, archived=[*merged.archived, *going])


async def _superseded(run: JobRun, drafts: Sequence[Draft], at: int) -> list[Memory]:
    """The user's own memories that the drafts supersede, archived at a moment (epoch
    milliseconds): none that went before, nor what the job has written itself.
    """
    ids = list(dict.fromkeys(chain.from_iterable(d.superseding for d in drafts)))
    if not ids:
        return []
    scope = run.job.scope
    return [
        replace(memory.archived(at), valid_until=at)
        for memory in await run.context.memories.get(scope.project, ids)
        if memory.scope.user == scope.user
        and memory.status is Status.ACTIVATED
        and memory.job != run.job.id
    ]


@asynccontextmanager
async def hold_owners(run: JobRun) -> AsyncIterator[list[HeldLease]]:
    """Hold the leases of all whose memories the job writes: its user, each knowledge
    base. What it would have put into a knowledge base that is deleted goes nowhere: whoever
    deletes one holds its lease, so it is there until the leases end. Raises `TurnOver` when
    others hold one for long, `JobCancelled` where a document's knowledge base is gone,
    `Unavailable`.
    """
    project, user = run.job.scope.project, run.job.scope.user
    names = [owner_lease(project, user, base) for base in owners(run.job)]
    limits = run.context.limits
    try:
        async with hold_leases(
            run.context.leases, names, limits.lease, limits.lease_wait
        ) as leases:
            await _leave_deleted_bases(run)
            yield leases
    except LeaseBusy as error:
        # No failure of this job, and it must not die of another one: that one ends, or
        # loses its lease when it does not get on.
        message = "others are stored for the same user"
        raise TurnOver(message, after=random.uniform(*_AGAIN_S)) from error


async def _leave_deleted_bases(run: JobRun) -> None:
    """Write to no knowledge base that was deleted since the job was accepted."""
    bases, project = run.job.options.knowledge_bases, run.job.scope.project
    there = [
        base
        for base in bases
        if await run.context.knowledge_bases.get(project, base) is not None
    ]
    if len(there) == len(bases):
        return
    gone = sorted(set(bases).difference(there))
    if isinstance(run.job.payload, DocumentPayload):
        raise JobCancelled(f"the knowledge base {gone[0]} was deleted")
    run.change(options=replace(run.job.options, knowledge_bases=tuple(there)))
    await run.add_remarks([f"the knowledge base {base} was deleted" for base in gone])
