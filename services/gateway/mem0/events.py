"""Events: the jobs of adds, as mem0 shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.mem0.entities import ids_of
from services.gateway.mem0.present import Item, written
from shared.domain.job import Job, Outcome, State
from shared.errors import NotFound
from shared.jobs.lookup import job_by_id

_STATUS = {
    State.QUEUED: "PENDING",
    State.RUNNING: "RUNNING",
    State.COMPLETED: "SUCCEEDED",
    State.FAILED: "FAILED",
    State.DEAD: "FAILED",
    State.CANCELLED: "FAILED",
}
_EVENTS = {
    Outcome.STORED: "ADD",
    Outcome.RESTORED: "ADD",
    Outcome.SUPERSEDED: "UPDATE",
    Outcome.ARCHIVED: "DELETE",
}
"""What a memory met; of the other outcomes nothing came."""

MOST = 1000
"""Latest events that can be paged through."""


async def event_by_id(context: RequestContext, event_id: str) -> Item:
    """An event. Raises `NotFound` for an id that is none."""
    job = await job_by_id(context.ports.jobs, context.project, event_id)
    if job is None:
        raise NotFound("Event not found or you don't have permission to access it.")
    return present_event(job, await results_of(context, [job]))


async def page_of_events(
    context: RequestContext, page: int, size: int, user: str = ""
) -> tuple[list[Item], int]:
    """Events of a user, or of all, the newest first, and how many there are (at most
    `MOST`).
    """
    stored, project = context.ports.jobs, context.project
    jobs = await (
        stored.of_user(project, user, MOST) if user else stored.latest(project, MOST)
    )
    on_page = jobs[(page - 1) * size : page * size]
    results = await results_of(context, on_page)
    return [present_event(job, results) for job in on_page], len(jobs)


async def results_of(
    context: RequestContext, jobs: Sequence[Job]
) -> Mapping[str, list[Item]]:
    """What came of each job, by its id: memories that are still there."""
    receipts = chain.from_iterable(job.receipts for job in jobs)
    ids = [receipt.memory for receipt in receipts if receipt.memory]
    memories = await context.ports.memories.get(context.project, ids) if ids else []
    texts = {memory.id: memory.text for memory in memories}
    return {
        job.id: [
            {
                "id": receipt.memory,
                "memory": texts[receipt.memory],
                "event": _EVENTS[receipt.outcome],
                "data": {"memory": texts[receipt.memory]},
            }
            for receipt in job.receipts
            if receipt.outcome in _EVENTS and receipt.memory in texts
        ]
        for job in jobs
    }


def status_of(job: Job) -> str:
    """PENDING, RUNNING, SUCCEEDED or FAILED."""
    return _STATUS[job.state]


def present_event(job: Job, results: Mapping[str, list[Item]]) -> Item:
    """A job as an event."""
    ended_at = job.updated_at if job.state.final else 0
    payload: dict[str, Any] = {
        name: id for name, id in ids_of(job.scope).items() if id is not None
    }
    return {
        "id": job.id,
        "event_type": job.work.upper(),
        "status": status_of(job),
        "payload": {**payload, "metadata": dict(job.options.info) or None},
        "metadata": {"remarks": list(job.remarks)} if job.remarks else None,
        "results": results[job.id],
        "created_at": written(job.created_at),
        "updated_at": written(job.updated_at),
        "started_at": written(job.created_at),
        "completed_at": written(ended_at) if ended_at else None,
        "latency": float(ended_at - job.created_at) if ended_at else None,
        "error": job.error_message or None,
    }
