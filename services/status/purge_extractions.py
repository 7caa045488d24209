"""Deletes extractions (extract/memory) that nobody can ask for any more, whoever left
them: an asynchronous one is kept on purpose, of a synchronous one something stays where
its gateway died.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from shared.domain.job import Job
from shared.errors import Unavailable
from shared.jobs.cancel import cancel, delete_saved
from shared.jobs.clock import now
from shared.jobs.delete_sources import delete_sources
from shared.wiring import Ports

log = logging.getLogger(__name__)

AFTER_MS = 48 * 3600 * 1000
"""Milliseconds after which one is deleted: a result can be asked for until the end of the
next day.
"""
PERIOD_S = 600.0
_TURN_SHARE = 0.9
"""Part of a period for which one replica keeps its turn."""
_JOBS_AT_ONCE = 200
_REASON = "nobody can ask for it any more"


class PurgeExtractions:
    """`period`: seconds between two purges. However many replicas there are, only one of
    them purges in a period.
    """

    def __init__(self, ports: Ports, period: float = PERIOD_S) -> None:
        self._ports, self._period = ports, period

    async def run(self) -> None:
        """Purge until cancelled; what does not answer now may do so the next time."""
        while True:
            try:
                await self.purge_in_turn()
            except Unavailable as error:
                log.warning("purge_postponed", extra={"error": str(error)})
            except Exception:
                log.exception("purge_broke")
            await asyncio.sleep(self._period)

    async def purge_in_turn(self) -> None:
        """Purge, unless another replica did a moment ago. Raises `Unavailable`."""
        turn = self._period * _TURN_SHARE
        if await self._ports.leases.acquire("purge-extractions", turn) is None:
            return
        before = now() - AFTER_MS
        while jobs := await self._ports.jobs.extractions(before, _JOBS_AT_ONCE):
            await self._delete(jobs)

    async def _delete(self, jobs: Sequence[Job]) -> None:
        """The files first: jobs and messages name them, and nothing finds them later."""
        ports = self._ports
        await cancel(ports, jobs, _REASON)
        await delete_sources(ports, jobs)
        for job in jobs:
            await delete_saved(ports.sources, job)
            await ports.messages.delete(job.scope.project, job.message_ids)
            await ports.jobs.delete(job.scope.project, [job.id])
        await ports.progress_bus.forget([job.id for job in jobs])
