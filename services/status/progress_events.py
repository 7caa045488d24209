"""A job's progress as server-sent events: as it is now, each change, the end.

event: progress | end
data: {"task_id": ..., "status": ..., ...}
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Any

import orjson

from services.status import job_actions as actions
from services.status.task_schemas import task
from shared.domain.job import Job, Progress
from shared.errors import Unavailable
from shared.wiring import Ports

SILENCE = 15.0
"""Seconds without a change after which a sign of life is sent, and the record is asked
whether the end was missed.
"""
_ALIVE = b": waiting\n\n"


async def events(
    ports: Ports, job: Job, silence: float = SILENCE
) -> AsyncIterator[bytes]:
    """To the end of the job and of its companions, or until the board does not answer:
    then the stream ends without an end, and a client asks again. Every event speaks of
    the job that was asked for.
    """
    if (
        not job.state.final and await actions.figures(ports, job) is None
    ):  # a watch of the board begins with nothing
        yield _event("progress", await actions.shown(ports, job))
    for each in (job, *await actions.companions(ports, job)):
        with suppress(Unavailable):
            async for progress in _changes(ports, each, silence):
                yield (
                    _ALIVE
                    if progress is None
                    else _event("progress", task(each, progress) | {"task_id": job.id})
                )
    told = await actions.shown_whole(
        ports, await actions.known(ports, job.scope.project, job.id)
    )
    if told["status"] != "running":
        yield _event("end", told)


async def _changes(
    ports: Ports, job: Job, silence: float
) -> AsyncIterator[Progress | None]:
    """Each change until the job has ended; None after a silence."""
    if job.state.final:
        return
    async for progress in _heard(ports, job.id, silence):
        if progress is not None and progress.state.final:
            return
        yield progress
        if (
            progress is None
            and (await actions.known(ports, job.scope.project, job.id)).state.final
        ):
            return


async def _heard(
    ports: Ports, job: str, silence: float
) -> AsyncIterator[Progress | None]:
    """Each change; None after a silence."""
    async with aclosing(ports.progress_bus.watch(job)) as watch:  # type: ignore[type-var]
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


def _event(name: str, data: dict[str, Any]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"
