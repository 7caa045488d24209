"""bind/profile_template, edit/profile, delete/profile."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context
from services.gateway.memories.edit_profiles import delete_profile, edit_profile
from services.gateway.schemas.memories import Done
from services.gateway.schemas.profiles import BindProfiles, DeleteProfile, EditProfile
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["profiles"])


@router.post(
    "/bind/profile_template",
    summary="Accepted: templates are only names",
    response_model=Envelope[Done],
)
async def bind(request: Request, body: BindProfiles, context: Context) -> Json:
    """Nothing depends on it: any template can be edited for anybody without being bound first."""
    return answer(request, Done(success=True))


@router.post(
    "/edit/profile",
    summary="Set and take away fields of a profile",
    response_model=Envelope[Done],
)
async def edit(request: Request, body: EditProfile, context: Context) -> Json:
    """Each field is a memory that can be recalled."""
    await edit_profile(context, body)
    return answer(request, Done(success=True))


@router.post(
    "/delete/profile", summary="Delete a profile", response_model=Envelope[Done]
)
async def delete(request: Request, body: DeleteProfile, context: Context) -> Json:
    """That of a template, or all of an owner."""
    await delete_profile(context, body)
    return answer(request, Done(success=True))
