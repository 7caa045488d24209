"""Jobs, told of and acted on. For the gateway and for operators: asks for no key, so it
is never opened to the world.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import StreamingResponse

from services.http import Envelope, Json, answer
from services.http.event_stream import event_stream
from services.http.task_view import Task, WholeTask
from services.status import job_actions as actions
from services.status.progress_events import events
from shared.domain.job import State
from shared.wiring import Ports

router = APIRouter(tags=["jobs"])

Project = Annotated[str, Query(description="Whose jobs.")]
Limit = Annotated[int, Query(ge=1, le=1000)]
States = Annotated[
    Sequence[State], Query(description="Only jobs in one of these states.")
]


def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


ThePorts = Annotated[Ports, Depends(_ports)]


@router.get(
    "/jobs/{id}", summary="How a job stands", response_model=Envelope[WholeTask]
)
async def one(request: Request, id: str, project: Project, ports: ThePorts) -> Json:
    """Its record, with live figures while it is worked on. A job of a group chat stands
    as the last of its companions does.
    """
    return answer(
        request,
        await actions.shown_whole(ports, await actions.known(ports, project, id)),
    )


@router.get(
    "/jobs", summary="The latest jobs of a user", response_model=Envelope[list[Task]]
)
async def of_user(
    request: Request,
    project: Project,
    user: str,
    ports: ThePorts,
    state: States = (),
    limit: Limit = 100,
) -> Json:
    """Latest first."""
    jobs = await ports.jobs.of_user(project, user, limit, state)
    return answer(
        request, await asyncio.gather(*(actions.shown(ports, job) for job in jobs))
    )


@router.get("/jobs/{id}/events", summary="Watch a job")
async def watch(id: str, project: Project, ports: ThePorts) -> StreamingResponse:
    """Server-sent events `progress` and, when it has ended, `end`; their data is that
    of `/jobs/{id}`.
    """
    job = await actions.known(ports, project, id)
    return event_stream(events(ports, job))


@router.get("/dead", summary="Dead letters", response_model=Envelope[list[Task]])
async def dead(
    request: Request, project: Project, ports: ThePorts, limit: Limit = 100
) -> Json:
    """Jobs that ran out of tries, latest first."""
    return answer(
        request,
        [
            await actions.shown(ports, job)
            for job in await ports.jobs.dead(project, limit)
        ],
    )


@router.post(
    "/jobs/{id}/replay",
    summary="Try a failed or dead job again",
    response_model=Envelope[Task],
)
async def replay(request: Request, id: str, project: Project, ports: ThePorts) -> Json:
    """With all its tries."""
    return answer(
        request, await actions.shown(ports, await actions.replay(ports, project, id))
    )


@router.post(
    "/jobs/{id}/cancel", summary="Call a job off", response_model=Envelope[Task]
)
async def cancel(request: Request, id: str, project: Project, ports: ThePorts) -> Json:
    """It stops at the next step; one that has ended stays as it ended."""
    return answer(
        request, await actions.shown(ports, await actions.cancel(ports, project, id))
    )
