"""Jobs, viewed and acted on. For the gateway and for operators: asks for no key, so it
is never opened to the world.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from services.http import Envelope, Json, answer
from services.http.event_stream import event_stream
from services.http.task_view import Task, WholeTask
from services.status import job_actions as actions
from services.status.progress_events import events
from shared.access.access import Access
from shared.access.guarded_ports import guarded
from shared.domain.job import State
from shared.wiring import StatusPorts

router = APIRouter(tags=["jobs"])

Project = Annotated[str, Query(description="Whose jobs.")]
Owner = Annotated[
    str, Query(description="The only user whose jobs are there; empty for all.")
]
Limit = Annotated[int, Query(ge=1, le=1000)]
States = Annotated[
    Sequence[State], Query(description="Only jobs in one of these states.")
]


class JobStatus(BaseModel):
    """What the gateway needs to answer get/status."""

    task: Task
    legacy_status: bool = Field(
        description="Whether the sender can read only a list of one."
    )


def request_ports(request: Request, project: Project, owner: Owner = "") -> StatusPorts:
    """The ports of the application that was asked, for what the caller may touch."""
    ports: StatusPorts = request.app.state.ports
    return guarded(ports, Access(project, owner))


RequestPorts = Annotated[StatusPorts, Depends(request_ports)]


@router.get("/jobs/{id}", summary="All about a job", response_model=Envelope[WholeTask])
async def job(request: Request, id: str, project: Project, ports: RequestPorts) -> Json:
    """Its record, with live figures while it is worked on. A job of a group chat stands
    as the last of its companions does.
    """
    record = await actions.get_job(ports, project, id)
    return answer(request, await actions.view_full_task(ports, record))


@router.get(
    "/jobs/{id}/status",
    summary="How a job stands, for get/status",
    response_model=Envelope[JobStatus],
)
async def job_status(
    request: Request, id: str, project: Project, ports: RequestPorts
) -> Json:
    """The same without what became of each memory, and in which form its sender can
    read it.
    """
    record = await actions.get_job(ports, project, id)
    task = await actions.view_task(ports, record)
    return answer(request, {"task": task, "legacy_status": record.legacy_status})


@router.get(
    "/jobs", summary="The latest jobs of a user", response_model=Envelope[list[Task]]
)
async def of_user(
    request: Request,
    project: Project,
    user: str,
    ports: RequestPorts,
    state: States = (),
    limit: Limit = 100,
) -> Json:
    """Latest first."""
    jobs = await ports.jobs.of_user(project, user, limit, state)
    views = await asyncio.gather(*(actions.view_task(ports, job) for job in jobs))
    return answer(request, views)


@router.get(
    "/latest",
    summary="The latest jobs of a project",
    response_model=Envelope[list[Task]],
)
async def latest(
    request: Request,
    project: Project,
    ports: RequestPorts,
    state: States = (),
    limit: Limit = 100,
) -> Json:
    """Of all users and knowledge bases, latest first."""
    jobs = await ports.jobs.latest(project, limit, state)
    views = await asyncio.gather(*(actions.view_task(ports, job) for job in jobs))
    return answer(request, views)


@router.get("/jobs/{id}/events", summary="Watch a job")
async def watch(id: str, project: Project, ports: RequestPorts) -> StreamingResponse:
    """Server-sent events `progress` and, when it has ended, `end`; their data is that
    of `/jobs/{id}`.
    """
    record = await actions.get_job(ports, project, id)
    return event_stream(events(ports, record))


@router.get("/dead", summary="Dead letters", response_model=Envelope[list[Task]])
async def dead(
    request: Request, project: Project, ports: RequestPorts, limit: Limit = 100
) -> Json:
    """Jobs that ran out of tries, latest first."""
    jobs = await ports.jobs.dead(project, limit)
    return answer(request, [await actions.view_task(ports, job) for job in jobs])


@router.get(
    "/remarked",
    summary="Completed jobs with remarks",
    response_model=Envelope[list[Task]],
)
async def remarked(
    request: Request, project: Project, ports: RequestPorts, limit: Limit = 100
) -> Json:
    """Jobs that went less well than they could have, latest first."""
    jobs = await ports.jobs.remarked(project, limit)
    return answer(request, [await actions.view_task(ports, job) for job in jobs])


@router.post(
    "/jobs/{id}/replay",
    summary="Run a job again",
    response_model=Envelope[Task],
)
async def replay(
    request: Request, id: str, project: Project, ports: RequestPorts
) -> Json:
    """With all its tries."""
    record = await actions.replay_task(ports, project, id)
    return answer(request, await actions.view_task(ports, record))


@router.post("/jobs/{id}/cancel", summary="Cancel a job", response_model=Envelope[Task])
async def cancel(
    request: Request, id: str, project: Project, ports: RequestPorts
) -> Json:
    """It stops at the next step; one that has ended stays as it ended."""
    record = await actions.cancel_task(ports, project, id)
    return answer(request, await actions.view_task(ports, record))
