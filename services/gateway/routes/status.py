"""get/status: the status service knows, the gateway passes it on in the form the client can read."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from fastapi import APIRouter, Request

from services.gateway.adding import COMPANIONS, together
from services.gateway.desk import Desk, TheDesk
from services.gateway.schemas.status import GetStatus, TaskStatus
from services.http import Envelope, Json, TolerantRoute, answer
from shared.errors import NotFound, Unavailable

router = APIRouter(route_class=TolerantRoute, tags=["memories"])

UNKNOWN_TASK = 50131


@router.post("/get/status", summary="How a task stands", response_model=Envelope[TaskStatus | list[TaskStatus]])
async def get_status(request: Request, order: GetStatus, desk: TheDesk) -> Json:
    """`running`, `completed` or `failed`; a failed task says why.

    A task that was created with the old spelling `asyncMode` is answered as a list of one, which is all its clients can read.
    """
    job = await desk.ports.jobs.get(desk.project, order.task_id)
    if job is None:
        raise NotFound(f"no task {order.task_id}", code=UNKNOWN_TASK)
    task = await _task(desk, order.task_id, job.body.get(COMPANIONS) or [])
    return answer(request, [task] if job.legacy_status or desk.settings.status_as_list else task)


async def _task(desk: Desk, id: str, companions: list[str]) -> TaskStatus:
    """One task; together with those of the other participants in a group chat."""
    first, *others = await asyncio.gather(*(_asked(desk, each) for each in (id, *companions)))
    return TaskStatus.model_validate({**first, "status": together([first["status"], *(other["status"] for other in others)])})


async def _asked(desk: Desk, id: str) -> dict[str, Any]:
    """The status service's word on one job. Raises `NotFound` 50131 and `Unavailable`."""
    try:
        reply = await desk.status.get(f"/jobs/{id}", params={"project": desk.project})
        if reply.status_code == httpx.codes.NOT_FOUND:
            raise NotFound(f"no task {id}", code=UNKNOWN_TASK)
        task: dict[str, Any] = reply.raise_for_status().json()["data"]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise Unavailable(f"the status service does not answer: {error}") from error
    return task
