"""Extract: a talk and the passages of files into drafts, reading by reading, each saved
before it is used.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from shared.domain.extraction import Draft, Extraction
from shared.domain.job import Step
from shared.domain.message import Message
from shared.domain.passage import Passage, Talk
from workers.pipeline.job_run import JobRun
from workers.pipeline.saved_extractions import saved

log = logging.getLogger(__name__)

Read = Callable[[], Awaitable[Extraction]]


async def talk_of(run: JobRun) -> Talk:
    """The job's messages in order, and the last ones said before them in the same conversation."""
    scope, worker = run.job.scope, run.context
    messages = sorted(
        await worker.messages.get(scope.project, run.job.message_ids),
        key=lambda message: message.position,
    )
    before: Sequence[Message] = ()
    if messages:
        before = await worker.messages.latest(
            scope.project,
            scope.user,
            scope.conversation,
            worker.limits.before,
            messages[0].arrived_at,
        )
    return Talk(
        tuple(messages),
        tuple(message for message in before if message.id not in run.job.message_ids),
    )


async def extract(
    run: JobRun, talk: Talk | None, passages: Sequence[Passage]
) -> list[Draft]:
    """What is worth remembering of a talk and of passages, in that order."""
    extractor, drafts, read = run.context.extractor, list[Draft](), 0
    readings: list[tuple[int, Read]] = (
        [] if talk is None else [(0, partial(extractor.from_talk, talk))]
    )
    readings += [
        (len(some), partial(extractor.from_passages, some))
        for some in _groups(passages, run.context.limits.passages)
    ]
    for position, (count, reading) in enumerate(readings):
        await run.at(Step.EXTRACT, passages=len(passages), passages_done=read)
        found = await saved(run, position, reading)
        await _noted(run, found.remarks)
        drafts += found.drafts
        read += count
        await asyncio.sleep(
            0
        )  # extraction by rules is plain computation: let the lease be renewed
    await run.at(Step.EXTRACT, passages_done=read)
    return drafts


async def _noted(run: JobRun, remarks: Sequence[str]) -> None:
    """What went less well, in the job's record, each once: a job that is tried again
    finds the same.
    """
    for remark in remarks:
        log.warning("%s", remark)
    together = tuple(dict.fromkeys((*run.job.remarks, *remarks)))
    if together != run.job.remarks:
        await run.save(remarks=together)


def _groups(passages: Sequence[Passage], size: int) -> list[Sequence[Passage]]:
    return [passages[start : start + size] for start in range(0, len(passages), size)]
