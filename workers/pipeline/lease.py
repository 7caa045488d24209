"""Holding a lease while working: renewed in the background, checked before what must
not be done twice.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from shared.errors import LeaseLost, Unavailable
from shared.ports import Leases

log = logging.getLogger(__name__)

_FIRST_LOOK, _LAST_LOOK = 0.02, 0.5


class LeaseBusy(LeaseLost):
    """Another worker holds the lease already."""


class HeldLease:
    """A lease that is ours. `token` grows from holder to holder."""

    def __init__(self, leases: Leases, name: str, token: int, seconds: float) -> None:
        self.name, self.token = name, token
        self._leases, self._seconds = leases, seconds
        self._until = time.monotonic() + seconds
        self._lost = False
        self._kept = 0.0

    def check(self) -> None:
        """Raises `LeaseLost` when it is known to be gone, or may be since nobody could
        renew it in time.
        """
        if self._lost or time.monotonic() > self._until:
            raise LeaseLost(f"the lease {self.name} went to another worker")

    async def confirm(self) -> None:
        """Ask: it is ours, and stays so for its full time from now. Raises `LeaseLost`,
        `Unavailable`.
        """
        asked = time.monotonic()
        if self._lost or not await self._leases.renew(
            self.name, self.token, self._seconds
        ):
            self._lost = True
            self.check()
        self._until = asked + self._seconds

    def keep(self, seconds: float) -> None:
        """When the work ends do not let go of it yet: nobody is to begin again for `seconds`."""
        self._kept = seconds

    async def beat(self) -> None:
        """Renew it again and again, until it is lost."""
        while not self._lost:
            await asyncio.sleep(self._seconds / 3)
            with suppress(
                LeaseLost, Unavailable
            ):  # not answering now is no loss yet: check() knows the time
                await self.confirm()

    async def end(self) -> None:
        """Let go of it, or keep it as was asked."""
        try:
            if self._kept:
                await self._leases.renew(self.name, self.token, self._kept)
            else:
                await self._leases.release(self.name, self.token)
        except Unavailable as error:
            log.warning("the lease %s runs out by itself: %s", self.name, error)


@asynccontextmanager
async def held(leases: Leases, name: str, seconds: float) -> AsyncIterator[HeldLease]:
    """Hold a lease for as long as the block lasts. Raises `Taken` when somebody else
    does, `Unavailable`.
    """
    token = await leases.acquire(name, seconds)
    if token is None:
        raise LeaseBusy(f"another worker holds {name}")
    hold = HeldLease(leases, name, token, seconds)
    beating = asyncio.create_task(hold.beat())
    try:
        yield hold
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        await hold.end()


@asynccontextmanager
async def all_held(
    leases: Leases, names: Iterable[str], seconds: float, patience: float
) -> AsyncIterator[list[HeldLease]]:
    """Hold several leases, waiting for each; taken in order, so that nobody waits in a
    circle. Raises `Taken` after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    async with AsyncExitStack() as stack:
        yield [
            await _waited(stack, leases, name, seconds, deadline)
            for name in sorted(set(names))
        ]


async def _waited(
    stack: AsyncExitStack, leases: Leases, name: str, seconds: float, deadline: float
) -> HeldLease:
    pause = _FIRST_LOOK
    while True:
        try:
            return await stack.enter_async_context(held(leases, name, seconds))
        except LeaseBusy:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))
        pause = min(_LAST_LOOK, pause * 1.5)
