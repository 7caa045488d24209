"""The job "document": remember one file of a knowledge base (contract 1.10)."""

from __future__ import annotations

from dataclasses import replace

from shared.contract import Code
from shared.domain.job_payload import DocumentPayload
from shared.domain.knowledge import SKILL_FILE
from shared.errors import NotFound
from workers.pipeline.files import FileToRead
from workers.pipeline.job_run import JobCancelled, JobRun
from workers.pipeline.sequence import read_files, remember
from workers.pipeline.skill_file import read_skill
from workers.pipeline.steps.extract import extract


async def document(run: JobRun, payload: DocumentPayload) -> None:
    """Remember what stands in the file, for whoever names its knowledge base. Raises
    `JobCancelled` when the file was removed, `NotFound` when its knowledge base was.
    """
    knowledge_bases, project = run.context.knowledge_bases, run.job.scope.project
    files = await knowledge_bases.files(project, [payload.file])
    # It may have been removed, or sent again and have another job now.
    file = next((file for file in files if file.job == run.job.id), None)
    if file is None:
        raise JobCancelled("the file was taken off its knowledge base")
    id = file.knowledge_base
    if await knowledge_bases.get(project, id) is None:
        raise NotFound(f"no knowledge base {id}", code=Code.UNKNOWN_KNOWLEDGE_BASE)
    run.change(options=replace(run.job.options, knowledge_bases=(id,)))

    to_read = FileToRead(file.source, file.url, file.name)
    if file.kind == SKILL_FILE:
        drafts = await read_skill(run, to_read)
    else:
        max_pages = run.context.limits.document_pages
        passages = await read_files(run, [to_read], max_pages)
        drafts = await extract(run, None, passages)
    report = run.job.files[0]
    if report.source and report.source != file.source:
        # The bytes of a file that came from a URL are named, so that its memories are
        # found when it is removed.
        name = file.name or report.name
        await knowledge_bases.put_file(
            replace(file, source=report.source, size=report.size, name=name)
        )
    await remember(run, drafts)
