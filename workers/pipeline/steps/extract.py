"""Extract: a talk and the passages of files into drafts, call by call of the extractor,
each saved before it is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from shared.domain.extraction import Draft, Extraction
from shared.domain.job import Step
from shared.domain.passage import Passage, Talk
from workers.pipeline.instructions import document_instructions
from workers.pipeline.job_run import JobRun
from workers.pipeline.read_ahead import ReadAhead
from workers.pipeline.saved_extractions import extract_once

Call = Callable[[], Awaitable[Extraction]]


async def extract(
    run: JobRun, talk: Talk | None, passages: Sequence[Passage]
) -> list[Draft]:
    """What is worth remembering of a talk and of passages, in that order."""
    extractor, size = run.context.extractor, run.context.limits.passage_batch
    passages = await _with_instructions(run, passages)
    calls: list[tuple[int, Call]] = []
    if talk is not None:
        calls.append((0, partial(extractor.from_talk, talk)))
    for start in range(0, len(passages), size):
        batch = passages[start : start + size]
        calls.append((len(batch), partial(extractor.from_passages, batch)))

    drafts, done = list[Draft](), 0
    at_once = run.context.limits.calls_at_once
    async with ReadAhead([call for _, call in calls], at_once) as ahead:
        for position, (count, _) in enumerate(calls):
            await run.progress(Step.EXTRACT, passages=len(passages), passages_done=done)
            call = partial(ahead.result, position)
            extraction = await extract_once(run, position, call)
            await run.add_remarks(extraction.remarks)
            drafts += extraction.drafts
            done += count
            # The built-in extractor only computes: let the lease be renewed.
            await asyncio.sleep(0)
    await run.progress(Step.EXTRACT, passages_done=done)
    return drafts


async def _with_instructions(
    run: JobRun, passages: Sequence[Passage]
) -> Sequence[Passage]:
    """The passages with what their owner tells the model that reads them."""
    instructions = await document_instructions(run) if passages else ()
    if not instructions:
        return passages
    return [replace(passage, instructions=instructions) for passage in passages]
