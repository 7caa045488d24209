"""What the node does when nobody asks: flush, and index what has changed enough."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from services.vectors.indexing import index
from services.vectors.registry import Registry
from services.vectors.shards import Shard

log = logging.getLogger(__name__)


FLUSH_SYNCED_S = 60.0
"""Where the log is synced at every write, flushing only shortens the next start (0.1 to
0.2 ms a change that the log still holds), and stops all requests for 0.2 s and more.
"""
FLUSH_UNSYNCED_S = 5.0
"""Qdrant's own default."""


@dataclass(frozen=True, slots=True)
class MaintenanceSchedule:
    """When to do what."""

    flush_s: float = FLUSH_SYNCED_S
    """Seconds between flushes. The engine's log keeps what was written since, also
    through kill -9.
    """
    index_after: int = 20_000
    """Changed points that make indexing worth it; 0: never. Below that a search by user
    is as fast without.
    """
    quiet_s: float = 15.0
    """Seconds without a write that indexing then waits for, unless twice as many points
    have changed.
    """


@asynccontextmanager
async def maintained(
    registry: Registry, schedule: MaintenanceSchedule
) -> AsyncIterator[None]:
    """While this is entered, the collections are flushed and indexed."""
    tasks = [
        asyncio.create_task(_flush(registry, schedule)),
        asyncio.create_task(_index(registry, schedule)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _flush(registry: Registry, schedule: MaintenanceSchedule) -> None:
    while True:
        await asyncio.sleep(schedule.flush_s)
        for shard in registry:
            if shard.unflushed and not shard.closed:
                try:
                    shard.flush()
                except Exception:  # nothing is lost: the engine's log has every write
                    log.exception(
                        "collection_flush_failed",
                        extra={"collection": shard.folder.name},
                    )
                await asyncio.sleep(0)


async def _index(registry: Registry, schedule: MaintenanceSchedule) -> None:
    while schedule.index_after:
        await asyncio.sleep(schedule.quiet_s)
        for shard in registry:
            if shard.closed or shard.changed < schedule.index_after:
                continue
            is_quiet = time.monotonic() - shard.written_at >= schedule.quiet_s
            if not is_quiet and shard.changed < 2 * schedule.index_after:
                continue
            shard.indexing = asyncio.create_task(_index_and_log(shard))
            try:
                await asyncio.wait([shard.indexing])
            finally:
                shard.indexing.cancel()
                await asyncio.wait([shard.indexing])
                shard.indexing = None


async def _index_and_log(shard: Shard) -> None:
    """A failure leaves the collection as it was; it is tried again after as many
    changes.
    """
    started = time.monotonic()
    about: dict[str, Any] = {"collection": shard.folder.name}
    try:
        changed = await index(shard)
    except Exception:
        log.exception("collection_indexing_failed", extra=about)
        shard.changed = 0
    else:
        about["seconds"] = round(time.monotonic() - started, 1)
        about["changed"] = changed
        log.info("collection_indexed", extra=about)
