"""The files of a job: where their bytes are, and the report on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.contract import MEGABYTE, Code, FileStatus
from shared.domain.job import FileReport
from shared.errors import FileRejected, NotFound
from shared.ports import Sources
from workers.pipeline.job_run import JobRun


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file: its bytes in Sources, or a URL."""

    source: str = ""
    """Name of the bytes in Sources; empty for a file that is still to be fetched."""
    url: str = ""
    name: str = ""
    spoken_at: datetime | None = None
    """When the message was sent that the file came in."""
    message_text: str = ""
    """The words of that message."""


def file_reports(run: JobRun, files: Sequence[FileToRead]) -> list[FileReport]:
    """A report for each file: as an earlier try or run left it, so that the same is read
    again, or new. Files above the largest number of files have failed at once.
    """
    limit = run.context.limits.files
    earlier = run.job.files if len(run.job.files) == len(files) else ()
    reports = []
    for number, file in enumerate(files, 1):
        report = FileReport(file.name or f"file {number}")
        if earlier:
            report = earlier[number - 1]
        report = replace(report, source=report.source or file.source)
        if number > limit:
            report = failed(report, f"more than {limit} files", Code.TOO_MANY_FILES)
        reports.append(report)
    return reports


def failed(report: FileReport, message: str, code: int) -> FileReport:
    """The report of a file that cannot be read."""
    return replace(report, status=FileStatus.FAILED, code=code, message=message)


async def load_bytes(
    run: JobRun, file: FileToRead, report: FileReport
) -> tuple[FileReport, bytes]:
    """The bytes of a file; those from a URL are put into Sources, so that it is fetched
    once, or again where they are not kept any more. Raises `FileRejected`.
    """
    sources, limit = run.context.sources, run.context.limits.file_bytes
    data = await _kept_bytes(sources, report.source)
    if data is None and not file.url:
        raise FileRejected("the file is not kept any more", code=Code.NOT_THERE)
    if data is None:
        fetched = await run.context.fetch(file.url)
        data = fetched.data
        name = file.name or fetched.name or report.name
        report = replace(report, name=name, source=await sources.put(data))
    if len(data) > limit:
        message = f"larger than {limit // MEGABYTE} MB"
        raise FileRejected(message, code=Code.FILE_TOO_LARGE)
    return replace(report, size=len(data)), data


async def _kept_bytes(sources: Sources, name: str) -> bytes | None:
    try:
        return await sources.get(name) if name else None
    except NotFound:
        return None
