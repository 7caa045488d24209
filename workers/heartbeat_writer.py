"""A worker process says that it runs and what it has in hand, for those who want to see
who works. Nothing depends on it: what may be done is decided by leases.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from shared.domain.heartbeat import Heartbeat
from shared.errors import Unavailable
from shared.ports import Heartbeats
from workers.alive import note_alive

log = logging.getLogger(__name__)

PAUSE_S = 10.0
"""Seconds between two heartbeats where nothing changes: a third of the time after which a
silent process is forgotten.
"""
SETTLING_S = 0.5
"""Seconds that a change is waited with, for others: many short jobs cost few writes."""


class HeartbeatWriter:
    """What this process says of itself. Used in one event loop."""

    def __init__(self, queue: str) -> None:
        """`queue`: "text" or "files"."""
        self._queue, self._started_at = queue, round(time.time() * 1000)
        self._jobs: list[str] = []
        self._changed = asyncio.Event()

    @contextmanager
    def working_on(self, job: str) -> Iterator[None]:
        """The process has this job in hand for as long as the block lasts."""
        self._jobs.append(job)
        self._changed.set()
        try:
            yield
        finally:
            self._jobs.remove(job)
            self._changed.set()

    @property
    def heartbeat(self) -> Heartbeat:
        """As it is now."""
        return Heartbeat(
            queue=self._queue,
            host=socket.gethostname(),
            pid=os.getpid(),
            started_at=self._started_at,
            jobs=tuple(self._jobs),
        )

    async def run(self, heartbeats: Heartbeats) -> None:
        """Say so again and again until cancelled; what Redis does not take is left out."""
        while True:
            self._changed.clear()
            note_alive(self._queue)
            try:
                await heartbeats.write(self.heartbeat)
            except Unavailable as error:
                log.debug("heartbeat_not_written", extra={"error": error.message})
            with suppress(TimeoutError):
                async with asyncio.timeout(PAUSE_S):
                    await self._changed.wait()
                    await asyncio.sleep(SETTLING_S)


@asynccontextmanager
async def writing_heartbeats(
    writer: HeartbeatWriter, heartbeats: Heartbeats
) -> AsyncIterator[None]:
    """The process counts as running for as long as the block lasts."""
    task = asyncio.create_task(writer.run(heartbeats))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        with suppress(Unavailable):  # then it is forgotten by itself
            await heartbeats.stop(writer.heartbeat)
