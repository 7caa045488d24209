"""The work "document": read one file onto a knowledge base (contract 1.10). The job's
body names both.
"""

from __future__ import annotations

from dataclasses import replace

from shared.domain.extraction import Draft
from shared.domain.job import Job, State
from shared.domain.job_payload import DocumentPayload
from shared.domain.knowledge import KnowledgeFile
from shared.errors import NotFound
from workers.pipeline.job_run import JobCancelled, JobRun
from workers.pipeline.jobs.skill_file import KIND, read_skill
from workers.pipeline.steps.extract import extract
from workers.pipeline.steps.parse import FAILED, READ, FileToRead, read
from workers.pipeline.steps.store import store
from workers.pipeline.worker_context import WorkerContext

GONE = 50120
_BROKEN = 50000


async def read_document(run: JobRun, payload: DocumentPayload) -> None:
    """Remember what stands in the file, for whoever names its knowledge base. Raises
    `CalledOff` when the file was taken away.
    """
    job = run.job
    file = await _file(run.context, job, payload)
    if file is None:
        raise JobCancelled("the file was taken off its knowledge base")
    if (
        await run.context.knowledge_bases.get(job.scope.project, file.knowledge_base)
        is None
    ):
        raise NotFound(f"no knowledge base {file.knowledge_base}", code=GONE)
    run.job = replace(
        job, options=replace(job.options, knowledge_bases=(file.knowledge_base,))
    )
    drafts = await _read(run, file)
    await _found_source(run, file)
    await store(run, drafts)


async def _read(run: JobRun, file: KnowledgeFile) -> list[Draft]:
    paper = FileToRead(file.source, file.url, file.name)
    if file.kind == KIND:
        return await read_skill(run, paper)
    return await extract(
        run, None, await read(run, [paper], run.context.limits.shelf_pages)
    )


async def ended(job: Job, payload: DocumentPayload, context: WorkerContext) -> None:
    """Say on the file how its job ended."""
    file = await _file(context, job, payload)
    if file is not None and job.state is not State.CANCELLED:
        good = job.state is State.COMPLETED
        code = 0 if good else job.error_code or _BROKEN
        await context.knowledge_bases.put_file(
            replace(
                file,
                status=READ if good else FAILED,
                code=code,
                message=job.error_message,
            )
        )


async def _file(
    context: WorkerContext, job: Job, payload: DocumentPayload
) -> KnowledgeFile | None:
    files = await context.knowledge_bases.files(job.scope.project, [payload.file])
    return next((file for file in files if file.job == job.id), None)


async def _found_source(run: JobRun, file: KnowledgeFile) -> None:
    """A file that came from a URL is known by its bytes from now on: so its memories
    are found when it is taken away.
    """
    report = run.job.files[0]
    if report.source and report.source != file.source:
        await run.context.knowledge_bases.put_file(
            replace(
                file,
                source=report.source,
                size=report.size,
                name=file.name or report.name,
            )
        )
