"""The scheduler of the open-source server, as far as one can see it from outside: jobs
under its names for their states.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence

import orjson

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.accept import seen_through
from services.gateway.wire.wire_times import now
from shared.contract import Code
from shared.domain.job import Job, State
from shared.errors import NotFound

STATES = {
    State.QUEUED: "waiting",
    State.RUNNING: "in_progress",
    State.COMPLETED: "completed",
    State.FAILED: "failed",
    State.DEAD: "failed",
    State.CANCELLED: "cancelled",
}
_NAMES = ("waiting", "in_progress", "pending", "completed", "failed", "cancelled")
_MOST, _SHOWN = 10_000, 200


async def statuses(
    context: RequestContext, user: str, task: str
) -> list[dict[str, str]]:
    """One task, or the latest of a user. Raises `NotFound` for an unknown task."""
    if not task:
        return [
            _status(job)
            for job in await context.ports.jobs.of_user(context.project, user, _SHOWN)
        ]
    job = await context.ports.jobs.get(context.project, task)
    if job is None or (user and job.scope.user != user):
        raise NotFound(f"no task {task}", code=Code.UNKNOWN_TASK)
    return [_status(job)]


def _status(job: Job) -> dict[str, str]:
    return {"task_id": job.id, "status": STATES[job.state]}


async def summary(context: RequestContext, user: str) -> dict[str, int]:
    """How many jobs of a user are in which state."""
    return counted(await context.ports.jobs.of_user(context.project, user, _MOST))


async def on_the_way(context: RequestContext) -> dict[str, int]:
    """How many jobs of the project are unfinished, and how many are dead; those that
    ended well are not counted.
    """
    waiting = [
        job
        for job in await context.ports.jobs.unfinished(now() + 1, _MOST)
        if job.scope.project == context.project
    ]
    return counted([*waiting, *await context.ports.jobs.dead(context.project, _MOST)])


def counted(jobs: Iterable[Job]) -> dict[str, int]:
    """Jobs by the scheduler's names for their states; `pending` is both kinds of unfinished ones."""
    counts = Counter(STATES[job.state] for job in jobs)
    return {name: counts[name] for name in _NAMES} | {
        "pending": counts["waiting"] + counts["in_progress"],
        "total": sum(counts.values()),
    }


async def idle(context: RequestContext, user: str, seconds: float) -> dict[str, object]:
    """Wait until nothing of a user is on the way, for at most `seconds`."""
    started = time.monotonic()
    for job in await unfinished(context, user):
        await seen_through(
            context.ports, job, max(0.0, seconds - (time.monotonic() - started))
        )
    left = len(await unfinished(context, user))
    return {
        "message": "timeout" if left else "idle",
        "data": {
            "running_tasks": left,
            "waited_seconds": round(time.monotonic() - started, 3),
            "timed_out": bool(left),
            "user_name": user,
        },
    }


async def until_idle(
    context: RequestContext, user: str, seconds: float
) -> AsyncIterator[bytes]:
    """The same as server-sent events: one whenever a job has ended, the last says
    "idle" or "timeout".
    """
    started = time.monotonic()
    while left := await unfinished(context, user):
        waited = time.monotonic() - started
        yield _event(user, "processing", len(left), waited)
        job = await seen_through(context.ports, left[0], max(0.0, seconds - waited))
        if not job.state.final:  # the time is over, or nothing is published any more
            break
    yield _event(
        user, "timeout" if left else "idle", len(left), time.monotonic() - started
    )


def _event(user: str, status: str, running: int, waited: float) -> bytes:
    told = {
        "user_name": user,
        "status": status,
        "running_tasks": running,
        "elapsed_seconds": round(waited, 3),
    }
    return b"data: " + orjson.dumps(told) + b"\n\n"


async def unfinished(context: RequestContext, user: str) -> Sequence[Job]:
    """A user's jobs on the way."""
    return [
        job
        for job in await context.ports.jobs.of_user(context.project, user, _MOST)
        if not job.state.final
    ]
