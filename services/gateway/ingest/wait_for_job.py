"""Waiting for a job without asking again and again: the workers publish how far they
are.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import aclosing

from shared.domain.job import Job
from shared.errors import Unavailable
from shared.ports import ProgressBus
from shared.wiring import Ports

log = logging.getLogger(__name__)


async def wait_for_job(ports: Ports, job: Job, seconds: float) -> Job:
    """The job as it stands when it has ended, when the time is over, or when nothing is
    published any more.
    """
    (waited_for,) = await wait_for_jobs(ports, [job], seconds)
    return waited_for


async def wait_for_jobs(ports: Ports, jobs: Sequence[Job], seconds: float) -> list[Job]:
    """The jobs as they stand when all have ended, at the latest after `seconds`. With 0
    seconds they are given back as they are.
    """
    if seconds <= 0:
        return list(jobs)
    deadline = time.monotonic() + seconds
    for job in jobs:
        left = deadline - time.monotonic()
        if left > 0 and not job.state.final:
            await _wait_until_ended(ports.progress_bus, job.id, left)
    standing = []
    for job in jobs:
        if not job.state.final:
            job = await ports.jobs.get(job.scope.project, job.id) or job
        standing.append(job)
    return standing


async def _wait_until_ended(bus: ProgressBus, job: str, seconds: float) -> None:
    """A watch begins with the latest figures: an end before it is not missed."""
    try:
        async with asyncio.timeout(seconds), aclosing(bus.watch(job)) as watch:  # type: ignore[type-var]
            async for progress in watch:
                if progress.state.final:
                    return
    except TimeoutError:
        return
    except Unavailable as error:
        # The job goes on; its record is read in the end.
        log.warning("progress_not_watched", extra={"job": job, "error": str(error)})
