"""The work "add": remember messages and the files in them. The work "extract": only
find what would be remembered.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shared.domain.extraction import Draft
from shared.domain.job import ExtractedMemory
from shared.domain.job_payload import AddPayload
from shared.domain.memory import KIND_OF_TYPE, Kind
from shared.domain.passage import Talk
from workers.pipeline.job_run import JobRun
from workers.pipeline.steps.extract import extract, talk_of
from workers.pipeline.steps.parse import FileToRead, read
from workers.pipeline.steps.store import store

_KINDS = {
    "detail_factual": (Kind.FACT,),
    "profile": (Kind.FACT,),
    "event": (Kind.FACT,),
    "preference": (Kind.PREFERENCE,),
    "tool_memory": (Kind.TOOL,),
    "skill": (Kind.SKILL,),
}


async def add(run: JobRun, payload: AddPayload) -> None:
    """Files and text are remembered alike; what could be read is, although a file could not."""
    await store(run, _wanted(await _found(run), payload.memory_views))


def _wanted(drafts: Sequence[Draft], views: Collection[str]) -> list[Draft]:
    """The drafts of the kinds that the sender names; all of them, where none is named
    that is known here.
    """
    kinds = {kind for view in views for kind in _KINDS.get(view, ())}
    return [draft for draft in drafts if not kinds or KIND_OF_TYPE[draft.type] in kinds]


async def only_extract(run: JobRun) -> None:
    """Leave what was found in `Job.extracted`; nothing is remembered."""
    drafts = await _found(run)
    await run.save(extracted=tuple(map(_extracted, drafts)))


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


def _extracted(draft: Draft) -> ExtractedMemory:
    return ExtractedMemory(
        draft.type, draft.text, draft.title, draft.tags, draft.reasoning
    )
