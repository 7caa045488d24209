"""Webhooks of a project in mem0's dialect."""

from __future__ import annotations

from typing import Any

from services.gateway.admin import manage_webhooks
from services.gateway.admin.manage_webhooks import webhook_fields, webhook_ports
from services.gateway.context.request_context import RequestContext
from services.gateway.mem0.present import Item, written
from services.gateway.mem0.projects import require_own
from services.gateway.schemas.webhooks import ChangedWebhook, NewWebhook
from shared.domain.webhook_endpoint import WebhookEndpoint


async def webhooks(context: RequestContext, project: str) -> list[Item]:
    """All of them. Raises `NotFound` for another project than the key's."""
    require_own(context, project)
    ports = webhook_ports(context.ports)
    waiting = await ports.outbox.waiting(project)
    endpoints = await ports.endpoints.of_project(project)
    return [_present(endpoint, waiting) for endpoint in endpoints]


async def create(context: RequestContext, project: str, body: NewWebhook) -> Item:
    """A new one, with its secret. Raises `NotFound`, `BadRequest`."""
    require_own(context, project)
    ports = webhook_ports(context.ports)
    made = await manage_webhooks.create_webhook(ports, project, body)
    return {**_present(made, {}), "secret": made.secret}


async def update(context: RequestContext, id: str, body: ChangedWebhook) -> None:
    """Raises `NotFound`, `BadRequest`."""
    ports = webhook_ports(context.ports)
    await manage_webhooks.update_webhook(ports, context.project, id, body)


async def delete(context: RequestContext, id: str) -> None:
    """Raises `NotFound`."""
    ports = webhook_ports(context.ports)
    await manage_webhooks.delete_webhook(ports, context.project, id)


def _present(endpoint: WebhookEndpoint, waiting: dict[str, int]) -> Item:
    fields: dict[str, Any] = webhook_fields(endpoint, waiting)
    del fields["old_secret_until"]  # mem0's clients rotate no secrets
    times = {name: written(fields[name]) for name in ("created_at", "updated_at")}
    return fields | times
