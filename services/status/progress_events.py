"""A job's progress as server-sent events: as it is now, each change, the end.

event: progress | end
data: {"task_id": ..., "status": ..., ...}
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress

from services.http.event_stream import event
from services.status import job_actions as actions
from services.status.task_views import task_view
from shared.contract import WireStatus
from shared.domain.job import Job, Progress
from shared.errors import Unavailable
from shared.ports import ProgressBus
from shared.wiring import Ports

SILENCE_S = 15.0
"""Seconds without a change after which a sign of life is sent, and the record is read
in case the end was missed.
"""
_SIGN_OF_LIFE = b": waiting\n\n"


async def events(
    ports: Ports, job: Job, silence: float = SILENCE_S
) -> AsyncIterator[bytes]:
    """To the end of the job and of its companions, or until the progress bus does not
    answer: then the stream ends without an end, and a client asks again. Every event
    has the id of the job that was asked for.
    """
    bus = ports.progress_bus
    if not job.state.final and await actions.read_progress(bus, job) is None:
        # A watch begins with the latest figures; without any it would begin in silence.
        yield event(await actions.view_task(ports, job), "progress")
    for member in (job, *await actions.get_companions(ports, job)):
        with suppress(Unavailable):
            async for progress in _changes(ports, member, silence):
                if progress is None:
                    yield _SIGN_OF_LIFE
                else:
                    view = task_view(member, progress) | {"task_id": job.id}
                    yield event(view, "progress")
    record = await actions.get_job(ports, job.scope.project, job.id)
    view = await actions.view_full_task(ports, record)
    if view["status"] != WireStatus.RUNNING:
        yield event(view, "end")


async def _changes(
    ports: Ports, job: Job, silence: float
) -> AsyncIterator[Progress | None]:
    """Each change until the job has ended; None after a silence."""
    if job.state.final:
        return
    async for progress in _published(ports.progress_bus, job.id, silence):
        if progress is not None and progress.state.final:
            return
        yield progress
        if progress is None:
            record = await actions.get_job(ports, job.scope.project, job.id)
            if record.state.final:
                return


async def _published(
    progress_bus: ProgressBus, job: str, silence: float
) -> AsyncIterator[Progress | None]:
    """All that is published of a job; None after a silence."""
    async with aclosing(progress_bus.watch(job)) as watch:  # type: ignore[type-var]
        upcoming = asyncio.ensure_future(anext(watch))
        try:
            while True:
                await asyncio.wait({upcoming}, timeout=silence)
                if not upcoming.done():
                    yield None
                    continue
                yield upcoming.result()
                upcoming = asyncio.ensure_future(anext(watch))
        except StopAsyncIteration:
            return
        finally:
            upcoming.cancel()
            await asyncio.gather(upcoming, return_exceptions=True)
