"""What purges share: a replica that takes its turn, once in a period."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import ClassVar

from shared.errors import Unavailable
from shared.wiring import Ports

log = logging.getLogger(__name__)

PERIOD_S = 600.0
_TURN_SHARE = 0.9
"""Part of a period for which one replica keeps its turn."""


class Purge(ABC):
    """`period`: seconds between two purges. However many replicas there are, only one of
    them purges in a period.
    """

    lease: ClassVar[str]
    """The name of the turn."""

    def __init__(self, ports: Ports, period: float = PERIOD_S) -> None:
        self._ports, self._period = ports, period

    async def run(self) -> None:
        """Purge until cancelled; what does not answer now may do so the next time."""
        while True:
            try:
                await self.purge_in_turn()
            except Unavailable as error:
                log.warning("purge_postponed", extra={"error": str(error)})
            except Exception:  # nothing else would start it again
                log.exception("purge_broke")
            await asyncio.sleep(self._period)

    async def purge_in_turn(self) -> None:
        """Purge, unless another replica did a moment ago. Raises `Unavailable`."""
        turn = self._period * _TURN_SHARE
        if await self._ports.leases.acquire(self.lease, turn) is not None:
            await self._purge()

    @abstractmethod
    async def _purge(self) -> None:
        """Delete what is due. Raises `Unavailable`."""
