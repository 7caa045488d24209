"""Whom to tell what has happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shared.domain.webhook_endpoint import OutboxEvent, WebhookEndpoint


class Webhooks(Protocol):
    """Posts messages, signed, to URLs that users name."""

    async def check(self, url: str, field: str = "webhook_url") -> None:
        """Raises `BadRequest` for a URL that can never be delivered to: it is no
        http(s) URL, or leads to an address that is not to be reached. `field`: of the
        request, to be named.
        """
        ...

    async def deliver(self, url: str, id: str, body: bytes, secret: str = "") -> None:
        """Post a JSON body; returns when the receiver has answered 2xx. `id` is the
        same for every attempt at the same message, for the receiver to recognise it.
        `secret` signs it where it is given, as each does of several separated by spaces.

        Raises `Permanent` when it must not be tried again (an address that is not to be
        reached, or the answer 410), `Unavailable` when it may.
        """
        ...


class WebhookEndpoints(Protocol):
    """The URLs that projects registered for events of their memories."""

    async def put(self, endpoint: WebhookEndpoint) -> None:
        """Write one whole. Raises `BadRequest` for text that is not valid Unicode."""
        ...

    async def get(self, project: str | None, id: str) -> WebhookEndpoint | None:
        """One by id, of one project or, with None, of any; None when there is none."""
        ...

    async def of_project(self, project: str) -> list[WebhookEndpoint]:
        """All of a project, the oldest first (`created_at`, then id)."""
        ...

    async def update_state(self, endpoint: WebhookEndpoint) -> None:
        """Write `is_active`, `error`, `failures` and `retry_at` and nothing else, and
        only if the stored one has the same `updated_at`.
        """
        ...

    async def update_settings(self, endpoint: WebhookEndpoint) -> None:
        """Write everything but its secrets, if it is there."""
        ...

    async def replace_secret(self, endpoint: WebhookEndpoint, before: str) -> bool:
        """Write `secret`, `old_secrets` and `updated_at` and nothing else, and only if
        the stored secret is `before`; whether it was.
        """
        ...

    async def delete(self, project: str, id: str) -> None:
        """Remove one."""
        ...


class Outbox(Protocol):
    """Events that wait to be delivered to webhooks of projects."""

    async def put(self, events: Sequence[OutboxEvent]) -> None:
        """Write events whole."""
        ...

    async def due_endpoints(self, at: int) -> list[str]:
        """The ids of endpoints with events that are due at `at` or before."""
        ...

    async def due(self, endpoint: str, at: int, limit: int) -> list[OutboxEvent]:
        """Events of an endpoint that are due at `at` or before, the longest due first."""
        ...

    async def waiting(self, project: str) -> dict[str, int]:
        """How many events wait, by endpoint; those without any are missing."""
        ...

    async def delete(self, ids: Sequence[str]) -> None:
        """Remove events by id."""
        ...

    async def delete_of(self, endpoint: str) -> None:
        """Remove all events of an endpoint."""
        ...
