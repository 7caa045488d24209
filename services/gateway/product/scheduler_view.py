"""The scheduler of the open-source server, as far as one can see it from outside: jobs
under its names for their states.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.wait_for_job import wait_for_job, wait_for_jobs
from services.http.event_stream import event
from shared.contract import Code, SchedulerStatus
from shared.domain.job import Job, State
from shared.errors import NotFound
from shared.jobs.clock import now
from shared.jobs.lookup import job_by_id

STATES = {
    State.QUEUED: SchedulerStatus.WAITING,
    State.RUNNING: SchedulerStatus.IN_PROGRESS,
    State.COMPLETED: SchedulerStatus.COMPLETED,
    State.FAILED: SchedulerStatus.FAILED,
    State.DEAD: SchedulerStatus.FAILED,
    State.CANCELLED: SchedulerStatus.CANCELLED,
}
_COUNTERS = ("waiting", "in_progress", "pending", "completed", "failed", "cancelled")
_MOST_COUNTED, _MOST_LISTED = 10_000, 200


async def statuses(
    context: RequestContext, user: str, task: str
) -> list[dict[str, str]]:
    """One task, or the latest of a user. Raises `NotFound` for an unknown task."""
    jobs = context.ports.jobs
    if not task:
        latest = await jobs.of_user(context.project, user, _MOST_LISTED)
        return [_status(job) for job in latest]
    job = await job_by_id(jobs, context.project, task)
    if job is None or (user and job.scope.user != user):
        raise NotFound(f"no task {task}", code=Code.UNKNOWN_TASK)
    return [_status(job)]


def _status(job: Job) -> dict[str, str]:
    return {"task_id": job.id, "status": STATES[job.state].value}


async def summary(context: RequestContext, user: str) -> dict[str, int]:
    """How many jobs of a user are in which state."""
    jobs = await context.ports.jobs.of_user(context.project, user, _MOST_COUNTED)
    return counts_by_status(jobs)


async def unfinished_summary(context: RequestContext) -> dict[str, int]:
    """How many jobs of the project are unfinished, and how many are dead; those that
    ended well are not counted.
    """
    jobs, project = context.ports.jobs, context.project
    unfinished = await jobs.unfinished(now() + 1, _MOST_COUNTED)
    own = [job for job in unfinished if job.scope.project == project]
    dead = await jobs.dead(project, _MOST_COUNTED)
    return counts_by_status([*own, *dead])


def counts_by_status(jobs: Iterable[Job]) -> dict[str, int]:
    """Jobs by the scheduler's names for their states; `pending` is both kinds of
    unfinished ones.
    """
    counts = Counter(STATES[job.state].value for job in jobs)
    pending = counts[SchedulerStatus.WAITING] + counts[SchedulerStatus.IN_PROGRESS]
    named = {name: counts[name] for name in _COUNTERS}
    return named | {"pending": pending, "total": sum(counts.values())}


async def wait_until_idle(
    context: RequestContext, user: str, seconds: float
) -> dict[str, object]:
    """Wait until no job of a user is unfinished, for at most `seconds`."""
    started = time.monotonic()
    await wait_for_jobs(context.ports, await _unfinished(context, user), seconds)
    left = len(await _unfinished(context, user))
    return {
        "message": "timeout" if left else "idle",
        "data": {
            "running_tasks": left,
            "waited_seconds": round(time.monotonic() - started, 3),
            "timed_out": bool(left),
            "user_name": user,
        },
    }


async def events_until_idle(
    context: RequestContext, user: str, seconds: float
) -> AsyncIterator[bytes]:
    """The same as server-sent events: one whenever a job has ended, the last says
    "idle" or "timeout".
    """
    started = time.monotonic()
    while left := await _unfinished(context, user):
        waited = time.monotonic() - started
        yield _event(user, "processing", len(left), waited)
        job = await wait_for_job(context.ports, left[0], seconds - waited)
        if not job.state.final:
            break  # the time is over, or nothing is published any more
    outcome = "timeout" if left else "idle"
    yield _event(user, outcome, len(left), time.monotonic() - started)


def _event(user: str, status: str, running: int, waited: float) -> bytes:
    data = {
        "user_name": user,
        "status": status,
        "running_tasks": running,
        "elapsed_seconds": round(waited, 3),
    }
    return event(data)


async def _unfinished(context: RequestContext, user: str) -> Sequence[Job]:
    jobs = await context.ports.jobs.of_user(context.project, user, _MOST_COUNTED)
    return [job for job in jobs if not job.state.final]
