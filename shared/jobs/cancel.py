"""Cancel jobs: from outside (`cancel`), and in the worker that notices
(`acknowledge_cancel`).

    mark on the progress bus ── the worker stops at its next step
    the request may be made again
    the mark goes again where the job has ended meanwhile: a replay is not cancelled by it
    the record says `cancelled` ── and stays so: checked against a worker that was writing
    fast memories and saved extractions are deleted
    the document says that it failed; those who watch are notified
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from shared.domain.job import Job, State
from shared.errors import Unavailable
from shared.jobs.clock import now
from shared.jobs.finish import finish, publish_state, update_document
from shared.jobs.job_ports import CancelPorts, CleanupPorts
from shared.ports import InFlight, Jobs, ProgressBus, Sources

log = logging.getLogger(__name__)

MOST_WRITES = 3
"""How often an end is written at most. A worker that had read the record just before
writes over it once; then it sees that the job is cancelled.
"""
CHECK_AFTER_S = 0.05
"""Seconds after which it is checked whether an end is still in the record."""


async def cancel(ports: CancelPorts, jobs: Sequence[Job], reason: str) -> None:
    """Cancel those jobs that have not ended. What they have not stored yet they will
    not store; what they have stored stays.

    `reason` becomes their error message. Without Redis they are cancelled on the record
    alone, which the workers read less often. Raises `Unavailable` without Qdrant.
    """
    unfinished = [job for job in jobs if not job.state.final]
    for job in unfinished:
        try:
            await ports.progress_bus.cancel(job.id)
            await release_request(ports.in_flight, job)
        except Unavailable as error:
            details = {"job": job.id, "error": str(error)}
            log.warning("job_cancelled_on_record_only", extra=details)
    unfinished = await _still_unfinished(ports, unfinished)
    at = now()
    ended = [
        job.ended(State.CANCELLED, at, message=reason).without_checkpoint()
        for job in unfinished
    ]
    await _write_ends(ports.jobs, ended)
    for job, end in zip(unfinished, ended, strict=True):
        await delete_intermediates(ports, job)
        await update_document(ports.knowledge_bases, end)
        await publish_state(ports.progress_bus, end)


async def acknowledge_cancel(ports: CleanupPorts, job: Job, reason: str) -> None:
    """For the worker whose job was cancelled while it ran: remove what it has left, and
    write the end down unless whoever cancelled it has done so. A job that was deleted
    meanwhile is not brought back. Raises `Unavailable`.
    """
    await delete_intermediates(ports, job)
    record = await ports.jobs.get(None, job.id)
    if record is None:
        await ports.progress_bus.forget([job.id])
        return
    if record.state.final:
        await publish_state(ports.progress_bus, record)
    else:
        ended = job.ended(State.CANCELLED, now(), message=reason)
        await finish(ports, ended.without_checkpoint())


async def delete_intermediates(ports: CleanupPorts, job: Job) -> None:
    """Delete the fast memories of a job and what it saved on the way."""
    await ports.memories.delete_where(job.scope.project, fast_of_job=job.id)
    await delete_saved(ports.sources, job)


async def delete_saved(sources: Sources, job: Job) -> None:
    """Delete the extractions and the models' answers that a job saved on the way."""
    saved = job.checkpoint
    for name in (*saved.extractions, *saved.replies.values()):
        await sources.delete(name)


async def release_request(in_flight: InFlight, job: Job) -> None:
    """Let the request that made a job be made again. Raises `Unavailable`."""
    if job.fingerprint:
        await in_flight.forget(job.fingerprint)


async def take_back_cancel(progress_bus: ProgressBus, job: Job) -> None:
    """Let nobody who works on a job take it for cancelled any more. Where the progress bus
    does not answer, the mark stays until it expires.
    """
    try:
        await progress_bus.take_back_cancel(job.id)
    except Unavailable as error:
        details = {"job": job.id, "error": str(error)}
        log.warning("cancel_not_taken_back", extra=details)


async def _still_unfinished(ports: CancelPorts, read: Sequence[Job]) -> list[Job]:
    """The jobs as they are now, without those that have ended since they were read: their
    receipts are not written over. One that a look misses is cancelled as it was read.
    """
    jobs = ports.jobs
    current = [await jobs.get(job.scope.project, job.id) or job for job in read]
    for job in current:
        # One that another has cancelled needs its mark: its worker may not have seen it.
        if job.state.final and job.state is not State.CANCELLED:
            await take_back_cancel(ports.progress_bus, job)
    return [job for job in current if not job.state.final]


async def _write_ends(jobs: Jobs, ended: Sequence[Job]) -> None:
    """Write ends down so that they stay."""
    pending = list(ended)
    for _ in range(MOST_WRITES):
        if not pending:
            return
        for job in pending:
            await jobs.put(job)
        await asyncio.sleep(CHECK_AFTER_S)
        overwritten = []
        for job in pending:
            record = await jobs.get(job.scope.project, job.id)
            if record is not None and not record.state.final:
                overwritten.append(job)
        pending = overwritten
