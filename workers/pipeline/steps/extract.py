"""Extract: a talk and the passages of files into drafts, call by call of the extractor,
each saved before it is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from shared.domain.extraction import Draft, Extraction
from shared.domain.job import Step
from shared.domain.passage import Passage, Talk
from shared.ports import ExtractorCall
from workers.pipeline.instructions import document_instructions
from workers.pipeline.job_run import JobRun
from workers.pipeline.read_ahead import ReadAhead
from workers.pipeline.saved_extractions import extract_once


async def extract(
    run: JobRun, talk: Talk | None, passages: Sequence[Passage]
) -> list[Draft]:
    """What is worth remembering of a talk and of passages, in that order."""
    extractor, limits = run.context.extractor, run.context.limits
    groups = in_groups(await _with_instructions(run, passages), limits.passage_batch)
    reads = [partial(extractor.from_passages, group) for group in groups]

    drafts, done = list[Draft](), 0
    async with ReadAhead(reads, limits.calls_at_once) as ahead:
        calls: list[tuple[int, ExtractorCall]] = []
        if talk is not None:
            calls += [(0, call) for call in extractor.talk_calls(talk)]
        for number, group in enumerate(groups):
            calls.append((len(group), partial(_read_ahead, ahead, number)))
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


def in_groups(passages: Sequence[Passage], size: int) -> list[Sequence[Passage]]:
    """Those that one call of the extractor reads."""
    starts = range(0, len(passages), size)
    return [passages[start : start + size] for start in starts]


async def _read_ahead(
    ahead: ReadAhead[Extraction], number: int, earlier: Sequence[Draft]
) -> Extraction:
    """Each passage is read by itself, whatever was read before."""
    return await ahead.result(number)


async def _with_instructions(
    run: JobRun, passages: Sequence[Passage]
) -> Sequence[Passage]:
    """The passages with what their owner tells the model that reads them."""
    instructions = await document_instructions(run) if passages else ()
    if not instructions:
        return passages
    return [replace(passage, instructions=instructions) for passage in passages]
