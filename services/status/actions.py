"""What can be done to a job: look, replay, call off."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import Any

from services.status.schemas import task
from shared.domain.job import Job, Progress, State, Step
from shared.errors import BadRequest, NotFound, Unavailable
from shared.wiring import Ports

log = logging.getLogger(__name__)

UNKNOWN_TASK, FAILED = 50131, 50002


async def known(ports: Ports, project: str, id: str) -> Job:
    """The job. Raises `NotFound` 50131."""
    job = await ports.jobs.get(project, id)
    if job is None:
        raise NotFound(f"no task {id}", code=UNKNOWN_TASK)
    return job


async def shown(ports: Ports, job: Job) -> dict[str, Any]:
    """The job with its live figures, without them when the board does not answer or belongs to an earlier try."""
    try:
        progress = await ports.board.read(job.id)
    except Unavailable as error:
        log.debug("no figures: %s", error)
        progress = None
    return task(job, progress)


async def replay(ports: Ports, project: str, id: str) -> Job:
    """Let a failed or dead job be tried again, with all its tries. Raises `NotFound`, `BadRequest` for any other job."""
    job = await known(ports, project, id)
    if job.state not in (State.FAILED, State.DEAD):
        raise BadRequest(f"task {id} is {job.state}: only a failed or a dead one can be replayed")
    again = job.replayed(_now())
    await ports.jobs.put(again)
    await _on_shelf(ports, again, "running", 0, "")
    await _tell(ports, again)
    await _enqueue(ports, again)
    return again


async def cancel(ports: Ports, project: str, id: str) -> Job:
    """Call a job off. What it has not stored yet it will not store; one that has ended stays as it ended. Raises `NotFound`."""
    job = await known(ports, project, id)
    if job.state.final:
        return job
    await _ask_to_stop(ports, job)
    ended = job.ended(State.CANCELLED, _now(), message="called off").unsaved()
    await ports.jobs.put(ended)
    await ports.memories.delete_where(job.scope.project, fast_of_job=job.id)
    for name in job.saved:
        await ports.sources.delete(name)
    await _on_shelf(ports, ended, "failed", FAILED, ended.error_message)
    await _tell(ports, ended)
    return ended


async def _ask_to_stop(ports: Ports, job: Job) -> None:
    """The worker reads the record too, only less often; and the same request may be made again."""
    try:
        await ports.board.cancel(job.id)
        if job.body.get("fingerprint"):
            await ports.in_flight.forget(job.body["fingerprint"])
    except Unavailable as error:
        log.warning("called off on the record alone: %s", error)


async def _on_shelf(ports: Ports, job: Job, status: str, code: int, message: str) -> None:
    """Say it of the document too, when the job reads one."""
    if job.work != "document":
        return
    for file in await ports.shelves.files(job.scope.project, [job.body["file"]]):
        if file.job == job.id:
            await ports.shelves.put_file(replace(file, status=status, code=code, message=message))


async def _tell(ports: Ports, job: Job) -> None:
    try:
        await ports.board.publish(Progress(job.id, job.state, Step.DONE if job.state.final else Step.QUEUED))
    except Unavailable as error:
        log.debug("nobody is told: %s", error)


async def _enqueue(ports: Ports, job: Job) -> None:
    try:
        await ports.queue.enqueue(job.id, job.queue)
    except Unavailable as error:
        log.warning("not enqueued; the sweeper will find it: %s", error)


def _now() -> int:
    return time.time_ns() // 1_000_000
