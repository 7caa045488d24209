"""Finds accepted work that nobody does any more, and enqueues it again: after Redis was
wiped, a worker was killed, an enqueue failed.

A job is swept when it is unfinished, nobody holds its lease, and its record has not
changed for a while; once in ten minutes for each of its tries, so that a long queue
hardly grows by being long. The marks lie in Redis: wiped with the queue, they do not
hide what was lost.
"""

from __future__ import annotations

import asyncio
import logging
import time

from prometheus_client import CollectorRegistry, Counter

from shared.domain.job import Job
from shared.errors import Unavailable
from shared.wiring import Ports

log = logging.getLogger(__name__)

AT_ONCE = 1000
_MARK_SECONDS = 600.0


class Sweeper:
    """`after`: seconds that a job must not have changed; `period`: seconds between two
    sweeps. However many replicas there are, only one of them sweeps in a period.
    """

    def __init__(
        self,
        ports: Ports,
        after: float,
        period: float,
        registry: CollectorRegistry | None = None,
    ) -> None:
        self._ports, self._after, self._period = ports, after, period
        self._found = Counter(
            "souvenir_jobs_swept", "Jobs that were enqueued again", registry=registry
        )

    async def keep_sweeping(self) -> None:
        """Until it is cancelled; what does not answer now may do so the next time."""
        while True:
            try:
                await self.in_turn()
            except Unavailable as error:
                log.warning("not swept: %s", error)
            except Exception:
                log.exception("sweeping broke")
            await asyncio.sleep(self._period)

    async def in_turn(self) -> None:
        """Sweep, unless another replica did a moment ago. Raises `Unavailable`."""
        if await self._ports.leases.acquire("sweep", self._period * 0.9) is not None:
            await self.sweep()

    async def sweep(self) -> int:
        """How many jobs were enqueued again. Raises `Unavailable`."""
        older_than = time.time_ns() // 1_000_000 - round(self._after * 1000)
        found = [
            await self._again(job)
            for job in await self._ports.jobs.unfinished(older_than, AT_ONCE)
        ]
        return sum(found)

    async def _again(self, job: Job) -> bool:
        leases, mark = self._ports.leases, f"swept:{job.id}:{job.attempts}"
        if await leases.held(f"job:{job.id}"):
            return False
        token = await leases.acquire(mark, _MARK_SECONDS)
        if token is None:
            return False
        try:
            await self._ports.queue.enqueue(job.id, job.queue)
        except Unavailable:
            await leases.release(mark, token)
            raise
        log.warning("enqueued again: nobody works on it", extra={"job": job.id})
        self._found.inc()
        return True
