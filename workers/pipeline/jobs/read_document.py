"""The job "document": remember one file of a knowledge base (contract 1.10)."""

from __future__ import annotations

from dataclasses import replace

from shared.contract import Code, FileStatus
from shared.domain.job_payload import DocumentPayload
from shared.domain.knowledge import SKILL_FILE, KnowledgeFile
from shared.errors import NotFound
from workers.pipeline.files import FileToRead
from workers.pipeline.job_run import JobCancelled, JobRun
from workers.pipeline.replaced import delete_readings, earlier_readings
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

    # A page may have changed since it was read for an earlier job: it is fetched anew.
    source = "" if file.url else file.source
    to_read = FileToRead(source, file.url, file.name)
    if file.kind == SKILL_FILE:
        drafts = await read_skill(run, to_read)
    else:
        max_pages = run.context.limits.document_pages
        passages = await read_files(run, [to_read], max_pages)
        drafts = await extract(run, None, passages)
    await _note_bytes(run, file)
    earlier = await earlier_readings(run, payload)
    await remember(run, drafts, earlier)
    await delete_readings(run, earlier)


async def _note_bytes(run: JobRun, file: KnowledgeFile) -> None:
    """Name the bytes of a file that came from a URL, so that its memories are found when
    it is removed. What cannot be read now keeps the name of what was read before.
    """
    [report] = run.job.files
    if report.source in ("", file.source) or report.status != FileStatus.COMPLETED:
        return
    named = replace(
        file,
        source=report.source,
        size=report.size,
        name=file.name or report.name,
    )
    await run.context.knowledge_bases.update_file(named)
