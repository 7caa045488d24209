"""Work called off: what it was about is being deleted, so it must not come back (contract 1.7)."""

from __future__ import annotations

from collections.abc import Iterable

from services.gateway.wire.wire_times import now
from shared.domain.job import Job, State
from shared.wiring import Ports


async def cancel_jobs(ports: Ports, jobs: Iterable[Job]) -> None:
    """Stop those that still run, let the requests of all of them be made again, and
    keep nothing that was read meanwhile.
    """
    for job in jobs:
        await forget(ports, job)
        for name in job.checkpoint.extractions:
            await ports.sources.delete(name)
        if not job.state.final:
            await ports.progress_bus.cancel(job.id)
            await ports.jobs.put(
                job.ended(
                    State.CANCELLED, now(), message="what it was about was deleted"
                )
            )


async def jobs_named(ports: Ports, project: str, ids: Iterable[str]) -> list[Job]:
    """The jobs of these ids that are still known."""
    found = [await ports.jobs.get(project, id) for id in dict.fromkeys(ids) if id]
    return [job for job in found if job is not None]


async def forget(ports: Ports, job: Job) -> None:
    """Let the request of a job be made again."""
    if job.fingerprint:
        await ports.in_flight.forget(job.fingerprint)
