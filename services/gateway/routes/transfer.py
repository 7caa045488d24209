"""export/memory, import/memory, list/user: Souvenir's own, no part of the contract."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context
from services.gateway.memories.export_import import (
    export_records,
    import_records,
    users,
)
from services.gateway.schemas.transfer import Export, Exported, Import, Imported, Users
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["transfer"])


@router.post(
    "/export/memory",
    summary="Everything of a user, word for word",
    response_model=Envelope[Exported],
)
async def export_memory(request: Request, body: Export, context: Context) -> Json:
    """Messages and memories, some at a time: ask again with `after` until it is null.
    Knowledge bases are not a user's, and are exported one by one, without the bytes of
    their files.
    """
    exported = await export_records(context, body)
    return answer(request, exported, remarks=body.remarks())


@router.post(
    "/import/memory",
    summary="Store exported records",
    response_model=Envelope[Imported],
)
async def import_memory(request: Request, body: Import, context: Context) -> Json:
    """Records of export/memory under a user of any name. Nothing is extracted; what the
    user has already is passed over.
    """
    imported = await import_records(context, body)
    return answer(request, imported, remarks=body.remarks())


@router.post(
    "/list/user", summary="The users of the project", response_model=Envelope[Users]
)
async def list_user(request: Request, context: Context) -> Json:
    """All users of the project who have a message or a memory."""
    return answer(request, Users(user_id_list=await users(context)))
