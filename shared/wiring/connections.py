"""The clients of Redis and Qdrant, and the stores that go through them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from shared.errors import Unavailable
from shared.settings import Settings

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient
    from redis.asyncio import Redis

log = logging.getLogger(__name__)

QDRANT_TIMEOUT_S = 30


async def require_usable_redis(settings: Settings) -> None:
    """Raise ValueError for a Redis that no job could pass through. One that does not answer
    now is none: every process goes on without it for a while.
    """
    from shared.adapters.redis.client import connect, refuse_cluster

    redis = connect(settings.redis_url)
    try:
        await refuse_cluster(redis)
    except Unavailable as error:
        log.warning("redis_not_asked", extra={"error": error.message})
    finally:
        await redis.aclose()


@asynccontextmanager
async def connected(
    settings: Settings,
    qdrant_timeout_s: int = QDRANT_TIMEOUT_S,
    *,
    restoring: bool = False,
) -> AsyncIterator[tuple[dict[str, Any], AsyncQdrantClient]]:
    """The fields of `Ports`, by name, and the client that they go through; the store has
    this release's schema then. Raises `Unavailable`, also where a newer release wrote
    it, or where it is half restored, unless it is `restoring`; ValueError as
    `require_usable_redis`.
    """
    await require_usable_redis(settings)
    async with unconnected(settings, qdrant_timeout_s) as (common, qdrant):
        from shared.adapters.qdrant.collections import prepare
        from shared.adapters.qdrant.migrations.run_migrations import migrate_store

        await prepare(qdrant, settings.prefix)
        if not restoring:
            await _require_whole(qdrant, settings)
        await migrate_store(qdrant, settings.prefix, common["leases"])
        yield common, qdrant


@asynccontextmanager
async def unconnected(
    settings: Settings, qdrant_timeout_s: int
) -> AsyncIterator[tuple[dict[str, Any], AsyncQdrantClient]]:
    """The same before anything is asked: the clients connect when they are used."""
    from shared.adapters.qdrant.load_client import load_client

    client_of = load_client()  # before those that import it

    from shared.adapters.qdrant.guard import guard
    from shared.adapters.qdrant.transport import LIMITS, transport
    from shared.adapters.redis.client import connect

    async with AsyncExitStack() as stack:
        qdrant = client_of(
            url=settings.qdrant_url,
            api_key=settings.qdrant_api_key or None,
            timeout=qdrant_timeout_s,
            check_compatibility=False,
            transport=transport(settings.qdrant_url),
            limits=LIMITS,  # of httpx where there is no transport
        )
        stack.push_async_callback(qdrant.close)
        guard(qdrant)
        redis = connect(settings.redis_url)
        stack.push_async_callback(redis.aclose)
        yield _storage(qdrant, settings) | _coordination(redis, settings), qdrant


async def _require_whole(qdrant: AsyncQdrantClient, settings: Settings) -> None:
    from shared.adapters.qdrant.store_state import QdrantStoreState

    digest, _ = await QdrantStoreState(qdrant, settings.prefix).restore_under_way()
    if digest:
        raise Unavailable(
            "a restore of this store was begun and not finished: run `souvenir restore` "
            "with the same file again"
        )


def _storage(qdrant: AsyncQdrantClient, settings: Settings) -> dict[str, Any]:
    """What lasts: Qdrant, and the raw files."""
    from shared.adapters.qdrant.audit_trail import QdrantAuditTrail
    from shared.adapters.qdrant.jobs import QdrantJobs
    from shared.adapters.qdrant.keys import QdrantKeys
    from shared.adapters.qdrant.knowledge_bases import QdrantKnowledgeBases
    from shared.adapters.qdrant.memories import QdrantMemories
    from shared.adapters.qdrant.messages import QdrantMessages
    from shared.adapters.qdrant.profile_templates import QdrantProfileTemplates
    from shared.adapters.qdrant.projects import QdrantProjects
    from shared.adapters.sources import FsspecSources

    prefix = settings.prefix
    return {
        "memories": QdrantMemories(qdrant, prefix),
        "messages": QdrantMessages(qdrant, prefix),
        "jobs": QdrantJobs(qdrant, prefix),
        "knowledge_bases": QdrantKnowledgeBases(qdrant, prefix),
        "keys": QdrantKeys(qdrant, prefix),
        "profile_templates": QdrantProfileTemplates(qdrant, prefix),
        "projects": QdrantProjects(qdrant, prefix),
        "audit": QdrantAuditTrail(qdrant, prefix),
        "sources": FsspecSources(settings.sources_url),
    }


def _coordination(redis: Redis, settings: Settings) -> dict[str, Any]:
    """What may be lost: everything in Redis, the queue included."""
    from shared.adapters.celery_queue import CeleryQueue
    from shared.adapters.redis.heartbeats import RedisHeartbeats
    from shared.adapters.redis.in_flight import RedisInFlight
    from shared.adapters.redis.leases import RedisLeases
    from shared.adapters.redis.model_usage import RedisModelUsage
    from shared.adapters.redis.progress_bus import RedisProgressBus
    from shared.adapters.redis.rate_limits import RedisRates
    from shared.adapters.redis.tallies import RedisTallies

    prefix = settings.prefix
    return {
        "progress_bus": RedisProgressBus(redis, prefix),
        "leases": RedisLeases(redis, prefix),
        "in_flight": RedisInFlight(redis, prefix),
        "queue": CeleryQueue(settings.redis_url, prefix, redis),
        "rates": RedisRates(redis, prefix),
        "model_usage": RedisModelUsage(redis, prefix),
        "tallies": RedisTallies(redis, prefix),
        "heartbeats": RedisHeartbeats(redis, prefix),
    }
