"""Store: write what merging a batch has found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shared.domain.job import Outcome, Receipt, Step
from shared.domain.memory import Embedded, Memory
from shared.language.search_text import searched_text, searched_words
from workers.pipeline.job_run import JobCancelled, JobRun
from workers.pipeline.lease import HeldLease
from workers.pipeline.merge.merge_drafts import Merged
from workers.pipeline.merge.past import with_past


async def store(
    run: JobRun, merged: Merged, leases: Sequence[HeldLease]
) -> list[Receipt]:
    """Write new memories before old ones are archived: what is known is never missing.
    What became of each is returned. Raises `JobCancelled` when the job was cancelled
    while this was written, and leaves all as it was then; `LeaseLost`, `Unavailable`.
    """
    await run.progress(Step.STORE)
    memories = run.context.memories
    merged, earlier = await with_past(run, merged)
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
        await _take_back(run, merged, earlier)
        raise
    receipts: Sequence[Receipt] = merged.receipts
    if run.job.attempts > 1:
        receipts = await _as_stored_earlier(run, receipts)
    return [_naming_wrong(receipt, merged.wrong) for receipt in receipts]


def _naming_wrong(receipt: Receipt, wrong: Mapping[str, str]) -> Receipt:
    """The receipt, which says what was wrong where what is right was stored."""
    if receipt.outcome is not Outcome.STORED or receipt.memory not in wrong:
        return receipt
    return replace(
        receipt,
        outcome=Outcome.SUPERSEDED,
        reason="the user says that the other was wrong",
        other=wrong[receipt.memory],
    )


async def _take_back(run: JobRun, merged: Merged, earlier: Sequence[Memory]) -> None:
    """Everything as it was before a batch was stored, by those who wrote it: what was
    changed comes back before what is new goes.
    """
    memories, job = run.context.memories, run.job.id
    before = {memory.id: memory for memory in earlier}
    ids = [embedded.memory.id for embedded in merged.new]
    written_over = [m for m in earlier if m.id in ids and m.job != job]
    if written_over:
        await memories.put(await _embedded(run, written_over))
    if archived := [before[m.id] for m in merged.archived if m.id in before]:
        await memories.archive(archived)
    if annotated := [before[m.id] for m in merged.annotated if m.id in before]:
        await memories.update_detail(annotated)
    restored = {memory.id for memory in written_over}
    own = {entry.memory.id for entry in merged.new if entry.memory.job == job}
    await memories.delete(run.job.scope.project, sorted(own - restored))


async def _embedded(run: JobRun, memories: Sequence[Memory]) -> list[Embedded]:
    vectors = await run.context.embedder.passages(list(map(searched_text, memories)))
    return [
        Embedded(memory, searched_words(memory), vector)
        for memory, vector in zip(memories, vectors, strict=True)
    ]


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
