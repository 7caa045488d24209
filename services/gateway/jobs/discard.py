"""Raw bytes that nobody needs any more, thrown away with what was read from them (contract 1.7).

Sources are named by their content, so two jobs may share one: what an unfinished job of
anybody still has to read stays.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.gateway.wire.wire_times import now
from shared.domain.job import Job
from shared.domain.job_payload import DocumentPayload, Queue
from shared.wiring import Ports

_MOST = 10_000


async def discard(ports: Ports, jobs: Iterable[Job]) -> None:
    """Throw away the files of jobs that are done or called off. Their messages must
    still be there to name them.
    """
    done = {job.id: job for job in jobs}
    names = await _names(ports, done.values())
    if not names:
        return
    waiting = [
        job
        for job in await ports.jobs.unfinished(now() + 1, _MOST)
        if job.id not in done
    ]
    for name in names - await _names(ports, waiting):
        await ports.sources.delete(name)


async def _names(ports: Ports, jobs: Iterable[Job]) -> set[str]:
    """The Sources that jobs read: named by their messages, by their reports on files
    that were fetched, by their payloads.
    """
    names: set[str] = set()
    for job in jobs:
        if job.queue is Queue.FILES:
            messages = (
                await ports.messages.get(job.scope.project, job.message_ids)
                if job.message_ids
                else []
            )
            names |= {part.source for message in messages for part in message.files} | {
                report.source for report in job.files
            }
            if isinstance(job.payload, DocumentPayload):
                names.add(job.payload.source)
    return names - {""}
