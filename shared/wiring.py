"""Settings -> adapters. The only place that knows which adapter stands behind which
port; called by the app.py files only.

Each process has its own bundle and its own function here: the status service loads no
embedder and no chat model, the gateway no extraction model. Adapters are imported when
they are wired.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from shared.domain.model_role import ModelRole
from shared.domain.turn import QueueBounds
from shared.domain.vector_space import VectorSpace
from shared.embedding import embedding_endpoint, open_embedder
from shared.errors import Unavailable
from shared.ports import (
    AuditTrail,
    ChatModel,
    Embedder,
    Erasures,
    Heartbeats,
    InFlight,
    Jobs,
    Keys,
    KnowledgeBases,
    Leases,
    Memories,
    MessageReader,
    Messages,
    ModelUsage,
    Outbox,
    Points,
    ProfileTemplates,
    ProgressBus,
    Projects,
    Queue,
    Rates,
    RelationJudge,
    Reranker,
    Sources,
    StoreState,
    Tallies,
    VectorSpaces,
    WebhookEndpoints,
    Webhooks,
)
from shared.settings import Settings
from shared.tracing import install
from shared.webhooks.announced_memories import announced
from shared.webhooks.endpoint_cache import EndpointCache

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient
    from redis.asyncio import Redis

    from shared.adapters.circuit_breaker import CircuitBreaker
    from shared.adapters.qdrant.vector_spaces import QdrantVectorSpaces

log = logging.getLogger(__name__)

_QDRANT_TIMEOUT_S = 30
_GATEWAY_QDRANT_TIMEOUT_S = 15
"""Somebody waits there: half of what the published client waits for an answer."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What every process is connected to: storage and coordination."""

    memories: Memories
    messages: Messages
    jobs: Jobs
    knowledge_bases: KnowledgeBases
    keys: Keys
    projects: Projects
    sources: Sources
    progress_bus: ProgressBus
    leases: Leases
    in_flight: InFlight
    queue: Queue
    rates: Rates
    profile_templates: ProfileTemplates
    model_usage: ModelUsage
    tallies: Tallies
    audit: AuditTrail = field(kw_only=True)
    heartbeats: Heartbeats = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class GatewayPorts(Ports):
    """The gateway recalls and chats."""

    embedder: Embedder
    spaces: VectorSpaces | None = None
    """None: the embedder never changes."""
    bounds: QueueBounds = field(default_factory=QueueBounds)
    """How many jobs may wait."""
    reranker: Reranker | None = None
    chat_models: Mapping[str, ChatModel] = field(default_factory=dict)
    """By name, the default one under ""; empty without a model."""
    webhooks: Webhooks | None = None
    """To check the URLs of requests; None without a secret."""
    webhook_endpoints: WebhookEndpoints | None = None
    """Webhooks of projects; None: there are none."""
    outbox: Outbox | None = None
    """Events that wait to be delivered to them."""
    signed_calls: Webhooks | None = None
    """To check their URLs: each has a secret of its own."""
    points: Points | None = None
    """To copy everything, and to delete a project; None: this set-up cannot."""
    erasures: Erasures | None = None
    """Receipts of deletions; None: there are none."""


@dataclass(frozen=True, slots=True)
class StatusPorts(Ports):
    """The status service delivers webhooks."""

    webhooks: Webhooks | None = None
    """None without a secret: then none are sent."""
    webhook_endpoints: WebhookEndpoints | None = None
    """Webhooks of projects; None: there are none."""
    outbox: Outbox | None = None
    """Events that wait to be delivered to them."""
    signed_calls: Webhooks | None = None
    """To call them: each has a secret of its own."""


@dataclass(frozen=True, slots=True)
class WorkerPorts(Ports):
    """Workers extract, describe pictures and embed."""

    embedder: Embedder
    reader: MessageReader
    judge: RelationJudge
    spaces: VectorSpaces | None = None
    """None: the embedder never changes."""
    extract_model: ChatModel | None = None
    """None: the built-in extractor reads."""
    vision_model: ChatModel | None = None
    """None: pictures are not described."""


@dataclass(frozen=True, slots=True)
class SharedModels:
    """The models of a worker that come along, loaded before it forks."""

    reader: MessageReader
    judge: RelationJudge
    embedder: Embedder | None
    """None: the settings name an endpoint."""


@dataclass(frozen=True, slots=True)
class StorePorts:
    """Backup and restore copy what lasts, whatever it means."""

    points: Points
    sources: Sources
    spaces: VectorSpaces
    state: StoreState
    embedder: Callable[[], Awaitable[Embedder]]
    """Loads that of the store."""
    migrate: Callable[[], Awaitable[None]]
    """Brings the store to this release's schema."""


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
    connected = _connected(settings, _GATEWAY_QDRANT_TIMEOUT_S)
    async with connected as (common, qdrant):
        spaces = _vector_spaces(qdrant, settings)
        embedder, memories = await open_embedder(spaces, settings, announce=True)
        yield GatewayPorts(
            **common | {"memories": memories},
            embedder=embedder,
            spaces=spaces,
            bounds=QueueBounds(settings.max_waiting, settings.max_waiting_of_project),
            reranker=_reranker(settings),
            chat_models=chat_models(settings),
            webhooks=_webhooks(settings),
            points=_points(qdrant, settings),
            erasures=_erasures(qdrant, settings),
            **_project_webhooks(qdrant, settings),
        )


@asynccontextmanager
async def wire_status(settings: Settings) -> AsyncIterator[StatusPorts]:
    """The same for the status service."""
    async with _connected(settings) as (common, qdrant):
        yield StatusPorts(
            **common,
            webhooks=_webhooks(settings),
            **_project_webhooks(qdrant, settings),
        )


@asynccontextmanager
async def wire_worker(settings: Settings) -> AsyncIterator[WorkerPorts]:
    """The same for a worker."""
    endpoints = Endpoints()
    async with _connected(settings) as (common, qdrant):
        spaces = _vector_spaces(qdrant, settings)
        embedder, memories = await open_embedder(spaces, settings)
        yield WorkerPorts(
            **common | {"memories": memories},
            embedder=embedder,
            spaces=spaces,
            reader=_reader(embedder),
            judge=_judge(),
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
    async with _unconnected(settings, _QDRANT_TIMEOUT_S):
        pass


def models_to_share(settings: Settings) -> SharedModels | None:
    """The models that a worker's processes will have, loaded for all that are forked from
    this one; they compute on the caller's thread. None where one of them cannot run.
    """
    from shared.adapters.onnx.classifier import OnnxMessageReader, OnnxRelationJudge
    from shared.adapters.onnx.embedder import OnnxEmbedder
    from shared.adapters.onnx.session import EngineUnavailable
    from shared.adapters.onnx.worker import CallersThread

    thread = CallersThread()
    reader, judge = OnnxMessageReader(worker=thread), OnnxRelationJudge(worker=thread)
    try:
        embedder = None
        if embedding_endpoint(settings) is None:
            embedder = OnnxEmbedder(worker=thread)
            embedder.load()
        reader.load()
        judge.load()
    except EngineUnavailable:
        return None
    return SharedModels(reader, judge, embedder)


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

    async with _connected(settings, restoring=restoring) as (common, qdrant):
        spaces = _vector_spaces(qdrant, settings)

        async def embedder() -> Embedder:
            return (await open_embedder(spaces, settings))[0]

        await embedder() if restoring else await spaces.open(_nobody_has_stored)
        yield StorePorts(
            points=_points(qdrant, settings),
            sources=common["sources"],
            spaces=spaces,
            state=QdrantStoreState(qdrant, settings.prefix),
            embedder=embedder,
            migrate=partial(migrate_store, qdrant, settings.prefix, common["leases"]),
        )


async def _nobody_has_stored() -> VectorSpace:
    raise Unavailable("the store is new: there is nothing to back up")


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
async def _connected(
    settings: Settings,
    qdrant_timeout_s: int = _QDRANT_TIMEOUT_S,
    *,
    restoring: bool = False,
) -> AsyncIterator[tuple[dict[str, Any], AsyncQdrantClient]]:
    """The fields of `Ports`, by name, and the client that they go through; the store has
    this release's schema then. Raises `Unavailable`, also where a newer release wrote
    it, or where it is half restored, unless it is `restoring`; ValueError as
    `require_usable_redis`.
    """
    await require_usable_redis(settings)
    async with _unconnected(settings, qdrant_timeout_s) as (common, qdrant):
        from shared.adapters.qdrant.collections import prepare
        from shared.adapters.qdrant.migrations.run_migrations import migrate_store

        await prepare(qdrant, settings.prefix)
        if not restoring:
            await _require_whole(qdrant, settings)
        await migrate_store(qdrant, settings.prefix, common["leases"])
        yield common, qdrant


@asynccontextmanager
async def _unconnected(
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


def _erasures(qdrant: AsyncQdrantClient, settings: Settings) -> Erasures:
    from shared.adapters.qdrant.erasures import QdrantErasures

    return QdrantErasures(qdrant, settings.prefix)


def _points(qdrant: AsyncQdrantClient, settings: Settings) -> Points:
    from shared.adapters.qdrant.points import QdrantPoints

    return QdrantPoints(qdrant, settings.prefix)


def _vector_spaces(qdrant: AsyncQdrantClient, settings: Settings) -> QdrantVectorSpaces:
    """Changes of their memories become events for webhooks of projects."""
    from shared.adapters.qdrant.vector_spaces import QdrantVectorSpaces

    stores = _project_webhooks(qdrant, settings)
    if not stores:
        return QdrantVectorSpaces(qdrant, settings.prefix)
    cache = EndpointCache(stores["webhook_endpoints"])

    def watched(memories: Memories) -> Memories:
        return announced(memories, cache, stores["outbox"])

    return QdrantVectorSpaces(qdrant, settings.prefix, watched)


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


def chat_models(settings: Settings) -> dict[str, ChatModel]:
    """The named chat models; "" is the default one. Empty without a model. Raises
    ValueError for a setting of one that there is not.
    """
    endpoints = Endpoints()
    models = {
        name: endpoints.model(
            name, str(given.get("model", name)), named_role(settings, name)
        )
        for name, given in settings.chat_models.items()
    }
    name = settings.chat_model
    default = models.get(name) or endpoints.of_role(settings, settings.chat, name)
    if default is not None:
        models.setdefault(name, default)
    if models:
        models[""] = default or next(iter(models.values()))
    return models


def named_role(settings: Settings, name: str) -> ModelRole:
    """A model of SOUVENIR_CHAT_MODELS: what it does not say is as for the chat. Raises
    ValueError for what there is not.
    """
    given = {
        key: value
        for key, value in settings.chat_models[name].items()
        if key != "model"
    }
    try:
        return replace(settings.chat, **{"api_key": "", **given})
    except TypeError as error:
        raise ValueError(f"SOUVENIR_CHAT_MODELS, {name}: {error}") from error


async def warn_of_models(settings: Settings, *roles: str) -> None:
    """Say in the log which language models of these roles (extract, vision, chat) cannot
    be used, before anybody finds out: a wrong key, a name that does not exist.
    """
    named = {
        "extract": (settings.extract, settings.extract_model),
        "vision": (settings.vision, settings.vision_model),
        "chat": (settings.chat, settings.chat_model),
    }
    for role in roles:
        given, model = named[role]
        at = settings.endpoint(given)
        if not (model and at.base_url) or model in settings.chat_models:
            continue
        from shared.adapters.openai_chat.endpoint_check import problem_of

        problem = await problem_of(at, model)
        if problem:
            details = {"role": role, "model": model, "reason": problem}
            log.warning("model_not_usable", extra=details)


class Endpoints:
    """Language models of one process. Those of one role wait for one another, those of
    one endpoint share what is known of it.
    """

    def __init__(self) -> None:
        self._breakers: dict[str, CircuitBreaker] = {}

    def of_role(
        self, settings: Settings, role: ModelRole, model: str
    ) -> ChatModel | None:
        """A model of a role, or None when it or its endpoint is not set."""
        at = settings.endpoint(role)
        return self.model(model, model, at) if at.base_url and model else None

    def model(self, name: str, model: str, role: ModelRole) -> ChatModel:
        """The SDK takes 14 MB: imported where there is a model."""
        from shared.adapters.circuit_breaker import CircuitBreaker
        from shared.adapters.openai_chat import OpenAIChat

        breaker = self._breakers.setdefault(role.base_url, CircuitBreaker())
        return OpenAIChat(name, model, role, breaker=breaker)


def _reranker(settings: Settings) -> Reranker | None:
    """None without a model or an endpoint of its own."""
    own = settings.rerank.base_url
    if not (own or (settings.rerank_model and settings.openai_base_url)):
        return None
    from shared.adapters.rerank_endpoint import RerankEndpoint

    return RerankEndpoint(settings.rerank_model, settings.endpoint(settings.rerank))


def _reader(embedder: Embedder) -> MessageReader:
    from shared.adapters.onnx.classifier import best_reader

    return best_reader(embedder)


def _judge() -> RelationJudge:
    from shared.adapters.onnx.classifier import best_judge

    return best_judge()


def _webhooks(settings: Settings) -> Webhooks | None:
    """None without a secret. Raises ValueError for one that is none."""
    if not settings.webhook_secret:
        return None
    from shared.adapters.webhook import HttpWebhooks

    return HttpWebhooks(settings.webhook_secret, allow=settings.fetch_allow)


def _project_webhooks(qdrant: AsyncQdrantClient, settings: Settings) -> dict[str, Any]:
    """The fields of ports that webhooks of projects need; empty where they are off."""
    if not settings.project_webhooks:
        return {}
    from shared.adapters.qdrant.webhook_endpoints import (
        QdrantOutbox,
        QdrantWebhookEndpoints,
    )
    from shared.adapters.webhook import HttpWebhooks

    return {
        "webhook_endpoints": QdrantWebhookEndpoints(qdrant, settings.prefix),
        "outbox": QdrantOutbox(qdrant, settings.prefix),
        "signed_calls": HttpWebhooks("", allow=settings.fetch_allow),
    }
