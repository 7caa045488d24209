"""Deletes for good what users wanted forgotten, once it cannot be brought back any more."""

from __future__ import annotations

import asyncio
import logging

from shared.domain.memory import UNDO_MS
from shared.errors import Unavailable
from shared.jobs.clock import now
from shared.wiring import Ports

log = logging.getLogger(__name__)

AFTER_MS = UNDO_MS + 3600 * 1000
"""Milliseconds after which it is deleted: an "undo" of the last minute may still wait
in the queue.
"""
PERIOD_S = 600.0
_TURN_SHARE = 0.9
"""Part of a period for which one replica keeps its turn."""


class PurgeForgotten:
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
        if await self._ports.leases.acquire("purge", turn) is not None:
            await self._ports.memories.delete_forgotten(now() - AFTER_MS)
