"""The job "add": remember messages and the files in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from shared.domain.extraction import Draft
from shared.domain.job_payload import AddPayload
from shared.domain.memory import KIND_OF_TYPE, Kind
from workers.pipeline.job_run import JobRun
from workers.pipeline.load_talk import files_of, load_talk
from workers.pipeline.sequence import read_files, remember
from workers.pipeline.steps.extract import extract

KIND_OF_VIEW: Mapping[str, Kind] = {
    "detail_factual": Kind.FACT,
    "profile": Kind.FACT,
    "event": Kind.FACT,
    "preference": Kind.PREFERENCE,
    "tool_memory": Kind.TOOL,
    "skill": Kind.SKILL,
}
"""The wire's names of the kinds of memories (contract 1.1, `allow_memory_view`)."""


async def add(run: JobRun, payload: AddPayload) -> None:
    """Files and text are remembered alike; what could be read is, even if a file could
    not be.
    """
    talk = await load_talk(run)
    passages = await read_files(run, files_of(talk), run.context.limits.pages)
    drafts = await extract(run, talk, passages)
    await remember(run, of_views(drafts, payload.memory_views))


def of_views(drafts: Sequence[Draft], views: Collection[str]) -> list[Draft]:
    """The drafts of the kinds that the sender names; all of them, where no view is
    named that is known here.
    """
    kinds = {KIND_OF_VIEW[view] for view in views if view in KIND_OF_VIEW}
    if not kinds:
        return list(drafts)
    return [draft for draft in drafts if KIND_OF_TYPE[draft.type] in kinds]
