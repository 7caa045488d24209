"""What can be done to a job: look, replay, call off."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from services.status.task_schemas import Told, task, together, whole_task
from shared.contract import Code
from shared.domain.job import Job, Progress, State, Step
from shared.errors import BadRequest, NotFound, Unavailable
from shared.wiring import Ports

log = logging.getLogger(__name__)

LOOKS, LOOK_AGAIN = 3, 0.05
"""How often, and after how many seconds, it is made sure that a job which was called
off is so in the record.
"""


async def known(ports: Ports, project: str, id: str) -> Job:
    """The job. Raises `NotFound` 50131."""
    job = await ports.jobs.get(project, id)
    if job is None:
        raise NotFound(f"no task {id}", code=Code.UNKNOWN_TASK)
    return job


async def companions(ports: Ports, job: Job) -> list[Job]:
    """The jobs of the other participants, as far as they are still known."""
    found = [await ports.jobs.get(job.scope.project, id) for id in job.companions]
    return [each for each in found if each is not None]


async def shown(ports: Ports, job: Job) -> Told:
    """The job with its live figures, together with its companions."""
    return await _shown(ports, job, task)


async def shown_whole(ports: Ports, job: Job) -> Told:
    """The same, and what became of each memory of the job."""
    return await _shown(ports, job, whole_task)


async def _shown(
    ports: Ports, job: Job, tell: Callable[[Job, Progress | None], Told]
) -> Told:
    others = [
        task(each, await figures(ports, each)) for each in await companions(ports, job)
    ]
    return together(tell(job, await figures(ports, job)), others)


async def figures(ports: Ports, job: Job) -> Progress | None:
    """The live ones; None when the board does not answer, or knows nothing (any more)."""
    try:
        return await ports.progress_bus.read(job.id)
    except Unavailable as error:
        log.debug("no figures: %s", error)
        return None


async def replay(ports: Ports, project: str, id: str) -> Job:
    """Let a failed or dead job, and those of its companions, be tried again with all their tries.

    Raises `NotFound`, `BadRequest` where there is nothing of that kind.
    """
    job = await known(ports, project, id)
    again = [
        each
        for each in (job, *await companions(ports, job))
        if each.state in (State.FAILED, State.DEAD)
    ]
    if not again:
        raise BadRequest(
            f"task {id} is {job.state}: only a failed or a dead one can be replayed"
        )
    for each in again:
        await _again(ports, each.replayed(_now()))
    return await known(ports, project, id)


async def _again(ports: Ports, job: Job) -> None:
    await ports.jobs.put(job)
    await _on_shelf(ports, job, "running", 0, "")
    await _tell(ports, job)
    await _enqueue(ports, job)


async def cancel(ports: Ports, project: str, id: str) -> Job:
    """Call a job off, with its companions. What it has not stored yet it will not
    store; one that has ended stays as it ended.

    Raises `NotFound`.
    """
    job = await known(ports, project, id)
    for each in (job, *await companions(ports, job)):
        if not each.state.final:
            await _called_off(ports, each)
    return await known(ports, project, id)


async def _called_off(ports: Ports, job: Job) -> None:
    await _ask_to_stop(ports, job)
    ended = job.ended(State.CANCELLED, _now(), message="called off").unsaved()
    await _written(ports, ended)
    await ports.memories.delete_where(job.scope.project, fast_of_job=job.id)
    for name in job.saved:
        await ports.sources.delete(name)
    await _on_shelf(ports, ended, "failed", Code.FAILED, ended.error_message)
    await _tell(ports, ended)


async def _written(ports: Ports, ended: Job) -> None:
    """Write the end down so that it stays: a worker that had looked at the record just
    before writes over it once, not again.
    """
    for _ in range(LOOKS):
        await ports.jobs.put(ended)
        await asyncio.sleep(LOOK_AGAIN)
        kept = await ports.jobs.get(ended.scope.project, ended.id)
        if kept is None or kept.state.final:
            return


async def _ask_to_stop(ports: Ports, job: Job) -> None:
    """The worker reads the record too, only less often; and the same request may be made again."""
    try:
        await ports.progress_bus.cancel(job.id)
        if job.body.get("fingerprint"):
            await ports.in_flight.forget(job.body["fingerprint"])
    except Unavailable as error:
        log.warning("called off on the record alone: %s", error)


async def _on_shelf(
    ports: Ports, job: Job, status: str, code: int, message: str
) -> None:
    """Say it of the document too, when the job reads one."""
    if job.work != "document":
        return
    for file in await ports.knowledge_bases.files(
        job.scope.project, [job.body["file"]]
    ):
        if file.job == job.id:
            await ports.knowledge_bases.put_file(
                replace(file, status=status, code=code, message=message)
            )


async def _tell(ports: Ports, job: Job) -> None:
    try:
        await ports.progress_bus.publish(
            Progress(job.id, job.state, Step.DONE if job.state.final else Step.QUEUED)
        )
    except Unavailable as error:
        log.debug("nobody is told: %s", error)


async def _enqueue(ports: Ports, job: Job) -> None:
    try:
        await ports.queue.enqueue(job.id, job.queue)
    except Unavailable as error:
        log.warning("not enqueued; the sweeper will find it: %s", error)


def _now() -> int:
    return time.time_ns() // 1_000_000
