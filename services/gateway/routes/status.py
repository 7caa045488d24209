"""get/status: the status service knows, the gateway passes it on in the form the client can read."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context
from services.gateway.jobs.status_client import asked, job
from services.gateway.schemas.status import GetStatus, TaskStatus
from services.http import Envelope, Json, TolerantRoute, answer
from shared.contract import Code
from shared.errors import NotFound

router = APIRouter(route_class=TolerantRoute, tags=["memories"])


@router.post(
    "/get/status",
    summary="How a task stands",
    response_model=Envelope[TaskStatus | list[TaskStatus]],
)
async def get_status(request: Request, body: GetStatus, context: Context) -> Json:
    """`running`, `completed` or `failed`; a failed task says why. `GET tasks/{id}` tells more.

    A task that was created with the old spelling `asyncMode` is answered as a list of
    one, which is all its clients can read.
    """
    accepted = await context.ports.jobs.get(context.project, body.task_id)
    if accepted is None:
        raise NotFound(f"no task {body.task_id}", code=Code.UNKNOWN_TASK)
    task = TaskStatus.model_validate(await asked(context, job(body.task_id)))
    return answer(
        request,
        [task] if accepted.legacy_status or context.settings.status_as_list else task,
    )
