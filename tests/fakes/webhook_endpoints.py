"""Webhooks of projects, and the events that wait for them, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from shared.domain.webhook_endpoint import OutboxEvent, WebhookEndpoint
from tests.fakes.ids import looked_up


class FakeWebhookEndpoints:
    """`shared.ports.WebhookEndpoints`. `reads` counts how often a project was read."""

    def __init__(self) -> None:
        self.stored: dict[str, WebhookEndpoint] = {}
        self.reads = 0

    async def put(self, endpoint: WebhookEndpoint) -> None:
        self.stored[endpoint.id] = endpoint

    async def get(self, project: str | None, id: str) -> WebhookEndpoint | None:
        found = self.stored.get(looked_up(id))
        return found if found and project in (None, found.project) else None

    async def of_project(self, project: str) -> list[WebhookEndpoint]:
        self.reads += 1
        own = [entry for entry in self.stored.values() if entry.project == project]
        return sorted(own, key=lambda entry: (entry.created_at, entry.id))

    async def update_state(self, endpoint: WebhookEndpoint) -> None:
        stored = self.stored.get(endpoint.id)
        if stored is not None and stored.updated_at == endpoint.updated_at:
            self.stored[endpoint.id] = replace(
                stored,
                is_active=endpoint.is_active,
                error=endpoint.error,
                failures=endpoint.failures,
                retry_at=endpoint.retry_at,
            )

    async def update_settings(self, endpoint: WebhookEndpoint) -> None:
        stored = self.stored.get(endpoint.id)
        if stored is not None and stored.project == endpoint.project:
            self.stored[endpoint.id] = replace(
                endpoint, secret=stored.secret, old_secrets=stored.old_secrets
            )

    async def replace_secret(self, endpoint: WebhookEndpoint, before: str) -> bool:
        stored = self.stored.get(endpoint.id)
        if stored is None or stored.secret != before:
            return False
        self.stored[endpoint.id] = replace(
            stored,
            secret=endpoint.secret,
            old_secrets=endpoint.old_secrets,
            updated_at=endpoint.updated_at,
        )
        return True

    async def delete(self, project: str, id: str) -> None:
        if await self.get(project, id):
            del self.stored[looked_up(id)]


class FakeOutbox:
    """`shared.ports.Outbox`."""

    def __init__(self) -> None:
        self.stored: dict[str, OutboxEvent] = {}

    async def put(self, events: Sequence[OutboxEvent]) -> None:
        self.stored |= {event.id: event for event in events}

    async def due_endpoints(self, at: int) -> list[str]:
        due = {event.endpoint for event in self.stored.values() if event.due_at <= at}
        return sorted(due)

    async def due(self, endpoint: str, at: int, limit: int) -> list[OutboxEvent]:
        due = [
            event
            for event in self.stored.values()
            if event.endpoint == endpoint and event.due_at <= at
        ]
        return sorted(due, key=lambda event: (event.due_at, event.id))[:limit]

    async def waiting(self, project: str) -> dict[str, int]:
        return dict(
            Counter(e.endpoint for e in self.stored.values() if e.project == project)
        )

    async def delete(self, ids: Sequence[str]) -> None:
        for id in ids:
            self.stored.pop(id, None)

    async def delete_of(self, endpoint: str) -> None:
        await self.delete(
            [e.id for e in self.stored.values() if e.endpoint == endpoint]
        )
