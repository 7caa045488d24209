"""A job that does not get on is called off, and holds up nobody.

    a step begins, a batch is stored, a model answers ── the clock starts anew
    nothing of that for `limit` seconds ── its leases are renewed no more ── the try is called off

What a step waits for has a limit of its own nearly everywhere. This is for the rest: a
server that sends one byte a minute, a disk that hangs, a mistake of ours or of a library.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from shared.errors import Transient
from shared.ports import Leases

log = logging.getLogger(__name__)

T = TypeVar("T")

CANCEL_S = 10.0
"""How long what was called off may take to tidy up, before it is called off again."""
CANCELS = 3
"""How often a task is called off. Once may not be enough: in Python 3.11
`asyncio.wait_for` forgets a cancellation that comes as its result does, and libraries
use it.
"""


class Stalled(Transient):
    """A try did not get on and was called off."""


class Pulse:
    """When a job has got on for the last time. `clock` counts seconds."""

    def __init__(
        self, limit: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`limit`: seconds without progress after which the job counts as stalled."""
        self.limit, self._clock = limit, clock
        self._last = clock()

    def note_progress(self) -> None:
        """The job gets on."""
        self._last = self._clock()

    @property
    def left(self) -> float:
        """Seconds after which it counts as stalled; not above 0 when it does."""
        return self._last + self.limit - self._clock()


class PulsedLeases:
    """The Leases port for one job: when it is stalled its leases cannot be renewed, so
    that they run out, and what it still writes is refused as by any lost lease.
    """

    def __init__(self, leases: Leases, pulse: Pulse) -> None:
        self._leases, self._pulse = leases, pulse

    async def acquire(self, name: str, seconds: float) -> int | None:
        return await self._leases.acquire(name, seconds)

    async def renew(self, name: str, token: int, seconds: float) -> bool:
        if self._pulse.left <= 0:
            return False
        return await self._leases.renew(name, token, seconds)

    async def release(self, name: str, token: int) -> None:
        await self._leases.release(name, token)

    async def held(self, name: str) -> bool:
        return await self._leases.held(name)


async def while_it_gets_on(pulse: Pulse, work: Coroutine[Any, Any, T]) -> T:
    """What the work returns or raises. Raises `Stalled` when the pulse has stopped and
    the work was called off; it is going on in secret then where even that did not end it,
    and the pulse stays stopped.
    """
    task = asyncio.create_task(work)
    try:
        while not task.done() and pulse.left > 0:
            await asyncio.wait([task], timeout=pulse.left)
    finally:
        if not task.done():
            await called_off(task)
    if task.done() and not task.cancelled():
        return task.result()
    if task.done():
        pulse.note_progress()
    raise Stalled(f"it has not got on for {pulse.limit:.0f} s")


async def called_off(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait for its end, some time at most."""
    for _ in range(CANCELS):
        task.cancel()
        await asyncio.wait([task], timeout=CANCEL_S)
        if task.done():
            return
    log.critical("job_does_not_end", extra={"seconds": CANCELS * CANCEL_S})
