"""Extract: a talk and the passages of files into drafts, call by call of the extractor,
each saved before it is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from shared.domain.extraction import Draft, Extraction
from shared.domain.job import Step
from shared.domain.passage import Passage, Talk
from workers.pipeline.job_run import JobRun
from workers.pipeline.saved_extractions import extract_once

Call = Callable[[], Awaitable[Extraction]]


async def extract(
    run: JobRun, talk: Talk | None, passages: Sequence[Passage]
) -> list[Draft]:
    """What is worth remembering of a talk and of passages, in that order."""
    extractor, size = run.context.extractor, run.context.limits.passage_batch
    calls: list[tuple[int, Call]] = []
    if talk is not None:
        calls.append((0, partial(extractor.from_talk, talk)))
    for start in range(0, len(passages), size):
        batch = passages[start : start + size]
        calls.append((len(batch), partial(extractor.from_passages, batch)))

    drafts, done = list[Draft](), 0
    for position, (count, call) in enumerate(calls):
        await run.progress(Step.EXTRACT, passages=len(passages), passages_done=done)
        extraction = await extract_once(run, position, call)
        await run.add_remarks(extraction.remarks)
        drafts += extraction.drafts
        done += count
        # The built-in extractor only computes: let the lease be renewed.
        await asyncio.sleep(0)
    await run.progress(Step.EXTRACT, passages_done=done)
    return drafts
