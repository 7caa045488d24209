"""Erasure receipts, and the deletion of a whole project. Souvenir's own."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request

from services.gateway.admin.administered import require_operator
from services.gateway.context.request_context import Context
from services.gateway.memories.delete_project import delete_project
from services.gateway.memories.erasure_receipts import receipts
from services.gateway.schemas.base import counted
from services.gateway.schemas.erasure import DeleteProject, Erasure
from services.gateway.schemas.memories import Done
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["memories"])


@router.get(
    "/erasures",
    summary="What was deleted, and when",
    response_model=Envelope[list[Erasure]],
)
async def erasures(
    request: Request,
    context: Context,
    id: Annotated[
        str, Query(description="Only of this user, knowledge base or project.")
    ] = "",
    limit: Annotated[
        int,
        *counted(1, 1000),
        Query(description="At most so many; more than 1000 count as 1000."),
    ] = 100,
) -> Json:
    """The receipts of the project, the latest first: who asked, when, and how many of
    what. They hold no text and no id of what was deleted.
    """
    latest = await receipts(context, id, limit)
    fields = set(Erasure.model_fields)
    rows = [
        {name: value for name, value in asdict(receipt).items() if name in fields}
        for receipt in latest
    ]
    return answer(request, [Erasure.model_validate(values) for values in rows])


@router.post(
    "/delete/project", summary="Delete a whole project", response_model=Envelope[Done]
)
async def project(request: Request, body: DeleteProject, context: Context) -> Json:
    """Everything of it: users, memories, messages, tasks, knowledge bases, files,
    profiles, settings and keys. Only an admin key of the operator's project may
    ask for it, the first key for one.
    """
    require_operator(context, "projects are deleted")
    await delete_project(context, body.project_id)
    return answer(request, Done(success=True))
