"""Webhooks of projects, and the events that wait for them."""

from __future__ import annotations

from collections.abc import Sequence

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import OUTBOX, WEBHOOKS, named
from shared.adapters.qdrant.filters import both, equal, with_ids
from shared.adapters.qdrant.records import Record, point_id
from shared.domain.webhook_endpoint import OutboxEvent, WebhookEndpoint

_ENDPOINT = Record(WebhookEndpoint)
_EVENT = Record(OutboxEvent)
_DUE = "due_at"
_STATE = ("is_active", "error", "failures", "retry_at")
_SETTINGS = (*_STATE, "url", "name", "events", "updated_at")
_SECRETS = ("secret", "old_secrets", "updated_at")


class QdrantWebhookEndpoints:
    """`shared.ports.WebhookEndpoints`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._table = Table(client, named(prefix, WEBHOOKS))

    async def put(self, endpoint: WebhookEndpoint) -> None:
        payload = _ENDPOINT.payload(endpoint)
        id = point_id(endpoint.id)
        await self._table.put([q.PointStruct(id=id, vector={}, payload=payload)])

    async def get(self, project: str | None, id: str) -> WebhookEndpoint | None:
        for payload in await self._table.get([id]):
            endpoint = _ENDPOINT.value(payload)
            return endpoint if project in (None, endpoint.project) else None
        return None

    async def of_project(self, project: str) -> list[WebhookEndpoint]:
        payloads = await self._table.all(both(equal("project", project)))
        endpoints = map(_ENDPOINT.value, payloads)
        return sorted(endpoints, key=lambda entry: (entry.created_at, entry.id))

    async def update_state(self, endpoint: WebhookEndpoint) -> None:
        unchanged = q.FieldCondition(
            key="updated_at", match=q.MatchValue(value=endpoint.updated_at)
        )
        await self._set(endpoint, _STATE, unchanged)

    async def update_settings(self, endpoint: WebhookEndpoint) -> None:
        await self._set(endpoint, _SETTINGS, equal("project", endpoint.project))

    async def replace_secret(self, endpoint: WebhookEndpoint, before: str) -> bool:
        await self._set(endpoint, _SECRETS, equal("secret", before))
        stored = await self.get(endpoint.project, endpoint.id)
        return stored is not None and endpoint.secret in stored.signing_secrets(0)

    async def delete(self, project: str, id: str) -> None:
        await self._table.delete(both(with_ids([id]), equal("project", project)))

    async def _set(
        self, endpoint: WebhookEndpoint, names: Sequence[str], condition: q.Condition
    ) -> None:
        payload = _ENDPOINT.payload(endpoint)
        fields = {name: payload[name] for name in names}
        await self._table.set([(endpoint.id, condition, fields)])


class QdrantOutbox:
    """`shared.ports.Outbox`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._table = Table(client, named(prefix, OUTBOX))

    async def put(self, events: Sequence[OutboxEvent]) -> None:
        await self._table.put(
            [
                q.PointStruct(
                    id=point_id(event.id), vector={}, payload=_EVENT.payload(event)
                )
                for event in events
            ]
        )

    async def due_endpoints(self, at: int) -> list[str]:
        return await self._table.words("endpoint", both(_due(at)))

    async def due(self, endpoint: str, at: int, limit: int) -> list[OutboxEvent]:
        where = both(_due(at), equal("endpoint", endpoint))
        payloads = await self._table.ordered(_DUE, q.Direction.ASC, where, limit)
        events = map(_EVENT.value, payloads)
        return sorted(events, key=lambda event: (event.due_at, event.id))

    async def waiting(self, project: str) -> dict[str, int]:
        return await self._table.word_counts(
            "endpoint", both(equal("project", project))
        )

    async def delete(self, ids: Sequence[str]) -> None:
        if ids:
            await self._table.delete(both(with_ids(ids)))

    async def delete_of(self, endpoint: str) -> None:
        await self._table.delete(both(equal("endpoint", endpoint)))


def _due(at: int) -> q.Condition:
    return q.FieldCondition(key=_DUE, range=q.Range(lte=at))
