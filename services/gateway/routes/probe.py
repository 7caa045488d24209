"""The probe that command lines and plugins send before they begin."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["probes"])


@router.get(
    "/ping",
    summary="Whether the server answers",
    response_model=Envelope[dict[str, str]],
)
@router.get("/v1/ping", include_in_schema=False)
@router.get("/api/openmem/v1/ping", include_in_schema=False)
@router.get("/api/openmem/v1/v1/ping", include_in_schema=False)
@router.get("/product/ping", include_in_schema=False)
async def ping(request: Request) -> Json:
    """Needs no key."""
    return answer(request, {"status": "ok"})
