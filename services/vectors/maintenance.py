"""What the node does when nobody asks: flush, and index what has changed enough."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.vectors.indexing import index
from services.vectors.shards import Registry, Shard

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """When to do what.

    `flush_s`: seconds between flushes (Qdrant's own default; the log keeps what was
    written since, also through kill -9). `index_after`: changed points that make
    indexing worth it; 0: never. Below that a search by user is as fast without.
    `quiet_s`: seconds without a write that it then waits for, unless twice as many
    points have changed.
    """

    flush_s: float = 5.0
    index_after: int = 20_000
    quiet_s: float = 15.0


@asynccontextmanager
async def kept_up(registry: Registry, upkeep: Upkeep) -> AsyncIterator[None]:
    """While this is entered, the collections are flushed and indexed."""
    tasks = [
        asyncio.create_task(_flush(registry, upkeep)),
        asyncio.create_task(_index(registry, upkeep)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _flush(registry: Registry, upkeep: Upkeep) -> None:
    while True:
        await asyncio.sleep(upkeep.flush_s)
        for shard in registry:
            if shard.unflushed and not shard.closed:
                _flush_one(shard)
                await asyncio.sleep(0)


def _flush_one(shard: Shard) -> None:
    try:
        shard.flush()
    except Exception:
        log.exception(
            "flushing %s failed; its log still has every write", shard.folder.name
        )


async def _index(registry: Registry, upkeep: Upkeep) -> None:
    while upkeep.index_after:
        await asyncio.sleep(upkeep.quiet_s)
        for shard in registry:
            if _due(shard, upkeep):
                await _index_one(shard)


def _due(shard: Shard, upkeep: Upkeep) -> bool:
    if shard.closed or shard.changed < upkeep.index_after:
        return False
    return (
        time.monotonic() - shard.written_at >= upkeep.quiet_s
        or shard.changed >= 2 * upkeep.index_after
    )


async def _index_one(shard: Shard) -> None:
    shard.indexing = asyncio.create_task(_tried(shard))
    try:
        await asyncio.wait([shard.indexing])
    finally:
        shard.indexing.cancel()
        await asyncio.wait([shard.indexing])
        shard.indexing = None


async def _tried(shard: Shard) -> None:
    started = time.monotonic()
    try:
        done = await index(shard)
    except Exception:
        log.exception("indexing failed; the collection stays as it was")
        shard.changed = 0
    else:
        log.info(
            "indexed %s in %.1f s: %s",
            shard.folder.name,
            time.monotonic() - started,
            "changed" if done else "nothing to do",
        )
