"""The files of a job: where their bytes are, and the report on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.contract import MEGABYTE, Code, FileStatus
from shared.domain.job import FileReport
from shared.errors import FileRejected, NotFound
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
    """A report for each file: as an earlier try left it, so that the same is read again,
    or new. Files above the largest number of files have failed at once.
    """
    if len(run.job.files) == len(files):
        return list(run.job.files)
    limit = run.context.limits.files
    reports = []
    for number, file in enumerate(files, 1):
        report = FileReport(file.name or f"file {number}", file.source)
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
    once. Raises `FileRejected`.
    """
    sources, limit = run.context.sources, run.context.limits.file_bytes
    if report.source:
        try:
            data = await sources.get(report.source)
        except NotFound as error:
            message = "the file is not kept any more"
            raise FileRejected(message, code=Code.NOT_THERE) from error
    else:
        fetched = await run.context.fetch(file.url)
        data = fetched.data
        name = file.name or fetched.name or report.name
        report = replace(report, name=name, source=await sources.put(data))
    if len(data) > limit:
        message = f"larger than {limit // MEGABYTE} MB"
        raise FileRejected(message, code=Code.FILE_TOO_LARGE)
    return replace(report, size=len(data)), data
