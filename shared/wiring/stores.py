"""Stores that only some processes need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.ports import Erasures, Memories, Points, Webhooks
from shared.settings import Settings
from shared.webhooks.announced_memories import announced
from shared.webhooks.endpoint_cache import EndpointCache

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient

    from shared.adapters.qdrant.vector_spaces import QdrantVectorSpaces


def erasure_store(qdrant: AsyncQdrantClient, settings: Settings) -> Erasures:
    """Receipts of deletions."""
    from shared.adapters.qdrant.erasures import QdrantErasures

    return QdrantErasures(qdrant, settings.prefix)


def point_store(qdrant: AsyncQdrantClient, settings: Settings) -> Points:
    """Everything that lasts, whatever it means."""
    from shared.adapters.qdrant.points import QdrantPoints

    return QdrantPoints(qdrant, settings.prefix)


def vector_spaces(qdrant: AsyncQdrantClient, settings: Settings) -> QdrantVectorSpaces:
    """Changes of their memories become events for webhooks of projects."""
    from shared.adapters.qdrant.vector_spaces import QdrantVectorSpaces

    stores = project_webhooks(qdrant, settings)
    if not stores:
        return QdrantVectorSpaces(qdrant, settings.prefix)
    cache = EndpointCache(stores["webhook_endpoints"])

    def watched(memories: Memories) -> Memories:
        return announced(memories, cache, stores["outbox"])

    return QdrantVectorSpaces(qdrant, settings.prefix, watched)


def webhooks_of(settings: Settings) -> Webhooks | None:
    """None without a secret. Raises ValueError for one that is none."""
    if not settings.webhook_secret:
        return None
    from shared.adapters.webhook import HttpWebhooks

    return HttpWebhooks(settings.webhook_secret, allow=settings.fetch_allow)


def project_webhooks(qdrant: AsyncQdrantClient, settings: Settings) -> dict[str, Any]:
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
