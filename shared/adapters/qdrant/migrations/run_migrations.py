"""Brings a store to the schema of this release, before anything else is done with it.

One process does, under a lease; the others wait for it. After each migration its number
is written, so that one that was cut off is run again and those before it are not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.migrations import m0001_derived_fields
from shared.adapters.qdrant.store_state import QdrantStoreState
from shared.errors import LeaseLost, Unavailable
from shared.ports import Leases

log = logging.getLogger(__name__)

Migration = Callable[[AsyncQdrantClient, str], Awaitable[None]]

MIGRATIONS: Mapping[int, Migration] = {1: m0001_derived_fields.migrate}
"""By number, without a gap; the last is `SCHEMA`."""

_LEASE = "migrations"
_LEASE_S = 15.0
_RENEW_S = 5.0
_LOOK_S = 0.5
"""Between two looks whether another process has done it."""


async def migrate_store(
    client: AsyncQdrantClient,
    prefix: str,
    leases: Leases,
    migrations: Mapping[int, Migration] = MIGRATIONS,
) -> None:
    """Raises `Unavailable`, also for a store of a newer release; `LeaseLost`; and what a
    migration raises.
    """
    state = QdrantStoreState(client, prefix)
    newest = max(migrations)
    while (number := await state.schema()) != newest:
        if number > newest:
            raise Unavailable(
                f"the store was written by a newer release (schema {number}); this one "
                f"knows schemas up to {newest}: start the newer release, or restore a "
                "backup that was made before it"
            )
        token = await leases.acquire(_LEASE, _LEASE_S)
        if token is None:
            await asyncio.sleep(_LOOK_S)
            continue
        try:
            async with _renewed(leases, token):
                await _run(client, prefix, state, migrations)
        finally:
            await leases.release(_LEASE, token)


async def _run(
    client: AsyncQdrantClient,
    prefix: str,
    state: QdrantStoreState,
    migrations: Mapping[int, Migration],
) -> None:
    done = await state.schema()
    for number in sorted(migrations):
        if number > done:
            await migrations[number](client, prefix)
            await state.set_schema(number)
            log.info("store_migrated", extra={"schema": number})


@asynccontextmanager
async def _renewed(leases: Leases, token: int) -> AsyncIterator[None]:
    """The lease is held while this is entered. Raises `LeaseLost` where it is not any
    more, and calls off what is inside.
    """

    async def renew() -> None:
        while True:
            await asyncio.sleep(_RENEW_S)
            if not await leases.renew(_LEASE, token, _LEASE_S):
                raise LeaseLost("another process migrates the store now")

    work = asyncio.current_task()
    assert work is not None
    renewing = asyncio.create_task(renew())
    renewing.add_done_callback(lambda task: None if task.cancelled() else work.cancel())
    try:
        yield
    except asyncio.CancelledError:
        if renewing.done() and not renewing.cancelled():
            work.uncancel()
            renewing.result()
        raise
    finally:
        renewing.cancel()
