"""Deletes for good what users wanted forgotten, once it cannot be brought back any more."""

from __future__ import annotations

from services.status.purge import Purge
from shared.domain.memory import UNDO_MS
from shared.jobs.clock import now

AFTER_MS = UNDO_MS + 3600 * 1000
"""Milliseconds after which it is deleted: an "undo" of the last minute may still wait
in the queue.
"""


class PurgeForgotten(Purge):
    """Of the memories of all projects."""

    lease = "purge"

    async def _purge(self) -> None:
        await self._ports.memories.delete_forgotten(now() - AFTER_MS)
