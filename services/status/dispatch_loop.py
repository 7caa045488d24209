"""What the dispatchers share: a look for what is due every second, each due thing served by a
task of its own, under a lease that keeps replicas apart.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence

from shared.errors import Unavailable
from shared.ports import Leases

log = logging.getLogger(__name__)

PERIOD_S = 1.0


class DispatchLoop(ABC):
    """`period`: seconds between two looks for what is due; `at_once`: things that are
    served at a time; `name`: what a thing is in the log; `lease`: what the names of
    leases begin with, and how many seconds one holds.
    """

    def __init__(
        self,
        leases: Leases,
        period: float,
        at_once: int,
        name: str,
        lease: tuple[str, float],
    ) -> None:
        self._leases = leases
        self._period, self._at_once, self._name = period, at_once, name
        self._lease, self._lease_s = lease
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Dispatch until cancelled; the next process repeats what is cut off then."""
        try:
            while True:
                await self.dispatch_due()
                await asyncio.sleep(self._period)
        finally:
            for task in self._running.values():
                task.cancel()
            await self.wait_until_idle()

    async def dispatch_due(self) -> None:
        """Begin to serve what is due. What is slow holds up nobody else."""
        try:
            due = await self._due()
        except Unavailable as error:
            log.warning("webhooks_postponed", extra={"error": str(error)})
            return
        except Exception:  # a record that cannot be read ends no loop
            log.exception("webhooks_broke")
            return
        for id in due:
            room = len(self._running) < self._at_once
            if room and id not in self._running:
                self._running[id] = asyncio.create_task(self._serve(id))

    async def wait_until_idle(self) -> None:
        """Wait until everything that was begun has come to an end."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    @abstractmethod
    async def _due(self) -> Sequence[str]:
        """The ids of what is due. Raises Unavailable."""

    @abstractmethod
    async def _serve_under_lease(self, id: str, lease: str, token: int) -> None:
        """Do what is due for one. Raises Unavailable."""

    async def _serve(self, id: str) -> None:
        lease = f"{self._lease}:{id}"
        try:
            token = await self._leases.acquire(lease, self._lease_s)
            if token is None:
                return
            try:
                await self._serve_under_lease(id, lease, token)
            finally:
                await self._leases.release(lease, token)
        except Unavailable as error:
            log.warning(
                "webhook_postponed", extra={self._name: id, "error": str(error)}
            )
        except Exception:  # one thing's fault stops no other
            log.exception("webhook_broke", extra={self._name: id})
        finally:
            del self._running[id]
