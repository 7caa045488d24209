"""Store: write what merging a batch has found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.job import Outcome, Receipt, Step
from workers.pipeline.job_run import JobCancelled, JobRun
from workers.pipeline.lease import HeldLease
from workers.pipeline.merge.merge_drafts import Merged
from workers.pipeline.merge.past import with_past


async def store(
    run: JobRun, merged: Merged, leases: Sequence[HeldLease]
) -> list[Receipt]:
    """Write new memories before old ones are archived: what is known is never missing.
    What became of each is returned. Raises `JobCancelled` when the job was cancelled
    while this was written, and leaves nothing behind then; `LeaseLost`, `Unavailable`.
    """
    await run.progress(Step.STORE)
    memories, project = run.context.memories, run.job.scope.project
    merged = await with_past(run, merged)
    await run.ensure_owned(*leases)
    if merged.new:
        await memories.put(merged.new)
    if merged.archived:
        await memories.archive(merged.archived)
    if merged.annotated:
        await memories.update_detail(merged.annotated)
    try:
        await run.ensure_owned()
    except JobCancelled:
        stored = [embedded.memory for embedded in merged.new]
        own = [memory.id for memory in stored if memory.job == run.job.id]
        await memories.delete(project, own)
        raise
    if run.job.attempts > 1:
        return await _as_stored_earlier(run, merged.receipts)
    return merged.receipts


async def _as_stored_earlier(run: JobRun, receipts: Sequence[Receipt]) -> list[Receipt]:
    """The receipts of a further try: what an earlier try of this very job stored,
    before it was killed, counts as stored and not as known before.
    """
    merged = [
        receipt.memory
        for receipt in receipts
        if receipt.outcome is Outcome.MERGED and receipt.other == receipt.memory
    ]
    if not merged:
        return list(receipts)
    memories = await run.context.memories.get(run.job.scope.project, merged)
    own = {memory.id for memory in memories if memory.job == run.job.id}
    return [
        replace(receipt, outcome=Outcome.STORED, reason="", other="")
        if receipt.memory in own
        else receipt
        for receipt in receipts
    ]
