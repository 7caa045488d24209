"""Delete the raw bytes of jobs together with what was made of them.

Sources are named by their content, so two jobs may share one: what a job of anybody still
has to read stays, and what another run of it would read. A document that is read is read
again when another one goes that said the same: its bytes stay as long as its job.
"""

from __future__ import annotations

from collections.abc import Iterable

from shared.domain.job import Job
from shared.domain.job_payload import DocumentPayload, Queue
from shared.jobs.job_ports import SourcePorts


async def delete_sources(ports: SourcePorts, jobs: Iterable[Job]) -> None:
    """Delete the files of jobs that have ended. Their messages must still exist, for
    they name the files. `ports` reach every project: another's job may read the same
    bytes.
    """
    ended = {job.id: job for job in jobs}
    names = await _source_names(ports, ended.values())
    if not names:
        return
    to_read = await ports.jobs.with_files_to_read()
    to_read += await ports.jobs.of_completed_documents(names)
    others = [job for job in to_read if job.id not in ended]
    for name in names - await _source_names(ports, others):
        await ports.sources.delete(name)


def document_sources(jobs: Iterable[Job]) -> set[str]:
    """The Sources that jobs have read: named by their reports on files, or by their
    payloads.
    """
    names: set[str] = set()
    for job in jobs:
        names.update(report.source for report in job.files)
        if isinstance(job.payload, DocumentPayload):
            names.add(job.payload.source)
    return names - {""}


async def _source_names(ports: SourcePorts, jobs: Iterable[Job]) -> set[str]:
    """The same, and those that their messages name."""
    reading = [job for job in jobs if job.queue is Queue.FILES]
    names = document_sources(reading)
    for job in reading:
        if job.message_ids:
            messages = await ports.messages.get(job.scope.project, job.message_ids)
            for message in messages:
                names.update(part.source for part in message.files)
    return names - {""}
