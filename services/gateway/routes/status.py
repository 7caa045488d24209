"""get/status: the status service knows, the gateway passes it on in the form the client can read."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context
from services.gateway.jobs.status_client import ask, job_path
from services.gateway.schemas.status import GetStatus, TaskStatus
from services.http import Envelope, Json, TolerantRoute, answer

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
    status = await ask(context, job_path(body.task_id, "status"))
    task = TaskStatus.model_validate(status["task"])
    as_list = status["legacy_status"] or context.settings.status_as_list
    data = [task] if as_list else task
    return answer(request, data, remarks=body.remarks())
