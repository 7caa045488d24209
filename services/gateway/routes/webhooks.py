"""project/webhooks: URLs that get an event of every change of memories. Souvenir's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from services.gateway.admin.administered import administered
from services.gateway.admin.manage_webhooks import (
    create_webhook,
    delete_webhook,
    rotate_secret,
    update_webhook,
    webhook_fields,
    webhook_ports,
)
from services.gateway.context.request_context import Context
from services.gateway.schemas.administration import PROJECT, ProjectName
from services.gateway.schemas.base import EXAMPLE_ID
from services.gateway.schemas.memories import Done
from services.gateway.schemas.webhooks import (
    CreateWebhook,
    RotateSecret,
    UpdateWebhook,
    WebhookMade,
    WebhookView,
)
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["administration"])

WebhookId = Annotated[str, Path(examples=[EXAMPLE_ID])]
OfProject = Annotated[ProjectName, Query(description=PROJECT)]


@router.get(
    "/project/webhooks",
    summary="The webhooks",
    response_model=Envelope[list[WebhookView]],
)
async def list_webhooks(
    request: Request, context: Context, project: OfProject = ""
) -> Json:
    """Without their secrets, the oldest first."""
    name, given = administered(context, project)
    ports = webhook_ports(given)
    waiting = await ports.outbox.waiting(name)
    endpoints = await ports.endpoints.of_project(name)
    listed = [WebhookView(**webhook_fields(entry, waiting)) for entry in endpoints]
    return answer(request, listed)


@router.post(
    "/project/webhooks",
    summary="Register a webhook",
    response_model=Envelope[WebhookMade],
)
async def create(request: Request, body: CreateWebhook, context: Context) -> Json:
    """It gets an event of every change of a user's memories from the answer on. Its
    secret is answered this once.
    """
    name, given = administered(context, body.project)
    made = await create_webhook(webhook_ports(given), name, body)
    fields = webhook_fields(made, {})
    return answer(request, WebhookMade(secret=made.secret, **fields))


@router.put(
    "/project/webhooks/{webhook_id}",
    summary="Change a webhook",
    response_model=Envelope[WebhookView],
)
async def update(
    request: Request, webhook_id: WebhookId, body: UpdateWebhook, context: Context
) -> Json:
    """What is absent stays. One that was turned off for its receiver is on again."""
    name, given = administered(context, body.project)
    ports = webhook_ports(given)
    changed = await update_webhook(ports, name, webhook_id, body)
    waiting = await ports.outbox.waiting(name)
    return answer(request, WebhookView(**webhook_fields(changed, waiting)))


@router.post(
    "/project/webhooks/{webhook_id}/rotate",
    summary="Give a webhook a new secret",
    response_model=Envelope[WebhookMade],
)
async def rotate(
    request: Request, webhook_id: WebhookId, body: RotateSecret, context: Context
) -> Json:
    """The new secret is answered this once. For `overlap_s` seconds what is sent has a
    signature by the old one too.
    """
    name, given = administered(context, body.project)
    ports = webhook_ports(given)
    rotated = await rotate_secret(ports, name, webhook_id, body.overlap_s)
    fields = webhook_fields(rotated, await ports.outbox.waiting(name))
    return answer(request, WebhookMade(secret=rotated.secret, **fields))


@router.delete(
    "/project/webhooks/{webhook_id}",
    summary="Remove a webhook",
    response_model=Envelope[Done],
)
async def delete(
    request: Request, webhook_id: WebhookId, context: Context, project: OfProject = ""
) -> Json:
    """Nothing is sent any more, nor what waited to be sent."""
    name, given = administered(context, project)
    await delete_webhook(webhook_ports(given), name, webhook_id)
    return answer(request, Done(success=True))
