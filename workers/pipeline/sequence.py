"""The order of the steps.

    read_files   for each file:              parse, split, describe
                 for each passage batch:     extract
    remember     for each batch of drafts:   embed, merge, store

`extract` stands between the two in the jobs that need all of it
(`workers.pipeline.jobs`). Whoever watches a job sees `parse` until the last file is
read and described, `split` when all passages are there, `extract`, and then `embed`,
`merge` and `store` once each: the step never goes back, only the figures move
(`JobRun.progress`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from shared.contract import Code, FileStatus
from shared.domain.extraction import Draft
from shared.domain.job import FileReport, Job, Step
from shared.domain.passage import Passage
from shared.errors import FileRejected, SouvenirError
from workers.pipeline.files import (
    FileToRead,
    failed,
    file_reports,
    load_bytes,
)
from workers.pipeline.job_run import JobRun, unforeseen
from workers.pipeline.replaced import forget_replaced
from workers.pipeline.steps.describe import VisionState, describe
from workers.pipeline.steps.embed import embed
from workers.pipeline.steps.merge import hold_owners, merge
from workers.pipeline.steps.parse import parse
from workers.pipeline.steps.split import split
from workers.pipeline.steps.store import store
from workers.pipeline.tags import choose_tags
from workers.pipeline.word_skills import word_skills

log = logging.getLogger(__name__)


async def read_files(
    run: JobRun, files: Sequence[FileToRead], max_pages: int
) -> list[Passage]:
    """The passages of every file that can be read, in order; how each file fared is
    written down in the job. `max_pages` is the most that one file may have.
    """
    if not files:
        await run.progress(Step.PARSE)
        return []
    reports, passages = file_reports(run, files), list[Passage]()
    vision = VisionState()
    for index, file in enumerate(files):
        report = reports[index]
        await run.progress(
            Step.PARSE,
            files=len(files),
            files_done=index,
            file=report.name,
            pages_done=run.figures.pages,
        )
        if report.status != FileStatus.FAILED:
            reports[index], read = await read_file(run, file, report, max_pages, vision)
            passages += read
    await run.save(files=tuple(reports))
    await run.progress(
        Step.SPLIT,
        files_done=len(files),
        file="",
        pages_done=run.figures.pages,
        passages=len(passages),
    )
    return passages


async def read_file(
    run: JobRun,
    file: FileToRead,
    report: FileReport,
    max_pages: int,
    vision: VisionState,
) -> tuple[FileReport, list[Passage]]:
    """The passages of one file, with those of its pictures behind its text, and the
    report on it; a file that cannot be read has none. Raises as `JobRun.progress`, and
    what nobody foresaw, which may pass: in the last try it costs the file, not the job.
    """
    try:
        return await _read(run, file, report, max_pages, vision)
    except FileRejected as error:
        return failed(report, error.message, error.code), []
    except SouvenirError:
        raise
    except Exception as error:
        if not run.is_last_try:
            raise
        log.exception("file_not_read", extra={"file": report.name})
        return failed(report, unforeseen(error), Code.BROKEN), []


async def _read(
    run: JobRun,
    file: FileToRead,
    report: FileReport,
    max_pages: int,
    vision: VisionState,
) -> tuple[FileReport, list[Passage]]:
    """As `read_file`, for a file that can be read. Raises `FileRejected` for others."""
    report, data = await load_bytes(run, file, report)
    document = await parse(run, data, report.name, max_pages)
    report = replace(
        report,
        name=file.name or document.name or report.name,
        media_type=document.media_type,
        pages=document.pages,
        status=FileStatus.COMPLETED,
    )
    text = await asyncio.to_thread(split, document, report.source, report.name)
    pictures, remark = await describe(run, document, report, file.message_text, vision)
    passages = [
        replace(passage, spoken_at=file.spoken_at) for passage in (*text, *pictures)
    ]
    return replace(report, message=remark), passages


async def remember(
    run: JobRun, drafts: Sequence[Draft], earlier: Sequence[Job] = ()
) -> None:
    """Merge the drafts with what is known and store what is new; the job's receipts say
    what became of each. The fast memories of the job go, and what it takes the place of:
    of an earlier run, and of the `earlier` jobs that have read the same document.

    A try after another one goes on behind the batch that was stored last. Raises
    `JobCancelled` when the job was cancelled meanwhile: then nothing of the batch stays.
    """
    await forget_replaced(run, drafts, earlier)
    total, size = len(drafts), run.context.limits.draft_batch
    for start in range(run.job.checkpoint.stored, total, size):
        batch: Sequence[Draft] = drafts[start : start + size]
        embedder = await embed(run, batch, done=start, total=total)
        batch = await choose_tags(batch, run.job.options.tags, embedder)
        async with hold_owners(run) as leases:
            merged = await merge(run, batch, embedder, drafts[start + size :])
            receipts = await store(run, merged, leases)
        end = start + len(batch)
        changes: dict[str, Any] = {
            "receipts": (*run.job.receipts, *receipts),
            "checkpoint": replace(run.job.checkpoint, stored=end),
        }
        if end < total:
            await run.save(**changes)
        else:  # the end of the job is written down next
            run.change(**changes)
    await run.progress(Step.STORE, memories=total, memories_done=total)
    project, job = run.job.scope.project, run.job.id
    await run.context.memories.delete_where(project, fast_of_job=job)
    await word_skills(run, drafts)
