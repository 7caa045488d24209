"""The ports of each process, connected and prepared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from shared.domain.turn import QueueBounds
from shared.domain.vector_space import VectorSpace
from shared.embedding import open_embedder
from shared.errors import Unavailable
from shared.ports import Embedder, Heartbeats
from shared.settings import Settings
from shared.tracing import install
from shared.wiring.bundles import GatewayPorts, StatusPorts, StorePorts, WorkerPorts
from shared.wiring.connections import QDRANT_TIMEOUT_S, connected, unconnected
from shared.wiring.named_models import (
    Endpoints,
    chat_models,
    embedder_of_names,
    judge_of_changes,
    reader_for,
    reranker_of,
)
from shared.wiring.stores import (
    erasure_store,
    point_store,
    project_webhooks,
    vector_spaces,
    webhooks_of,
)

_GATEWAY_QDRANT_TIMEOUT_S = 15
"""Somebody waits there: half of what the published client waits for an answer."""


@asynccontextmanager
async def tracing(settings: Settings, service: str) -> AsyncIterator[None]:
    """Traces of this process are sent to where the settings say, if they do. Raises
    ValueError without the libraries for it.
    """
    if not settings.traces_url:
        yield
        return
    try:
        from shared.adapters.otel import OtelTracer, otlp_exporter
    except ImportError as error:
        raise ValueError(
            "SOUVENIR_TRACES_URL: traces need pip install 'souvenir-memory[otel]'"
        ) from error
    tracer = OtelTracer(service, otlp_exporter(settings.traces_url))
    install(tracer)
    try:
        yield
    finally:
        install(None)
        await asyncio.to_thread(tracer.flush)


@asynccontextmanager
async def wire_gateway(settings: Settings) -> AsyncIterator[GatewayPorts]:
    """The gateway's ports, connected and prepared; closes them when left. Raises
    `Unavailable` when Qdrant does not answer or the store's embedder cannot run here or
    is not the one that the settings name, ValueError for settings that cannot be.
    """
    async with connected(settings, _GATEWAY_QDRANT_TIMEOUT_S) as (common, qdrant):
        spaces = vector_spaces(qdrant, settings)
        embedder, memories = await open_embedder(spaces, settings, announce=True)
        yield GatewayPorts(
            **common | {"memories": memories},
            embedder=embedder,
            spaces=spaces,
            bounds=QueueBounds(settings.max_waiting, settings.max_waiting_of_project),
            reranker=reranker_of(settings),
            chat_models=chat_models(settings),
            webhooks=webhooks_of(settings),
            points=point_store(qdrant, settings),
            erasures=erasure_store(qdrant, settings),
            **project_webhooks(qdrant, settings),
        )


@asynccontextmanager
async def wire_status(settings: Settings) -> AsyncIterator[StatusPorts]:
    """The same for the status service."""
    async with connected(settings) as (common, qdrant):
        yield StatusPorts(
            **common,
            webhooks=webhooks_of(settings),
            **project_webhooks(qdrant, settings),
        )


@asynccontextmanager
async def wire_worker(settings: Settings) -> AsyncIterator[WorkerPorts]:
    """The same for a worker."""
    endpoints = Endpoints()
    async with connected(settings) as (common, qdrant):
        spaces = vector_spaces(qdrant, settings)
        embedder, memories = await open_embedder(spaces, settings)
        yield WorkerPorts(
            **common | {"memories": memories},
            embedder=embedder,
            spaces=spaces,
            embedder_of_names=embedder_of_names(),
            reader=reader_for(embedder),
            judge=judge_of_changes(),
            extract_model=endpoints.of_role(
                settings, settings.extract, settings.extract_model
            ),
            vision_model=endpoints.of_role(
                settings, settings.vision, settings.vision_model
            ),
        )


async def import_adapters(settings: Settings) -> None:
    """Import what a process is wired from, so that those share it that are forked from
    this one: it is made and closed, and nothing is connected.
    """
    async with unconnected(settings, QDRANT_TIMEOUT_S):
        pass


@asynccontextmanager
async def wire_heartbeats(settings: Settings) -> AsyncIterator[Heartbeats]:
    """Of a worker alone, which may show that it runs before it opens anything else."""
    from shared.adapters.redis.client import connect
    from shared.adapters.redis.heartbeats import RedisHeartbeats

    redis = connect(settings.redis_url)
    try:
        yield RedisHeartbeats(redis, settings.prefix)
    finally:
        await redis.aclose()


@asynccontextmanager
async def wire_store(
    settings: Settings, *, restoring: bool = False
) -> AsyncIterator[StorePorts]:
    """To make a backup, or to restore one: then a new store gets the embedder that the
    settings name. Raises `Unavailable`, ValueError for settings that cannot be.
    """
    from shared.adapters.qdrant.migrations.run_migrations import migrate_store
    from shared.adapters.qdrant.store_state import QdrantStoreState

    async with connected(settings, restoring=restoring) as (common, qdrant):
        spaces = vector_spaces(qdrant, settings)

        async def embedder() -> Embedder:
            return (await open_embedder(spaces, settings))[0]

        await embedder() if restoring else await spaces.open(_nobody_has_stored)
        yield StorePorts(
            points=point_store(qdrant, settings),
            sources=common["sources"],
            spaces=spaces,
            state=QdrantStoreState(qdrant, settings.prefix),
            embedder=embedder,
            migrate=partial(migrate_store, qdrant, settings.prefix, common["leases"]),
        )


async def _nobody_has_stored() -> VectorSpace:
    raise Unavailable("the store is new: there is nothing to back up")
