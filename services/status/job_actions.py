"""What can be done to a job: view it, replay it, cancel it. A job of a group chat is
one task together with its companions, the jobs of the other participants.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from services.status.task_views import (
    TaskView,
    full_task_view,
    merged_view,
    task_view,
)
from shared.contract import Code
from shared.domain.job import Job, Progress
from shared.errors import BadRequest, NotFound, Unavailable
from shared.jobs.cancel import cancel
from shared.jobs.lookup import job_by_id, jobs_by_ids
from shared.jobs.replay import replay
from shared.ports import ProgressBus
from shared.wiring import Ports

log = logging.getLogger(__name__)

_CANCEL_REASON = "called off"


async def get_job(ports: Ports, project: str, id: str) -> Job:
    """The job. Raises `NotFound` with UNKNOWN_TASK."""
    job = await job_by_id(ports.jobs, project, id)
    if job is None:
        raise NotFound(f"no task {id}", code=Code.UNKNOWN_TASK)
    return job


async def get_companions(ports: Ports, job: Job) -> list[Job]:
    """The jobs of the other participants, as far as they still exist."""
    return await jobs_by_ids(ports.jobs, job.scope.project, job.companions)


async def view_task(ports: Ports, job: Job) -> TaskView:
    """The job with its live figures, together with its companions."""
    return await _merged(ports, job, task_view)


async def view_full_task(ports: Ports, job: Job) -> TaskView:
    """The same, and what became of each memory of the job."""
    return await _merged(ports, job, full_task_view)


async def _merged(
    ports: Ports, job: Job, render: Callable[[Job, Progress | None], TaskView]
) -> TaskView:
    bus = ports.progress_bus
    view = render(job, await read_progress(bus, job))
    companions = [
        task_view(companion, await read_progress(bus, companion))
        for companion in await get_companions(ports, job)
    ]
    return merged_view(view, companions)


async def read_progress(progress_bus: ProgressBus, job: Job) -> Progress | None:
    """The live figures; None when the progress bus does not answer, or has none (any
    more).
    """
    try:
        return await progress_bus.read(job.id)
    except Unavailable as error:
        log.debug("progress_not_read", extra={"job": job.id, "error": str(error)})
        return None


async def replay_task(ports: Ports, project: str, id: str) -> Job:
    """Let a job and its companions be run again, those that failed or have remarks.
    Raises `NotFound`, `BadRequest` where there is none among them.
    """
    job = await get_job(ports, project, id)
    jobs = [job, *await get_companions(ports, job)]
    replayable = [job for job in jobs if job.is_replayable]
    if not replayable:
        raise BadRequest(
            f"task {id} is {job.state}: only a failed or a dead one can be replayed,"
            " or a completed one with remarks"
        )
    for job in replayable:
        await replay(ports, job)
    return await get_job(ports, project, id)


async def cancel_task(ports: Ports, project: str, id: str) -> Job:
    """Cancel a job, with its companions. One that has ended stays as it ended. Raises
    `NotFound`.
    """
    job = await get_job(ports, project, id)
    jobs = [job, *await get_companions(ports, job)]
    await cancel(ports, jobs, _CANCEL_REASON)
    return await get_job(ports, project, id)
