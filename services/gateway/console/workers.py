"""The worker processes that run, and which of the project's tasks they have in hand."""

from __future__ import annotations

import asyncio

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.console import WorkerView
from shared.errors import Unavailable


async def workers_of(context: RequestContext) -> list[WorkerView]:
    """By queue, the oldest first; none where Redis does not answer. Tasks of other
    projects are not named, and machines to operators alone.
    """
    try:
        beats = await context.ports.worker_beats.running()
    except Unavailable:
        return []
    ids = list({job for beat in beats for job in beat.jobs})
    found = await asyncio.gather(
        *(context.ports.jobs.get(context.project, id) for id in ids)
    )
    own = {id for id, job in zip(ids, found, strict=True) if job is not None}
    return [
        WorkerView(
            queue=beat.queue,
            host=beat.host if context.key.is_operator else "",
            pid=beat.pid,
            started_at=beat.started_at,
            busy=bool(beat.jobs),
            task_ids=[job for job in beat.jobs if job in own],
        )
        for beat in beats
    ]
