"""The work "add": remember messages and the files in them. The work "extract": only
find what would be remembered.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from shared.domain.extraction import Draft
from shared.domain.kinds import KIND_OF_TYPE, KIND_OF_VIEW
from shared.domain.passage import Talk
from workers.pipeline.job_run import JobRun
from workers.pipeline.steps.extract import extract, talk_of
from workers.pipeline.steps.parse import FileToRead, read
from workers.pipeline.steps.store import store

EXTRACTED = "extracted"
"""Where in the body of a job "extract" its drafts are left."""
VIEWS = "memory_views"
"""Where in the body of a job "add" its sender says which kinds of memories to make
(contract 1.1, allow_memory_view).
"""
_KINDS = {view: (kind,) for view, kind in KIND_OF_VIEW.items()}


async def add(run: JobRun) -> None:
    """Files and text are remembered alike; what could be read is, although a file could not."""
    await store(run, _wanted(await _found(run), run.job.body.get(VIEWS) or ()))


def _wanted(drafts: Sequence[Draft], views: Collection[str]) -> list[Draft]:
    """The drafts of the kinds that the sender names; all of them, where none is named
    that is known here.
    """
    kinds = {kind for view in views for kind in _KINDS.get(view, ())}
    return [draft for draft in drafts if not kinds or KIND_OF_TYPE[draft.type] in kinds]


async def only_extract(run: JobRun) -> None:
    """Leave the drafts in the job's body; nothing is remembered."""
    drafts = [_shown(draft) for draft in await _found(run)]
    await run.save(body={**run.job.body, EXTRACTED: drafts})


async def _found(run: JobRun) -> list[Draft]:
    talk = await talk_of(run)
    passages = await read(run, _papers(talk), run.context.limits.pages)
    return await extract(run, talk, passages)


def _papers(talk: Talk) -> list[FileToRead]:
    return [
        FileToRead(part.source, part.url, part.name, message.spoken_at, message.text)
        for message in talk.messages
        for part in message.files
    ]


def _shown(draft: Draft) -> dict[str, Any]:
    return {
        "type": draft.type.value,
        "title": draft.title,
        "text": draft.text,
        "tags": list(draft.tags),
        "reasoning": draft.reasoning,
    }
