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
from workers.pipeline.redact_passages import without_secrets
from workers.pipeline.saved_extractions import always, extract_once


async def extract(
    run: JobRun, talk: Talk | None, passages: Sequence[Passage]
) -> list[Draft]:
    """What is worth remembering of a talk and of passages, in that order."""
    drafts, calls = list[Draft](), 0
    passages = await without_secrets(run, passages)
    passages = await _with_instructions(run, passages)
    if talk is not None:
        talk_calls = run.context.extractor.talk_calls(talk)
        saves = partial(_is_saved, run, len(talk_calls) == 1 and not passages)
        for call in talk_calls:
            await run.progress(Step.EXTRACT, passages=len(passages))
            # What a talk says later is read beside what was read of it before.
            earlier = tuple(drafts)
            drafts += await _extracted(run, calls, partial(call, earlier), saves)
            calls += 1
    if passages or talk is None:
        drafts += await _of_passages(run, passages, calls)
        await run.progress(Step.EXTRACT, passages_done=len(passages))
    return drafts


async def _of_passages(
    run: JobRun, passages: Sequence[Passage], first: int
) -> list[Draft]:
    """Drafts of passages, several groups at a time; `first` is the number of the calls
    that were made before.
    """
    extractor, limits = run.context.extractor, run.context.limits
    groups = [
        passages[start : start + limits.passage_batch]
        for start in range(0, len(passages), limits.passage_batch)
    ]
    drafts, done = list[Draft](), 0
    calls = [partial(extractor.from_passages, group) for group in groups]
    async with ReadAhead(calls, limits.calls_at_once) as ahead:
        for place, group in enumerate(groups):
            await run.progress(Step.EXTRACT, passages=len(passages), passages_done=done)
            drafts += await _extracted(run, first + place, partial(ahead.result, place))
            done += len(group)
    return drafts


def _is_saved(run: JobRun, is_only_call: bool, extraction: Extraction) -> bool:
    """What is read again at little cost is not saved: that costs a message as much as
    its reading. Unless it is stored in several batches: a further try goes on behind the
    last of them, among the same drafts.
    """
    in_one_batch = len(extraction.drafts) <= run.context.limits.draft_batch
    return not (run.context.extractor.is_cheap and is_only_call and in_one_batch)


async def _extracted(
    run: JobRun,
    position: int,
    call: Callable[[], Awaitable[Extraction]],
    saves: Callable[[Extraction], bool] = always,
) -> Sequence[Draft]:
    """The drafts of a call, and its remarks written down."""
    extraction = await extract_once(run, position, call, saves)
    await run.add_remarks(extraction.remarks)
    # The built-in extractor only computes: let the lease be renewed.
    await asyncio.sleep(0)
    return extraction.drafts


async def _with_instructions(
    run: JobRun, passages: Sequence[Passage]
) -> Sequence[Passage]:
    """The passages with what their owner tells the model that reads them."""
    instructions = await document_instructions(run) if passages else ()
    if not instructions:
        return passages
    return [replace(passage, instructions=instructions) for passage in passages]
