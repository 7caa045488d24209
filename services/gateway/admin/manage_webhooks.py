"""Webhooks of a project registered, listed, changed and removed."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from services.gateway.schemas.webhooks import ChangedWebhook, NewWebhook
from shared.contract import Code
from shared.domain.webhook_endpoint import MemoryEvent, WebhookEndpoint
from shared.errors import BadRequest, NotFound, NotSupported
from shared.jobs.clock import now
from shared.ports import Outbox, WebhookEndpoints, Webhooks
from shared.webhooks.endpoint_cache import KNOWN_FOR_S
from shared.wiring import GatewayPorts

MAX_WEBHOOKS = 20
"""Of one project."""
MAX_SECRETS = 5
"""With which one event is signed at most."""
_SECRET_BYTES = 24


@dataclass(frozen=True, slots=True)
class WebhookPorts:
    """What they need."""

    endpoints: WebhookEndpoints
    outbox: Outbox
    calls: Webhooks


def webhook_ports(ports: GatewayPorts) -> WebhookPorts:
    """Raises `NotSupported` where projects have no webhooks."""
    if not (ports.webhook_endpoints and ports.outbox and ports.signed_calls):
        raise NotSupported(
            "webhooks of projects are turned off here (SOUVENIR_PROJECT_WEBHOOKS)"
        )
    return WebhookPorts(ports.webhook_endpoints, ports.outbox, ports.signed_calls)


async def create_webhook(
    ports: WebhookPorts, project: str, request: NewWebhook
) -> WebhookEndpoint:
    """A new one, with a secret of its own. It gets every event from the answer on. Raises
    `BadRequest` for a URL that can never be called, or too many.
    """
    await ports.calls.check(request.url, "url")
    if len(await ports.endpoints.of_project(project)) >= MAX_WEBHOOKS:
        raise BadRequest(f"a project has at most {MAX_WEBHOOKS} webhooks")
    at = now()
    endpoint = WebhookEndpoint(
        id=str(uuid4()),
        project=project,
        url=request.url,
        secret=_new_secret(),
        name=request.name,
        events=tuple(map(MemoryEvent, request.event_types)),
        created_at=at,
        updated_at=at,
        is_active=request.is_active,
    )
    await ports.endpoints.put(endpoint)
    await _known_everywhere()
    return endpoint


async def update_webhook(
    ports: WebhookPorts, project: str, id: str, request: ChangedWebhook
) -> WebhookEndpoint:
    """Changed, and turned on again where it was not turned off by hand. Raises
    `NotFound`, `BadRequest`.
    """
    endpoint = await webhook_of(ports, project, id)
    if request.url is not None:
        await ports.calls.check(request.url, "url")
    changed = replace(
        endpoint,
        url=request.url or endpoint.url,
        name=endpoint.name if request.name is None else request.name,
        events=tuple(map(MemoryEvent, request.event_types or endpoint.events)),
        is_active=_is_to_be_active(endpoint, request),
        updated_at=now(),
        failures=0,
        retry_at=0,
        error="",
    )
    await ports.endpoints.update_settings(changed)
    await _known_everywhere()
    return changed


def _is_to_be_active(endpoint: WebhookEndpoint, request: ChangedWebhook) -> bool:
    """As the request says. Where it says nothing, what was turned off by hand stays off:
    it has no error, since nothing is sent that could fail.
    """
    if request.is_active is not None:
        return request.is_active
    return endpoint.is_active or bool(endpoint.error)


async def rotate_secret(
    ports: WebhookPorts, project: str, id: str, overlap_s: float
) -> WebhookEndpoint:
    """With a new secret. Older ones sign beside it for `overlap_s` seconds at most.
    Raises `NotFound`, and `BadRequest` where too many would sign.
    """
    while True:
        endpoint = await webhook_of(ports, project, id)
        at = now()
        until = at + round(overlap_s * 1000)
        rotated = endpoint.with_secret(_new_secret(), at, until)
        if len(rotated.signing_secrets(at)) > MAX_SECRETS:
            raise BadRequest(
                f"{MAX_SECRETS} secrets sign already: overlap_s 0 ends all but a new one"
            )
        # Of two requests at once, each has its turn, and neither's secret is lost.
        if await ports.endpoints.replace_secret(rotated, endpoint.secret):
            return rotated


async def delete_webhook(ports: WebhookPorts, project: str, id: str) -> None:
    """Nothing more is sent: what waited is dropped when it is due. Raises `NotFound`."""
    endpoint = await webhook_of(ports, project, id)
    await ports.endpoints.delete(project, endpoint.id)


async def webhook_of(ports: WebhookPorts, project: str, id: str) -> WebhookEndpoint:
    """One of a project's. Raises `NotFound` 40001."""
    endpoint = await ports.endpoints.get(project, id)
    if endpoint is None:
        raise NotFound(f"no webhook {id}", code=Code.NOT_THERE)
    return endpoint


def webhook_fields(
    endpoint: WebhookEndpoint, waiting: Mapping[str, int]
) -> dict[str, Any]:
    """The fields of a `WebhookView`."""
    return {
        "webhook_id": endpoint.id,
        "name": endpoint.name,
        "url": endpoint.url,
        "project": endpoint.project,
        "event_types": [event.value for event in endpoint.events],
        "is_active": endpoint.is_active,
        "error": endpoint.error,
        "waiting": waiting.get(endpoint.id, 0),
        "old_secret_until": _old_secret_until(endpoint),
        "created_at": endpoint.created_at,
        "updated_at": endpoint.updated_at,
    }


def _old_secret_until(endpoint: WebhookEndpoint) -> int | None:
    at = now()
    ends = [old.until for old in endpoint.old_secrets if old.until > at]
    return max(ends, default=None)


def _new_secret() -> str:
    random = base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    return f"whsec_{random}"


async def _known_everywhere() -> None:
    """Returns once every process that writes memories knows of a change."""
    await asyncio.sleep(KNOWN_FOR_S)
