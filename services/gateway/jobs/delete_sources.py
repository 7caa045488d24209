"""Delete the raw bytes of jobs together with what was made of them.

Sources are named by their content, so two jobs may share one: what an unfinished job of
anybody still has to read stays.
"""

from __future__ import annotations

from collections.abc import Iterable

from shared.domain.job import Job
from shared.domain.job_payload import DocumentPayload, Queue
from shared.jobs.clock import now
from shared.wiring import Ports

_MOST_UNFINISHED = 10_000
"""Jobs that are looked through for shared sources."""


async def delete_sources(ports: Ports, jobs: Iterable[Job]) -> None:
    """Delete the files of jobs that have ended. Their messages must still exist, for
    they name the files. `ports` reach every project: another's job may read the same
    bytes.
    """
    ended = {job.id: job for job in jobs}
    names = await _source_names(ports, ended.values())
    if not names:
        return
    unfinished = await ports.jobs.unfinished(now() + 1, _MOST_UNFINISHED)
    others = [job for job in unfinished if job.id not in ended]
    for name in names - await _source_names(ports, others):
        await ports.sources.delete(name)


async def _source_names(ports: Ports, jobs: Iterable[Job]) -> set[str]:
    """The Sources that jobs read: named by their messages, by their reports on files
    that were fetched, by their payloads.
    """
    names: set[str] = set()
    for job in jobs:
        if job.queue is not Queue.FILES:
            continue
        names.update(report.source for report in job.files)
        if isinstance(job.payload, DocumentPayload):
            names.add(job.payload.source)
        if job.message_ids:
            messages = await ports.messages.get(job.scope.project, job.message_ids)
            for message in messages:
                names.update(part.source for part in message.files)
    return names - {""}
