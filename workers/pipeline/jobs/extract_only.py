"""The job "extract": find what would be remembered of messages; nothing is remembered."""

from __future__ import annotations

from shared.domain.job import ExtractedMemory
from shared.domain.job_payload import ExtractPayload
from workers.pipeline.job_run import JobRun
from workers.pipeline.load_talk import files_of, load_talk
from workers.pipeline.orders.orders_in_talk import take_orders
from workers.pipeline.sequence import read_files
from workers.pipeline.steps.extract import extract


async def extract_only(run: JobRun, payload: ExtractPayload) -> None:
    """Leave what was found in `Job.extracted`; what was said is forgotten."""
    talk, _ = await take_orders(await load_talk(run), run.context.reader)
    passages = await read_files(run, files_of(talk), run.context.limits.pages)
    drafts = await extract(run, talk, passages)
    extracted = [
        ExtractedMemory(
            draft.type, draft.text, draft.title, draft.tags, draft.reasoning
        )
        for draft in drafts
        if not draft.only_as_change
    ]
    await run.save(extracted=tuple(extracted))
    if payload.is_kept:
        ids = run.job.message_ids
        await run.context.messages.delete(run.job.scope.project, ids)
