"""Parse: the files of a job, one after another, into passages. A file that cannot be read is reported; the others are read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.job import FileReport, Step
from shared.domain.passage import Passage
from shared.errors import FileRejected, NotFound
from workers.pipeline.describe import Describer
from workers.pipeline.shift import Shift
from workers.pipeline.split import split
from workers.pipeline.workshop import Document

READ, FAILED = "completed", "failed"
TOO_MANY, TOO_LARGE, GONE = 50103, 50104, 40001


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to read: bytes in Sources, or a URL. `spoken_at` is when the message came that it was in, `said` its words."""

    source: str = ""
    url: str = ""
    name: str = ""
    spoken_at: datetime | None = None
    said: str = ""


async def read(shift: Shift, papers: Sequence[Paper], pages: int) -> list[Passage]:
    """The passages of every file that can be read; how each fared is written down in the job. `pages` is the most that one may have."""
    if not papers:
        await shift.at(Step.PARSE)
        return []
    reports, passages, describer = _reports(shift, papers), list[Passage](), Describer(shift)
    for place, paper in enumerate(papers):
        await shift.at(Step.PARSE, files=len(papers), files_done=place, file=reports[place].name, pages_done=shift.progress.pages)
        if reports[place].status != FAILED:
            reports[place], found = await _one(shift, paper, reports[place], pages, describer)
            passages += found
    await shift.save(files=tuple(reports))
    await shift.at(Step.SPLIT, files_done=len(papers), file="", pages_done=shift.progress.pages, passages=len(passages))
    return passages


def _reports(shift: Shift, papers: Sequence[Paper]) -> list[FileReport]:
    """As they were left by an earlier try (so that it reads the same again), or new; what is over the number of files fails at once."""
    if len(shift.job.files) == len(papers):
        return list(shift.job.files)
    most = shift.workshop.limits.files
    new = [FileReport(paper.name or f"file {place}", paper.source) for place, paper in enumerate(papers, 1)]
    return [*new[:most], *(failed(report, f"more than {most} files", TOO_MANY) for report in new[most:])]


async def _one(shift: Shift, paper: Paper, report: FileReport, pages: int, describer: Describer) -> tuple[FileReport, list[Passage]]:
    try:
        report, data = await bytes_of(shift, paper, report)
        document = await _parsed(shift, data, report, pages)
    except FileRejected as error:
        return failed(report, error.message, error.code), []
    name = paper.name or document.name or report.name
    report = replace(report, name=name, media_type=document.media_type, pages=document.pages, status=READ)
    passages = await asyncio.to_thread(split, document, report.source, name)
    shown, remark = await describer.passages(document, report, paper.said)
    return replace(report, message=remark), [replace(passage, spoken_at=paper.spoken_at) for passage in (*passages, *shown)]


async def bytes_of(shift: Shift, paper: Paper, report: FileReport) -> tuple[FileReport, bytes]:
    """The file's bytes; one that came from a URL is kept in Sources, so it is not fetched twice."""
    if report.source:
        try:
            data = await shift.workshop.sources.get(report.source)
        except NotFound as error:
            raise FileRejected("the file is not kept any more", code=GONE) from error
    else:
        fetched = await shift.workshop.fetch(paper.url)
        data = fetched.data
        report = replace(report, name=paper.name or fetched.name or report.name, source=await shift.workshop.sources.put(data))
    if len(data) > shift.workshop.limits.file_bytes:
        raise FileRejected(f"larger than {shift.workshop.limits.file_bytes // 1024**2} MB", code=TOO_LARGE)
    return replace(report, size=len(data)), data


async def _parsed(shift: Shift, data: bytes, report: FileReport, most: int) -> Document:
    """Parse, telling of each page; stops parsing when the job is called off or lost."""
    news: asyncio.Queue[tuple[int, int] | None] = asyncio.Queue()
    before = shift.progress.pages
    reading = asyncio.ensure_future(shift.workshop.parse(data, report.name, most, lambda done, pages: news.put_nowait((done, pages))))
    reading.add_done_callback(lambda _: news.put_nowait(None))
    try:
        while (told := await _latest(news)) is not None:
            await shift.at(Step.PARSE, file=report.name, pages_done=before + told[0], pages=before + told[1])
        return await reading
    finally:
        reading.cancel()


async def _latest(news: asyncio.Queue[tuple[int, int] | None]) -> tuple[int, int] | None:
    told = await news.get()
    while told is not None and not news.empty():
        told = news.get_nowait()
    return told


def failed(report: FileReport, message: str, code: int) -> FileReport:
    return replace(report, status=FAILED, code=code, message=message)
