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

_RENEWALS_A_TERM = 3
"""How often a lease is renewed before it would run out: two renewals may get lost."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5
"""Seconds between two attempts to get a lease that somebody else holds."""
_PAUSE_GROWTH = 1.5
CONFIRMED_S = 1.0
"""Seconds for which a lease counts as held once Redis has said so: a small part of its
term, so by the clock nobody else can have it.
"""
_LAST_RENEWAL_S = 10.0
"""How long a renewal that is under way may hold up the end of the work."""


class LeaseBusy(LeaseLost):
    """Another worker holds the lease already."""


class HeldLease:
    """A lease that this process holds."""

    def __init__(self, leases: Leases, name: str, token: int, seconds: float) -> None:
        """`token` proves the holding; it grows from holder to holder. `seconds` is the
        time for which each renewal holds.
        """
        self.name, self.token = name, token
        self._leases, self._seconds = leases, seconds
        self._valid_until = time.monotonic() + seconds
        self._lost = False
        self._is_over = False
        self._extension = 0.0

    def check(self) -> None:
        """Raises `LeaseLost` when the lease is known to be gone, or may be since it
        could not be renewed in time. Asks nobody.
        """
        if self._lost or time.monotonic() > self._valid_until:
            raise LeaseLost(f"the lease {self.name} went to another worker")

    async def confirm(self) -> None:
        """Before a write: renew it, unless that was done a moment ago. Raises as `renew`."""
        self.check()
        confirmed_at = self._valid_until - self._seconds
        if time.monotonic() - confirmed_at > CONFIRMED_S:
            await self.renew()

    async def renew(self) -> None:
        """Hold it for its full time from now. Raises `LeaseLost` when somebody else has
        it, `Unavailable`.
        """
        asked_at = time.monotonic()
        renewed = not self._lost and await self._leases.renew(
            self.name, self.token, self._seconds
        )
        if not renewed:
            self._lost = True
            self.check()
        self._valid_until = asked_at + self._seconds

    def extend_on_exit(self, seconds: float) -> None:
        """At the end of the work, hold the lease for `seconds` more instead of releasing
        it, so that nobody begins again before.
        """
        self._extension = seconds

    async def heartbeat(self) -> None:
        """Renew it again and again, until it is lost or the work is over."""
        while not (self._lost or self._is_over):
            await asyncio.sleep(self._seconds / _RENEWALS_A_TERM)
            # No answer now is no loss yet: check() knows until when it is valid.
            with suppress(LeaseLost, Unavailable):
                await self.renew()

    async def end(self, heartbeat: asyncio.Task[None]) -> None:
        """Renew it no more, and release it. Cancelling alone would not do: a library may
        forget a cancellation, and the lease would be renewed for ever.
        """
        self._is_over = True
        heartbeat.cancel()
        try:
            await asyncio.wait([heartbeat], timeout=_LAST_RENEWAL_S)
        finally:
            await self.release()

    async def release(self) -> None:
        """Release it, or extend it where that was asked for."""
        try:
            if self._extension:
                await self._leases.renew(self.name, self.token, self._extension)
            else:
                await self._leases.release(self.name, self.token)
        except Unavailable as error:  # then it runs out by itself
            details = {"lease": self.name, "error": str(error)}
            log.warning("lease_not_released", extra=details)


@asynccontextmanager
async def hold_lease(
    leases: Leases, name: str, seconds: float
) -> AsyncIterator[HeldLease]:
    """Hold a lease for as long as the block lasts. Raises `LeaseBusy` when somebody else
    holds it, `Unavailable`.
    """
    token = await leases.acquire(name, seconds)
    if token is None:
        raise LeaseBusy(f"another worker holds {name}")
    lease = HeldLease(leases, name, token, seconds)
    heartbeat = asyncio.create_task(lease.heartbeat())
    try:
        yield lease
    finally:
        await lease.end(heartbeat)


@asynccontextmanager
async def hold_leases(
    leases: Leases, names: Iterable[str], seconds: float, max_wait: float
) -> AsyncIterator[list[HeldLease]]:
    """Hold several leases, waiting for each; taken in the order of their names, so that
    no two workers wait for each other. Raises `LeaseBusy` after `max_wait` seconds.
    """
    deadline = time.monotonic() + max_wait
    async with AsyncExitStack() as stack:
        yield [
            await _wait_for(stack, leases, name, seconds, deadline)
            for name in sorted(set(names))
        ]


async def _wait_for(
    stack: AsyncExitStack, leases: Leases, name: str, seconds: float, deadline: float
) -> HeldLease:
    pause = _FIRST_PAUSE
    while True:
        try:
            return await stack.enter_async_context(hold_lease(leases, name, seconds))
        except LeaseBusy:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))
        pause = min(_LONGEST_PAUSE, pause * _PAUSE_GROWTH)
