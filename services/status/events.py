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

from services.status.actions import known
from services.status.schemas import task
from shared.domain.job import Job, Progress
from shared.errors import Unavailable
from shared.wiring import Ports

SILENCE = 15.0
"""Seconds without a change after which a sign of life is sent, and the record is asked whether the end was missed."""


async def events(ports: Ports, job: Job, silence: float = SILENCE) -> AsyncIterator[bytes]:
    """To the end of the job, or until the board does not answer: then the stream ends without an end, and a client asks again."""
    if not job.state.final:
        with suppress(Unavailable):
            async for progress in _heard(ports, job.id, silence):
                if progress is None:
                    yield b": waiting\n\n"
                    job = await known(ports, job.scope.project, job.id)
                if job.state.final or (progress is not None and progress.state.final):
                    break
                if progress is not None:
                    yield _event("progress", task(job, progress))
    job = await known(ports, job.scope.project, job.id)
    if job.state.final:
        yield _event("end", task(job, await _last(ports, job)))


async def _heard(ports: Ports, job: str, silence: float) -> AsyncIterator[Progress | None]:
    """Each change; None after a silence."""
    async with aclosing(ports.board.watch(job)) as watch:  # type: ignore[type-var]
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


async def _last(ports: Ports, job: Job) -> Progress | None:
    with suppress(Unavailable):
        return await ports.board.read(job.id)
    return None


def _event(name: str, data: dict[str, Any]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"
