"""The work "document": read one file onto a knowledge base (contract 1.10). The job's body names both."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.extraction import Draft
from shared.domain.job import Job, State
from shared.domain.knowledge import KnowledgeFile
from shared.errors import NotFound
from workers.pipeline.extracting import extract
from workers.pipeline.reading import FAILED, READ, Paper, read
from workers.pipeline.shift import CalledOff, Shift
from workers.pipeline.skill_file import KIND, read_skill
from workers.pipeline.store import store
from workers.pipeline.workshop import Workshop

GONE = 50120
_BROKEN = 50000


async def read_document(shift: Shift) -> None:
    """Remember what stands in the file, for whoever names its knowledge base. Raises `CalledOff` when the file was taken away."""
    job = shift.job
    file = await _file(shift.workshop, job)
    if file is None:
        raise CalledOff("the file was taken off its knowledge base")
    if await shift.workshop.shelves.get(job.scope.project, file.knowledge_base) is None:
        raise NotFound(f"no knowledge base {file.knowledge_base}", code=GONE)
    shift.job = replace(job, options=replace(job.options, knowledge_bases=(file.knowledge_base,)))
    drafts = await _read(shift, file)
    await _found_source(shift, file)
    await store(shift, drafts)


async def _read(shift: Shift, file: KnowledgeFile) -> list[Draft]:
    paper = Paper(file.source, file.url, file.name)
    if file.kind == KIND:
        return await read_skill(shift, paper)
    return await extract(shift, None, await read(shift, [paper], shift.workshop.limits.shelf_pages))


async def ended(job: Job, workshop: Workshop) -> None:
    """Say on the file how its job ended."""
    file = await _file(workshop, job)
    if file is not None and job.state is not State.CANCELLED:
        good = job.state is State.COMPLETED
        code = 0 if good else job.error_code or _BROKEN
        await workshop.shelves.put_file(replace(file, status=READ if good else FAILED, code=code, message=job.error_message))


async def _file(workshop: Workshop, job: Job) -> KnowledgeFile | None:
    files = await workshop.shelves.files(job.scope.project, [str(job.body.get("file", ""))])
    return next((file for file in files if file.job == job.id), None)


async def _found_source(shift: Shift, file: KnowledgeFile) -> None:
    """A file that came from a URL is known by its bytes from now on: so its memories are found when it is taken away."""
    report = shift.job.files[0]
    if report.source and report.source != file.source:
        await shift.workshop.shelves.put_file(replace(file, source=report.source, size=report.size, name=file.name or report.name))
