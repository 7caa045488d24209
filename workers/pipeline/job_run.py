"""One worker's time with one job: what it knows of it, tells of it and writes down of it."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import Any

from shared.domain.job import Job, Progress, State, Step
from shared.errors import Permanent, Unavailable
from workers.pipeline.lease import HeldLease
from workers.pipeline.worker_context import WorkerContext

log = logging.getLogger(__name__)


class JobCancelled(Permanent):
    """Somebody asked for the job to stop."""


class JobRun:
    """`job` is the job as it was last written down, `progress` what was last told."""

    def __init__(self, job: Job, context: WorkerContext, hold: HeldLease) -> None:
        self.job, self.context = job, context
        self.progress = Progress(job.id, State.RUNNING)
        self._hold = hold

    async def at(self, step: Step, **figures: Any) -> None:
        """Begin a step, or tell how far it is. Raises `CalledOff`, `LeaseLost`."""
        self._hold.check()
        await self.tell(step, **figures)
        if await self._asked_to_stop():
            raise JobCancelled("called off")

    async def tell(self, step: Step, **figures: Any) -> None:
        """Publish figures; they may get lost."""
        self.progress = replace(self.progress, step=step, **figures)
        try:
            await self.context.progress_bus.publish(self.progress)
        except Unavailable as error:
            log.debug("nobody is told of %s: %s", step, error)

    async def save(self, **changes: Any) -> None:
        """Write the job down. Raises `CalledOff` rather than bring back one that was
        called off, `LeaseLost`, `Unavailable`.
        """
        await self.confirm()
        self.job = replace(self.job, updated_at=now(), **changes)
        await self.context.jobs.put(self.job)

    async def confirm(self) -> None:
        """Before anything lasting: the lease is ours, and the job's record says that it
        is still wanted. Raises as `save`.
        """
        await self._hold.confirm()
        kept = await self.context.jobs.get(None, self.job.id)
        if kept is None or kept.state.final:
            raise JobCancelled("called off")

    async def _asked_to_stop(self) -> bool:
        try:
            return await self.context.progress_bus.cancelled(self.job.id)
        except Unavailable:
            return False


def now() -> int:
    """Epoch milliseconds."""
    return time.time_ns() // 1_000_000
