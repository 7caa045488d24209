"""The worker processes that run, and which of the project's tasks they have in hand."""

from __future__ import annotations

import asyncio
from itertools import chain

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.console import WorkerView
from shared.errors import Unavailable


async def workers_of(context: RequestContext) -> list[WorkerView]:
    """By queue, the oldest first; none where Redis does not answer. Tasks of other
    projects are not named, and machines to operators alone.
    """
    try:
        heartbeats = await context.ports.heartbeats.running()
    except Unavailable:
        return []
    ids = list(set(chain.from_iterable(heartbeat.jobs for heartbeat in heartbeats)))
    records = await asyncio.gather(
        *(context.ports.jobs.get(context.project, id) for id in ids)
    )
    own = {id for id, job in zip(ids, records, strict=True) if job is not None}
    return [
        WorkerView(
            queue=heartbeat.queue,
            host=heartbeat.host if context.key.is_operator else "",
            pid=heartbeat.pid,
            started_at=heartbeat.started_at,
            busy=bool(heartbeat.jobs),
            task_ids=[job for job in heartbeat.jobs if job in own],
        )
        for heartbeat in heartbeats
    ]
