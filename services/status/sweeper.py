"""Finds accepted work that nobody does any more, and enqueues it again: after Redis was
wiped, a worker was killed, an enqueue failed.

It also brings back the jobs that wait for a language model, whose leases run out when
it may be back.

A job is swept when it is unfinished, nobody holds its lease, its record has not changed
for a while (or says that it did at a time that is yet to come: the clock was set back),
and it waits in no queue: the queue is asked, so a long one does not grow by being long.
What a worker has just taken is in neither; so a job is swept once a minute for each of
its tries. The marks lie in Redis: wiped with the queue, they do not hide what was lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter

from shared.domain.job import Job
from shared.errors import Unavailable
from shared.jobs.clock import now
from shared.jobs.enqueue import turn_of
from shared.wiring import Ports

log = logging.getLogger(__name__)

JOBS_PER_SWEEP = 1000
"""How many are looked at in one sweep, longest untouched first. The next one goes on behind
them, so what was lost behind many that wait is seen after some sweeps.
"""
_MARK_S = 60.0
"""Seconds in which a job is swept at most once for each of its tries. Between being taken
and its lease a job is nowhere to be seen for the blink of an eye, seconds on a starved
machine; and a second message costs a look. Longer, the mark of a sweep whose message was
lost (a worker killed as it took it, Redis in its last second) holds the job up itself.
"""
_EVER = 10**15
"""Later than any record, epoch milliseconds."""
_AHEAD_MS = 10_000
"""Milliseconds by which the clocks of two machines may differ."""
_TURN_SHARE = 0.9
"""Part of a period for which one replica keeps its turn: it ends before the next
sweep of the same replica.
"""


class Sweeper:
    """`age`: seconds that a job's record must not have changed; `period`: seconds
    between two sweeps. However many replicas there are, only one of them sweeps in a
    period.
    """

    def __init__(
        self,
        ports: Ports,
        age: float,
        period: float,
        registry: CollectorRegistry | None = None,
    ) -> None:
        self._ports, self._age, self._period = ports, age, period
        self._since = 0  # what was touched before was looked at, epoch milliseconds
        self._swept = Counter(
            "souvenir_jobs_swept", "Jobs that were enqueued again", registry=registry
        )

    async def run(self) -> None:
        """Sweep until cancelled; what does not answer now may do so the next time."""
        while True:
            try:
                await self.sweep_in_turn()
            except Unavailable as error:
                log.warning("sweep_postponed", extra={"error": str(error)})
            except Exception:
                log.exception("sweep_broke")
            await asyncio.sleep(self._period)

    async def sweep_in_turn(self) -> None:
        """Sweep, unless another replica did a moment ago. Raises `Unavailable`."""
        turn = self._period * _TURN_SHARE
        if await self._ports.leases.acquire("sweep", turn) is not None:
            await self.sweep()

    async def sweep(self) -> int:
        """How many jobs were enqueued again. Raises `Unavailable`."""
        unfinished = await self._ports.jobs.unfinished(
            _EVER, JOBS_PER_SWEEP, self._since
        )
        jobs = [job for job in unfinished if not self._was_touched_lately(job)]
        waiting = await self._waiting({job.queue for job in jobs})
        swept = 0
        for job in jobs:
            idle = job.id not in waiting
            if idle and not await self._ports.leases.held(f"job:{job.id}"):
                swept += await self._enqueue_once(job)
        self._since = self._next_since(unfinished)
        return swept

    def _next_since(self, looked_at: Sequence[Job]) -> int:
        """Where the next sweep goes on: at the last one's moment, since others may be of
        the same one, or at the beginning where nothing is left.
        """
        if len(looked_at) < JOBS_PER_SWEEP:
            return 0
        return max(looked_at[-1].updated_at, self._since + 1)

    def _was_touched_lately(self, job: Job) -> bool:
        at = now()
        return at - round(self._age * 1000) <= job.updated_at <= at + _AHEAD_MS

    async def _is_as_it_was(self, job: Job) -> bool:
        """Whether nobody has worked on a job since it was listed: what ended while the
        queue was looked through is in it no more, and not lost.
        """
        record = await self._ports.jobs.get(job.scope.project, job.id)
        return record is not None and record.updated_at == job.updated_at

    async def _waiting(self, queues: Iterable[str]) -> frozenset[str]:
        waiting = set[str]()
        for queue in queues:
            await self._ports.queue.top_up(queue)
            waiting |= await self._ports.queue.waiting_in(queue)
        return frozenset(waiting)

    async def _enqueue_once(self, job: Job) -> bool:
        """Enqueue a job, unless that was done for this try a while ago."""
        leases, mark = self._ports.leases, f"swept:{job.id}:{job.attempts}:{job.waits}"
        token = await leases.acquire(mark, _MARK_S)
        if token is None:
            return False
        try:
            if not await self._is_as_it_was(job):
                await leases.release(mark, token)
                return False
            await self._ports.queue.enqueue(job.id, job.queue, turn_of(job))
        except Unavailable:
            await leases.release(mark, token)
            raise
        if job.waits:  # as it was meant
            log.info("job_enqueued_after_wait", extra={"job": job.id})
        else:
            log.warning("job_enqueued_again", extra={"job": job.id})
            self._swept.inc()
        return True
