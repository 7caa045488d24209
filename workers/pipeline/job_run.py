"""One try of one job in one worker: its record, its lease, its progress."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from shared.domain.job import Checkpoint, Job, Progress, State, Step
from shared.errors import Permanent, Unavailable
from shared.jobs.clock import now
from workers.pipeline.lease import HeldLease
from workers.pipeline.pulse import Pulse
from workers.pipeline.step_clock import StepClock
from workers.pipeline.worker_context import WorkerContext

log = logging.getLogger(__name__)

_POSITIONS = {step: position for position, step in enumerate(Step)}


class JobCancelled(Permanent):
    """Somebody cancelled the job; what it has not stored yet it must not store."""


def unforeseen(error: Exception) -> str:
    """The message of an error that nobody foresaw. Its own words may be anybody's, so they
    go to the log only.
    """
    name = type(error).__name__
    return f"internal error ({name}); the log has it under this job's id"


class JobRun:
    """What the steps of a job work on. Every step gets it first."""

    def __init__(
        self,
        job: Job,
        context: WorkerContext,
        lease: HeldLease,
        pulse: Pulse | None = None,
    ) -> None:
        """`pulse`: that by which the leases of the context are renewed."""
        self.pulse = pulse or Pulse(context.limits.stall)
        self._job = job
        self.context = context
        self.figures = Progress(job.id, State.RUNNING)
        """What was last published."""
        self._lease = lease
        self._writing = asyncio.Lock()
        self._begun = time.monotonic()
        self.steps = StepClock()
        self.ended: Job | None = None
        """The job as it ended in this try; None where it did not."""

    @property
    def job(self) -> Job:
        """The job as it was last written down, with the changes made since (`change`)."""
        return self._job

    @property
    def age_s(self) -> float:
        """Seconds since this try began."""
        return time.monotonic() - self._begun

    @property
    def is_last_try(self) -> bool:
        """Whether none follows where this one fails."""
        return self._job.attempts >= self.context.limits.attempts

    def change(self, **fields: Any) -> None:
        """Change the job without writing it down: the next `save`, or its end, does."""
        self._job = replace(self._job, **fields)

    async def begin(self) -> None:
        """Count a try and write it down. The record was read a moment ago, under the
        lease: it is not read again. Raises `Unavailable`.
        """
        async with self._writing:
            attempts = self._job.attempts + 1
            self.change(updated_at=now(), state=State.RUNNING, attempts=attempts)
            await self.context.jobs.put(self._job)

    async def save(self, **fields: Any) -> None:
        """Change the job and write it down, if it is still this worker's and wanted.
        Raises `JobCancelled`, `LeaseLost`, `Unavailable`.
        """
        async with self._writing:  # of two writes at once the older must not win
            await self.ensure_owned()
            self.change(updated_at=now(), **fields)
            await self._put()

    async def update_checkpoint(
        self, update: Callable[[Checkpoint], Checkpoint]
    ) -> None:
        """Write down a change of the checkpoint as it is by then: what runs beside may
        have changed it. Raises as `save`.
        """
        async with self._writing:
            await self.ensure_owned()
            checkpoint = update(self._job.checkpoint)
            self.change(updated_at=now(), checkpoint=checkpoint)
            await self._put()

    async def _put(self) -> None:
        await self.context.jobs.put(self._job)
        self.pulse.note_progress()

    async def count_anew(self) -> None:
        """To be called by a job that takes hours, when it has got on: only tries that
        come to nothing use up its tries. Raises as `save`.
        """
        if self._job.attempts > 1 or self._job.waits:
            await self.save(attempts=1, waits=0)

    async def add_remarks(self, remarks: Sequence[str]) -> None:
        """Write down what went less well than it could have; each remark once, for a job
        that is tried again meets the same. Raises as `save`.
        """
        for remark in remarks:
            log.warning("job_remark", extra={"remark": remark})
        distinct = tuple(dict.fromkeys((*self._job.remarks, *remarks)))
        if distinct != self._job.remarks:
            await self.save(remarks=distinct)

    async def ensure_owned(self, *others: HeldLease) -> None:
        """To be called before anything lasting is written: confirm the lease, and read in
        the record whether the job is still wanted. Before memories are written, the
        leases of their owners (`others`) are renewed with it, whenever that was last
        done. Raises `LeaseLost`; `JobCancelled` when the job has ended meanwhile or was deleted;
        `Unavailable`.
        """
        if others:
            await asyncio.gather(*(lease.renew() for lease in (self._lease, *others)))
        else:
            await self._lease.confirm()
        record = await self.context.jobs.get(None, self._job.id)
        if record is None or record.state.final:
            raise JobCancelled("called off")

    async def progress(self, step: Step, **figures: Any) -> None:
        """Begin a step, or report how far it is; the figures are fields of `Progress`.
        A point at which the work can stop: raises `JobCancelled`, `LeaseLost`.

        Figures may get lost. The step that those who watch see never goes back: the
        second batch of memories is embedded while the step is `store` already, and only
        the figures move.
        """
        self._lease.check()
        self.pulse.note_progress()
        self.steps.enter(step)
        latest = max(step, self.figures.step, key=_POSITIONS.__getitem__)
        self.figures = replace(self.figures, step=latest, **figures)
        cancelled = False
        try:
            cancelled = await self.context.progress_bus.report(self.figures)
        except Unavailable as error:  # that it is cancelled, `ensure_owned` reads too
            details = {"step": step, "error": str(error)}
            log.debug("progress_not_published", extra=details)
        if cancelled:
            raise JobCancelled("called off")
