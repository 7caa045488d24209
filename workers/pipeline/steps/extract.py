"""Extract: a talk and the passages of files into drafts, call by call of the extractor,
each saved before it is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from shared.domain.extraction import Draft, Extraction
from shared.domain.job import Step
from shared.domain.passage import Passage, Talk
from shared.ports import ExtractorCall
from workers.pipeline.job_run import JobRun
from workers.pipeline.saved_extractions import extract_once


async def extract(
    run: JobRun, talk: Talk | None, passages: Sequence[Passage]
) -> list[Draft]:
    """What is worth remembering of a talk and of passages, in that order."""
    extractor, size = run.context.extractor, run.context.limits.passage_batch
    calls: list[tuple[int, ExtractorCall]] = []
    if talk is not None:
        calls += [(0, call) for call in extractor.talk_calls(talk)]
    for start in range(0, len(passages), size):
        batch = passages[start : start + size]
        calls.append((len(batch), partial(_from_passages, run, batch)))

    drafts, done = list[Draft](), 0
    for position, (count, call) in enumerate(calls):
        await run.progress(Step.EXTRACT, passages=len(passages), passages_done=done)
        extraction = await extract_once(run, position, partial(call, tuple(drafts)))
        await run.add_remarks(extraction.remarks)
        drafts += extraction.drafts
        done += count
        # The built-in extractor only computes: let the lease be renewed.
        await asyncio.sleep(0)
    await run.progress(Step.EXTRACT, passages_done=done)
    return drafts


async def _from_passages(
    run: JobRun, passages: Sequence[Passage], earlier: Sequence[Draft]
) -> Extraction:
    """Each passage is read by itself, whatever was found before."""
    return await run.context.extractor.from_passages(passages)
