"""Parse: the files of a job, one after another, into passages. A file that cannot be
read is reported; the others are read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.job import FileReport, Step
from shared.domain.passage import Passage
from shared.errors import FileRejected, NotFound
from workers.pipeline.job_run import JobRun
from workers.pipeline.steps.describe import Describer
from workers.pipeline.steps.split import split
from workers.pipeline.worker_context import Document

READ, FAILED = "completed", "failed"
TOO_MANY, TOO_LARGE, GONE = 50103, 50104, 40001


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file to read: bytes in Sources, or a URL. `spoken_at` is when the message came
    that it was in, `said` its words.
    """

    source: str = ""
    url: str = ""
    name: str = ""
    spoken_at: datetime | None = None
    said: str = ""


async def read(run: JobRun, papers: Sequence[FileToRead], pages: int) -> list[Passage]:
    """The passages of every file that can be read; how each fared is written down in
    the job. `pages` is the most that one may have.
    """
    if not papers:
        await run.at(Step.PARSE)
        return []
    reports, passages, describer = (
        _reports(run, papers),
        list[Passage](),
        Describer(run),
    )
    for place, paper in enumerate(papers):
        await run.at(
            Step.PARSE,
            files=len(papers),
            files_done=place,
            file=reports[place].name,
            pages_done=run.progress.pages,
        )
        if reports[place].status != FAILED:
            reports[place], found = await _one(
                run, paper, reports[place], pages, describer
            )
            passages += found
    await run.save(files=tuple(reports))
    await run.at(
        Step.SPLIT,
        files_done=len(papers),
        file="",
        pages_done=run.progress.pages,
        passages=len(passages),
    )
    return passages


def _reports(run: JobRun, papers: Sequence[FileToRead]) -> list[FileReport]:
    """As they were left by an earlier try (so that it reads the same again), or new;
    what is over the number of files fails at once.
    """
    if len(run.job.files) == len(papers):
        return list(run.job.files)
    most = run.context.limits.files
    new = [
        FileReport(paper.name or f"file {place}", paper.source)
        for place, paper in enumerate(papers, 1)
    ]
    return [
        *new[:most],
        *(failed(report, f"more than {most} files", TOO_MANY) for report in new[most:]),
    ]


async def _one(
    run: JobRun, paper: FileToRead, report: FileReport, pages: int, describer: Describer
) -> tuple[FileReport, list[Passage]]:
    try:
        report, data = await bytes_of(run, paper, report)
        document = await _parsed(run, data, report, pages)
    except FileRejected as error:
        return failed(report, error.message, error.code), []
    name = paper.name or document.name or report.name
    report = replace(
        report,
        name=name,
        media_type=document.media_type,
        pages=document.pages,
        status=READ,
    )
    passages = await asyncio.to_thread(split, document, report.source, name)
    shown, remark = await describer.passages(document, report, paper.said)
    return replace(report, message=remark), [
        replace(passage, spoken_at=paper.spoken_at) for passage in (*passages, *shown)
    ]


async def bytes_of(
    run: JobRun, paper: FileToRead, report: FileReport
) -> tuple[FileReport, bytes]:
    """The file's bytes; one that came from a URL is kept in Sources, so it is not fetched twice."""
    if report.source:
        try:
            data = await run.context.sources.get(report.source)
        except NotFound as error:
            raise FileRejected("the file is not kept any more", code=GONE) from error
    else:
        fetched = await run.context.fetch(paper.url)
        data = fetched.data
        report = replace(
            report,
            name=paper.name or fetched.name or report.name,
            source=await run.context.sources.put(data),
        )
    if len(data) > run.context.limits.file_bytes:
        raise FileRejected(
            f"larger than {run.context.limits.file_bytes // 1024**2} MB", code=TOO_LARGE
        )
    return replace(report, size=len(data)), data


async def _parsed(run: JobRun, data: bytes, report: FileReport, most: int) -> Document:
    """Parse, telling of each page; stops parsing when the job is called off or lost."""
    news: asyncio.Queue[tuple[int, int] | None] = asyncio.Queue()
    before = run.progress.pages
    reading = asyncio.ensure_future(
        run.context.parse(
            data, report.name, most, lambda done, pages: news.put_nowait((done, pages))
        )
    )
    reading.add_done_callback(lambda _: news.put_nowait(None))
    try:
        while (told := await _latest(news)) is not None:
            await run.at(
                Step.PARSE,
                file=report.name,
                pages_done=before + told[0],
                pages=before + told[1],
            )
        return await reading
    finally:
        reading.cancel()


async def _latest(
    news: asyncio.Queue[tuple[int, int] | None],
) -> tuple[int, int] | None:
    told = await news.get()
    while told is not None and not news.empty():
        told = news.get_nowait()
    return told


def failed(report: FileReport, message: str, code: int) -> FileReport:
    return replace(report, status=FAILED, code=code, message=message)
