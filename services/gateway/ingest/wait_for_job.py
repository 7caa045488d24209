"""Waiting for a job without asking again and again: the workers publish how far they are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from shared.errors import Unavailable
from shared.ports import ProgressBus

log = logging.getLogger(__name__)


class Watch:
    """Somebody watching one job from before it was enqueued, so that its end cannot be missed."""

    def __init__(self, ended: asyncio.Task[None] | None, seconds: float) -> None:
        self._ended, self._seconds = ended, seconds

    async def until_ended(self) -> None:
        """Returns when the job has ended, when the time is over, or when nothing is
        published any more.
        """
        if self._ended is not None:
            await asyncio.wait({self._ended}, timeout=self._seconds)


@asynccontextmanager
async def watching(
    progress_bus: ProgressBus, job: str, seconds: float
) -> AsyncIterator[Watch]:
    """Watch a job for at most `seconds`; nothing is watched when that is 0."""
    ended = asyncio.create_task(_ended(progress_bus, job)) if seconds > 0 else None
    try:
        yield Watch(ended, seconds)
    finally:
        if ended is not None:
            ended.cancel()
            with suppress(asyncio.CancelledError):
                await ended


async def _ended(progress_bus: ProgressBus, job: str) -> None:
    try:
        async for progress in progress_bus.watch(job):
            if progress.state.final:
                return
    except Unavailable as error:  # the job goes on; its record will be read in the end
        log.warning("progress of %s cannot be watched: %s", job, error)
