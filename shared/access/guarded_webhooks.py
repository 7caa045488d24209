"""The webhooks of a project that one request may touch."""

from __future__ import annotations

from collections.abc import Sequence

from shared.access.access import Access
from shared.domain.webhook_endpoint import OutboxEvent, WebhookEndpoint
from shared.errors import Forbidden
from shared.ports import Outbox, WebhookEndpoints


class GuardedWebhookEndpoints:
    """`shared.ports.WebhookEndpoints`."""

    def __init__(self, endpoints: WebhookEndpoints, access: Access) -> None:
        self._endpoints, self._access = endpoints, access

    async def put(self, endpoint: WebhookEndpoint) -> None:
        self._access.require_whole_project(endpoint.project)
        await self._endpoints.put(endpoint)
        self._access.note([endpoint.id])

    async def get(self, project: str | None, id: str) -> WebhookEndpoint | None:
        self._access.require_whole_project(project)
        return await self._endpoints.get(project, id)

    async def of_project(self, project: str) -> list[WebhookEndpoint]:
        self._access.require_whole_project(project)
        return await self._endpoints.of_project(project)

    async def update_state(self, endpoint: WebhookEndpoint) -> None:
        self._access.require_whole_project(endpoint.project)
        await self._endpoints.update_state(endpoint)

    async def update_settings(self, endpoint: WebhookEndpoint) -> None:
        self._access.require_whole_project(endpoint.project)
        await self._endpoints.update_settings(endpoint)
        self._access.note([endpoint.id])

    async def replace_secret(self, endpoint: WebhookEndpoint, before: str) -> bool:
        self._access.require_whole_project(endpoint.project)
        replaced = await self._endpoints.replace_secret(endpoint, before)
        self._access.note([endpoint.id])
        return replaced

    async def delete(self, project: str, id: str) -> None:
        self._access.require_whole_project(project)
        await self._endpoints.delete(project, id)
        self._access.note([id])


class GuardedOutbox:
    """`shared.ports.Outbox`: a request sees how much waits, and nothing of it."""

    def __init__(self, outbox: Outbox, access: Access) -> None:
        self._outbox, self._access = outbox, access

    async def put(self, events: Sequence[OutboxEvent]) -> None:
        for event in events:
            self._access.require_whole_project(event.project)
        await self._outbox.put(events)

    async def due_endpoints(self, at: int) -> list[str]:
        raise Forbidden("that concerns every project")

    async def due(self, endpoint: str, at: int, limit: int) -> list[OutboxEvent]:
        raise Forbidden("that concerns every project")

    async def waiting(self, project: str) -> dict[str, int]:
        self._access.require_whole_project(project)
        return await self._outbox.waiting(project)

    async def delete(self, ids: Sequence[str]) -> None:
        raise Forbidden("that concerns every project")

    async def delete_of(self, endpoint: str) -> None:
        raise Forbidden("that concerns every project")
