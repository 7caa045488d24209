"""Holding the lease of an owner's memories: no worker merges for the same owner meanwhile,
and no other request changes or deletes what is being written.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

from shared.domain.memory import Memory
from shared.errors import Unavailable
from shared.jobs.owner_lease import owner_lease
from shared.ports import Leases

TERM_S = 30.0
"""For so long it is held; what takes longer renews it."""
WAIT_S = 10.0
"""The longest wait for another holder: a batch of memories is merged in less."""
_PAUSE_S = 0.1


class HeldOwner:
    """A lease that this process holds."""

    def __init__(self, leases: Leases, name: str, token: int) -> None:
        self._leases, self._name, self._token = leases, name, token

    async def renew(self) -> None:
        """Hold it for its whole term from now. Raises `Unavailable` where it ran out."""
        if not await self._leases.renew(self._name, self._token, TERM_S):
            raise Unavailable("it took too long and was interrupted: send it again")


@asynccontextmanager
async def hold_owner(leases: Leases, name: str) -> AsyncIterator[HeldOwner]:
    """Hold a lease (`shared.jobs.owner_lease`) for as long as the block lasts. Raises
    `Unavailable` where others hold it for too long.
    """
    deadline = time.monotonic() + WAIT_S
    while (token := await leases.acquire(name, TERM_S)) is None:
        if time.monotonic() > deadline:
            raise Unavailable("memories of the same owner are being stored: come again")
        await asyncio.sleep(_PAUSE_S)
    try:
        yield HeldOwner(leases, name, token)
    finally:
        await leases.release(name, token)


@asynccontextmanager
async def hold_owners_of(
    leases: Leases, memories: Iterable[Memory]
) -> AsyncIterator[None]:
    """Hold the leases of all owners of some memories; taken in the order of their names,
    so that no two requests wait for each other. Raises `Unavailable`.
    """
    async with AsyncExitStack() as stack:
        for name in sorted({lease_of(memory) for memory in memories}):
            await stack.enter_async_context(hold_owner(leases, name))
        yield


def lease_of(memory: Memory) -> str:
    """The name of the lease of a memory's owner."""
    scope = memory.scope
    return owner_lease(scope.project, scope.user, memory.knowledge_base)
