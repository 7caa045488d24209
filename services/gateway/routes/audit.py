"""project/audit: the audit log of a project. Souvenir's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from services.gateway.admin.administered import administered
from services.gateway.admin.audit_writer import AuditWriter
from services.gateway.context.request_context import Context
from services.gateway.schemas.administration import PROJECT, ProjectName
from services.gateway.schemas.audit import AuditPage, AuditView
from services.gateway.schemas.base import counted
from services.gateway.schemas.sent_numbers import WholeNumber
from services.http import Envelope, Json, TolerantRoute, answer
from shared.domain.audit import AuditEntry

router = APIRouter(route_class=TolerantRoute, tags=["administration"])

MAX_LISTED = 500


@router.get(
    "/project/audit", summary="The audit log", response_model=Envelope[AuditPage]
)
async def list_audit(
    request: Request,
    context: Context,
    project: Annotated[ProjectName, Query(description=PROJECT)] = "",
    user_id: Annotated[str, Query(description="Only what was about this user.")] = "",
    key: Annotated[str, Query(description="Only what this key (its id) did.")] = "",
    before: Annotated[
        WholeNumber, Query(ge=0, description="Only earlier ones, epoch milliseconds.")
    ] = 0,
    limit: Annotated[
        int,
        *counted(1, MAX_LISTED),
        Query(description=f"At most so many; more than {MAX_LISTED} count as so many."),
    ] = 100,
) -> Json:
    """What was changed and what was refused, the latest first; of several requests of one
    millisecond at the edge of a page some may be passed over.
    """
    name, ports = administered(context, project)
    writer: AuditWriter = request.app.state.audit_writer
    await writer.flush(context.unguarded.audit)
    entries = await ports.audit.latest(name, limit, before, user_id, key)
    earlier = entries[-1].at if len(entries) == limit else None
    views = [audit_view(entry) for entry in entries]
    return answer(request, AuditPage(entries=views, before=earlier))


def audit_view(entry: AuditEntry) -> AuditView:
    """An entry as it is listed."""
    return AuditView(
        at=entry.at,
        action=entry.action,
        status=entry.status,
        key=entry.key,
        key_name=entry.key_name,
        user_ids=list(entry.users),
        objects=list(entry.objects),
        request=entry.request,
    )
