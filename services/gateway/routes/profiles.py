"""bind/profile_template, edit/profile, delete/profile."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.gateway import profiles
from services.gateway.desk import TheDesk
from services.gateway.schemas.memories import Done
from services.gateway.schemas.profiles import BindProfiles, DeleteProfile, EditProfile
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["profiles"])


@router.post("/bind/profile_template", summary="Accepted: templates are only names here", response_model=Envelope[Done])
async def bind(request: Request, order: BindProfiles, desk: TheDesk) -> Json:
    """Nothing depends on it: any template can be edited for anybody without being bound first."""
    return answer(request, Done(success=True))


@router.post("/edit/profile", summary="Set and take away fields of a profile", response_model=Envelope[Done])
async def edit(request: Request, order: EditProfile, desk: TheDesk) -> Json:
    """Each field is a memory that can be recalled."""
    await profiles.edit(desk, order)
    return answer(request, Done(success=True))


@router.post("/delete/profile", summary="Delete a profile", response_model=Envelope[Done])
async def delete(request: Request, order: DeleteProfile, desk: TheDesk) -> Json:
    """That of a template, or all of somebody's."""
    await profiles.delete(desk, order)
    return answer(request, Done(success=True))
