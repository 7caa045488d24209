"""project/keys: the API keys of a project. Souvenir's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from services.gateway.admin.administered import administered
from services.gateway.admin.manage_keys import (
    create_key,
    listed_keys,
    revoke_key,
    rotate_key,
)
from services.gateway.context.request_context import Context
from services.gateway.schemas.administration import PROJECT, ProjectName
from services.gateway.schemas.base import EXAMPLE_ID
from services.gateway.schemas.keys import (
    CreateKey,
    KeyMade,
    KeyView,
    RevokeKey,
    RotateKey,
)
from services.gateway.schemas.memories import Done
from services.http import Authenticator, Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["administration"])

KeyId = Annotated[
    str, Path(description="The id of the key, not the key.", examples=[EXAMPLE_ID])
]
OfProject = Annotated[ProjectName, Query(description=PROJECT)]


@router.get(
    "/project/keys", summary="The API keys", response_model=Envelope[list[KeyView]]
)
async def list_keys(
    request: Request, context: Context, project: OfProject = ""
) -> Json:
    """Without their secrets, the oldest first."""
    name, ports = administered(context, project)
    return answer(request, await listed_keys(ports.keys, name, context.settings))


@router.post(
    "/project/keys", summary="Make an API key", response_model=Envelope[KeyMade]
)
async def create(request: Request, body: CreateKey, context: Context) -> Json:
    """Its secret is answered this once. A project begins with its first key."""
    name, ports = administered(context, body.project)
    return answer(request, await create_key(ports.keys, name, body))


@router.post(
    "/project/keys/{key_id}/rotate",
    summary="Give an API key a new secret",
    response_model=Envelope[KeyMade],
)
async def rotate(
    request: Request, key_id: KeyId, body: RotateKey, context: Context
) -> Json:
    """The new key has another id and the same rights; the old one ends, at once or
    after `overlap_s` seconds.
    """
    name, ports = administered(context, body.project)
    made, old = await rotate_key(ports.keys, name, key_id, body.overlap_s)
    _forget(request, old.hash)
    return answer(request, made)


@router.post(
    "/project/keys/{key_id}/revoke",
    summary="Revoke an API key",
    response_model=Envelope[Done],
)
async def revoke(
    request: Request, key_id: KeyId, body: RevokeKey, context: Context
) -> Json:
    """It opens nothing any more; in other gateway processes after half a minute at the
    latest.
    """
    name, ports = administered(context, body.project)
    key = await revoke_key(ports.keys, name, key_id)
    _forget(request, key.hash)
    return answer(request, Done(success=True))


def _forget(request: Request, hashed: str) -> None:
    authenticator: Authenticator = request.app.state.authenticator
    authenticator.forget(hashed)
