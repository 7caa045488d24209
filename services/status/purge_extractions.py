"""Deletes extractions (extract/memory) that nobody can ask for any more, whoever left
them: an asynchronous one is kept on purpose, of a synchronous one something stays where
its gateway died.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.status.purge import Purge
from shared.domain.job import Job
from shared.jobs.cancel import cancel, delete_saved
from shared.jobs.clock import now
from shared.jobs.delete_sources import delete_sources

AFTER_MS = 48 * 3600 * 1000
"""Milliseconds after which one is deleted: a result can be asked for until the end of the
next day.
"""
_JOBS_AT_ONCE = 200
_REASON = "nobody can ask for it any more"


class PurgeExtractions(Purge):
    """Of all projects."""

    lease = "purge-extractions"

    async def _purge(self) -> None:
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
