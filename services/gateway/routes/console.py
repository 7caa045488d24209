"""The console: its page, and what it shows that no route of the contract tells."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.gateway.console.backlogs import backlogs
from services.gateway.console.map import MemoryMaps
from services.gateway.console.memory_view import whole_memory
from services.gateway.console.model_costs import model_call_view
from services.gateway.console.overview import overview, user_counts
from services.gateway.console.page import FOREVER, HEADERS, asset, index_page
from services.gateway.console.request_log import MAX_REQUESTS
from services.gateway.console.settings_view import settings_view
from services.gateway.context.request_context import Context, RequestContext
from services.gateway.jobs.status_client import ask
from services.gateway.schemas.base import counted
from services.gateway.schemas.console import (
    Backlogs,
    KnowledgeBaseView,
    MapPoint,
    MemoryMap,
    ModelCallView,
    Overview,
    RequestView,
    Setting,
    UserCounts,
    WholeMemory,
)
from services.http import Envelope, Json, TolerantRoute, answer
from services.http.task_view import StateWord, Task
from shared.domain.knowledge import KnowledgeBase
from shared.errors import NotFound

router = APIRouter(route_class=TolerantRoute, prefix="/console", tags=["console"])
page = APIRouter(include_in_schema=False)

_LIMIT = "At most so many; more than there may be count as the most."

States = Annotated[
    Sequence[StateWord],
    Query(description="Only tasks in this state; may be given several times."),
]


@page.get("/console")
@page.get("/console/{path:path}")
async def console(request: Request, path: str = "") -> Response:
    """The page, wherever in it one is, and its files. Asks for no key: what is secret
    the page asks for by the routes below, with the key that is typed into it.
    """
    file = asset(path) if path.startswith("assets/") or "." in path else None
    if path.startswith("assets/") and file is None:
        raise NotFound(f"no file {path}")
    if file is not None:
        headers = {**HEADERS, "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        accepted = request.headers.get("accept-encoding", "")
        if file.compressed is not None and "gzip" in accepted:
            headers["Content-Encoding"] = "gzip"
            return Response(file.compressed, 200, headers, file.media_type)
        return Response(file.content, 200, headers, file.media_type)
    index = index_page()
    if index is None:
        raise NotFound("the console is not built: run `make console`")
    content, headers = index
    return Response(content, 200, headers, "text/html")


@router.get(
    "/overview", summary="How the system does", response_model=Envelope[Overview]
)
async def read_overview(request: Request, context: Context) -> Json:
    """Processes, traffic of this gateway process, what waits, what was remembered."""
    return answer(request, await overview(context, request.app.state.request_log))


@router.get(
    "/users",
    summary="Users and how much they have",
    response_model=Envelope[list[UserCounts]],
)
async def read_users(request: Request, context: Context) -> Json:
    """All users of the project, the one with the most memories first."""
    return answer(request, await user_counts(context))


@router.get(
    "/memory/{memory_id}",
    summary="All about a memory",
    response_model=Envelope[WholeMemory],
)
async def read_memory(request: Request, memory_id: str, context: Context) -> Json:
    """Archived ones too: the conversation around it, its task, what changed it."""
    return answer(request, await whole_memory(context, memory_id))


@router.get("/map", summary="Memories by meaning", response_model=Envelope[MemoryMap])
async def read_map(
    request: Request,
    context: Context,
    user_id: Annotated[str, Query(min_length=1, description="Whose memories.")],
) -> Json:
    """At most ten thousand memories of a user on a plane."""
    # A map that is remembered is not read through the ports, which would ask.
    context.access.require_user(context.project, user_id)
    maps: MemoryMaps = request.app.state.memory_maps
    placed = await maps.of_user(context.ports.memories, context.project, user_id)
    points = [
        MapPoint(
            id=point.memory.id,
            x=point.x,
            y=point.y,
            kind=point.memory.kind.value,
            text=point.memory.text,
            at=point.memory.created_at,
        )
        for point in placed
    ]
    return answer(request, MemoryMap(points=points))


@router.get(
    "/tasks",
    summary="The latest tasks of the project",
    response_model=Envelope[list[Task]],
)
async def read_tasks(
    request: Request,
    context: Context,
    state: States = (),
    limit: Annotated[int, *counted(1, 1000), Query(description=_LIMIT)] = 100,
) -> Json:
    """Of all users and knowledge bases, the latest first."""
    return answer(request, await ask(context, "/latest", state=state, limit=limit))


@router.get(
    "/requests",
    summary="The latest requests",
    response_model=Envelope[list[RequestView]],
)
async def read_requests(
    request: Request,
    context: Context,
    limit: Annotated[int, *counted(1, MAX_REQUESTS), Query(description=_LIMIT)] = 200,
) -> Json:
    """Of this gateway process, since its start; the latest first."""
    logged = request.app.state.request_log.latest(context.project, limit)
    views = [
        RequestView(
            at=entry.at,
            method=entry.method,
            path=entry.path,
            status=entry.status,
            ms=entry.ms,
            key=entry.key,
        )
        for entry in logged
    ]
    return answer(request, views)


@router.get(
    "/models",
    summary="The latest calls of language models",
    response_model=Envelope[list[ModelCallView]],
)
async def read_model_calls(
    request: Request,
    context: Context,
    limit: Annotated[int, *counted(1, 200), Query(description=_LIMIT)] = 200,
) -> Json:
    """Of this project, by all processes, in the last seven days; without contents."""
    calls = await context.ports.model_usage.latest(context.project, limit)
    return answer(request, [model_call_view(call, context.settings) for call in calls])


@router.get(
    "/queues", summary="What waits for workers", response_model=Envelope[Backlogs]
)
async def read_queues(request: Request, context: Context) -> Json:
    """By lane and by project; others' projects for operators alone."""
    return answer(request, await backlogs(context))


@router.get(
    "/settings",
    summary="The settings in force",
    response_model=Envelope[list[Setting]],
)
async def read_settings(request: Request, context: Context) -> Json:
    """Without secrets."""
    return answer(request, settings_view(context.settings))


@router.get(
    "/knowledgebases",
    summary="The knowledge bases of the project",
    response_model=Envelope[list[KnowledgeBaseView]],
)
async def read_knowledge_bases(request: Request, context: Context) -> Json:
    """The oldest first."""
    bases = await context.ports.knowledge_bases.all(context.project)
    views = await asyncio.gather(*(view_of(context, base) for base in bases))
    return answer(request, list(views))


async def view_of(context: RequestContext, base: KnowledgeBase) -> Any:
    """A knowledge base with the number of its files by status."""
    files = await context.ports.knowledge_bases.files(
        context.project, knowledge_base=base.id
    )
    return KnowledgeBaseView(
        id=base.id,
        name=base.name,
        description=base.description,
        created_at=base.created_at,
        files=dict(Counter(file.status for file in files)),
    )
