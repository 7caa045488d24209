"""The job "document": remember one file of a knowledge base (contract 1.10)."""

from __future__ import annotations

from dataclasses import replace

from shared.contract import Code
from shared.domain.job import Job
from shared.domain.job_payload import DocumentPayload
from shared.domain.knowledge import SKILL_FILE, KnowledgeFile
from shared.errors import NotFound
from workers.pipeline.files import FileToRead
from workers.pipeline.job_run import JobCancelled, JobRun
from workers.pipeline.sequence import read_files, remember
from workers.pipeline.skill_file import read_skill
from workers.pipeline.steps.extract import extract
from workers.pipeline.worker_context import WorkerContext


async def document(run: JobRun, payload: DocumentPayload) -> None:
    """Remember what stands in the file, for whoever names its knowledge base. Raises
    `JobCancelled` when the file was removed, `NotFound` when its knowledge base was.
    """
    knowledge_bases, project = run.context.knowledge_bases, run.job.scope.project
    file = await _current_file(run.context, run.job, payload)
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
    await _save_source(run, file)
    await remember(run, drafts)


async def _current_file(
    context: WorkerContext, job: Job, payload: DocumentPayload
) -> KnowledgeFile | None:
    """The file, unless it was removed, or sent again and has another job now."""
    files = await context.knowledge_bases.files(job.scope.project, [payload.file])
    return next((file for file in files if file.job == job.id), None)


async def _save_source(run: JobRun, file: KnowledgeFile) -> None:
    """Name the bytes of a file that came from a URL, so that its memories are found
    when it is removed.
    """
    report = run.job.files[0]
    if not report.source or report.source == file.source:
        return
    name = file.name or report.name
    await run.context.knowledge_bases.put_file(
        replace(file, source=report.source, size=report.size, name=name)
    )
