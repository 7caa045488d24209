"""project/quota: how much a project may store and spend. Souvenir's own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request

from services.gateway.admin.administered import administered
from services.gateway.context.request_context import Context, RequestContext
from services.gateway.context.stored_usage import bytes_of, memories_of, quota_of
from services.gateway.schemas.administration import PROJECT, ProjectName
from services.gateway.schemas.quotas import QuotaView, SetQuota
from services.http import Envelope, Json, TolerantRoute, answer
from shared.contract import Code
from shared.domain.api_key import DEFAULT_PROJECT
from shared.domain.project_settings import ProjectSettings
from shared.domain.quota import Quota
from shared.errors import Forbidden, Unavailable
from shared.wiring import GatewayPorts

router = APIRouter(route_class=TolerantRoute, tags=["administration"])


@router.get(
    "/project/quota",
    summary="What the project may store, and has stored",
    response_model=Envelope[QuotaView],
)
async def read_quota(
    request: Request,
    context: Context,
    project: Annotated[ProjectName, Query(description=PROJECT)] = "",
) -> Json:
    """Counted anew for this answer, which takes seconds where a million is stored."""
    name, ports = administered(context, project)
    stored = await ports.projects.get(name)
    return answer(request, await _view(context, ports, stored))


@router.put(
    "/project/quota",
    summary="Set what the project may store",
    response_model=Envelope[QuotaView],
)
async def set_quota(request: Request, body: SetQuota, context: Context) -> Json:
    """Only by an admin key of the project `default`: a project does not set its own
    limits. Above them what would be stored is refused with 40304; reading, changing and
    deleting go on.
    """
    name, ports = administered(context, body.project)
    if not context.key.is_operator:
        raise Forbidden(
            f"quotas are set by an admin key of {DEFAULT_PROJECT!r}",
            code=Code.KEY_NOT_ALLOWED,
        )
    stored = await ports.projects.get(name)
    given = body.model_dump(exclude={"project"}, exclude_none=True)
    edited = replace(stored, quota=replace(stored.quota, **given))
    await ports.projects.put(edited)
    context.kept_settings.forget(name)
    return answer(request, await _view(context, ports, edited))


async def _view(
    context: RequestContext, ports: GatewayPorts, stored: ProjectSettings
) -> QuotaView:
    project, own = stored.project, stored.quota
    limit: Quota = quota_of(own, context.settings)
    memories, size, tokens = await asyncio.gather(
        memories_of(ports, project),
        bytes_of(ports, project),
        _tokens(ports, project),
    )
    return QuotaView(
        project=project,
        memories=own.memories,
        stored_bytes=own.stored_bytes,
        daily_tokens=own.daily_tokens,
        monthly_tokens=own.monthly_tokens,
        memories_limit=limit.memories,
        stored_bytes_limit=limit.stored_bytes,
        used_memories=memories,
        used_bytes=size,
        used_tokens_today=tokens[0],
        used_tokens_this_month=tokens[1],
    )


async def _tokens(ports: GatewayPorts, project: str) -> tuple[int, int]:
    try:
        return await ports.model_usage.tokens(project)
    except Unavailable:
        return 0, 0
