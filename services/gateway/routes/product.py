"""The routes of the open-source server that are its own (contract, section 2). Success
is `code: 200`.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from pydantic import AfterValidator
from starlette.responses import StreamingResponse

from services.gateway.context.request_context import (
    Context,
    RequestContext,
    fingerprint,
)
from services.gateway.memories.delete_memories import user_exists
from services.gateway.product import add_to_cubes, scheduler_view
from services.gateway.product.delete_from_cubes import delete_from_cubes
from services.gateway.product.list_cubes import cube_graphs, list_cube, memories_by_id
from services.gateway.product.search_cubes import search_cubes
from services.gateway.product.suggest_questions import suggest_questions
from services.gateway.schemas.product import (
    Added,
    CubeExists,
    GetAll,
    ProductAdd,
    ProductDelete,
    ProductFeedback,
    ProductFound,
    ProductGet,
    ProductListed,
    ProductSearch,
    Suggestions,
)
from services.gateway.schemas.remarked import RemarkedRequest
from services.gateway.schemas.sent_numbers import Number
from services.http import Envelope, Json, ProductRoute, answer
from services.http.event_stream import event_stream

router = APIRouter(
    route_class=ProductRoute, prefix="/product", tags=["open-source server"]
)


def _remarked(
    request: Request,
    body: RemarkedRequest,
    context: RequestContext,
    data: object,
    message: str,
) -> Json:
    """An answer with what there is to say of the request, beside its data."""
    remarks = [*body.remarks(), *context.remarks]
    return answer(request, data, message, remarks=remarks)


_MOST_SECONDS = 600.0
Seconds = Annotated[
    Number,
    AfterValidator(lambda sent: min(sent, _MOST_SECONDS)),
    Query(ge=0, allow_inf_nan=False, description="At most 600; more count as 600."),
]


@router.post("/search", summary="Recall", response_model=Envelope[ProductFound])
async def search(request: Request, body: ProductSearch, context: Context) -> Json:
    """What each cube holds that bears on the query."""
    matches = await search_cubes(context, body)
    return _remarked(request, body, context, matches, "Search completed successfully")


@router.post("/add", summary="Remember", response_model=Envelope[list[Added]])
async def add(request: Request, body: ProductAdd, context: Context) -> Json:
    """Remember messages in cubes; answers with the memories."""
    added = await add_to_cubes.add(
        context, body, await fingerprint(request, context.project, "product add")
    )
    return _remarked(request, body, context, added, "Memory added successfully")


@router.post(
    "/get_memory",
    summary="A cube's memories",
    response_model=Envelope[ProductListed],
)
async def get_memory(request: Request, body: ProductGet, context: Context) -> Json:
    """All of them, or a page."""
    listed = await list_cube(context, body)
    return _remarked(request, body, context, listed, "Memories retrieved successfully")


@router.get(
    "/get_memory/{memory_id}",
    summary="One memory",
    response_model=Envelope[dict[str, Any] | None],
)
async def get_memory_by_id(request: Request, memory_id: str, context: Context) -> Json:
    """null where there is none."""
    memories = await memories_by_id(context, [memory_id])
    memory = memories[0] if memories else None
    return answer(request, memory, "Memory retrieved successfully")


@router.post(
    "/get_memory_by_ids",
    summary="Memories by their ids",
    response_model=Envelope[dict[str, list[Any]]],
)
async def get_memory_by_ids(
    request: Request, context: Context, ids: Annotated[list[str], Body(max_length=1000)]
) -> Json:
    """Those that there are."""
    data = {"memories": await memories_by_id(context, ids)}
    message = "Memories retrieved successfully"
    return answer(request, data, message, remarks=context.remarks)


@router.post(
    "/get_all",
    summary="Everything in some cubes",
    response_model=Envelope[list[dict[str, Any]]],
)
async def get_all(request: Request, body: GetAll, context: Context) -> Json:
    """As a playground shows it."""
    graphs = await cube_graphs(context, body)
    return _remarked(request, body, context, graphs, "Memories retrieved successfully")


@router.post(
    "/delete_memory", summary="Forget", response_model=Envelope[dict[str, str]]
)
async def delete_memory(
    request: Request, body: ProductDelete, context: Context
) -> Json:
    """`status` is "failure" when it was not there."""
    is_done = await delete_from_cubes(context, body)
    status = {"status": "success" if is_done else "failure"}
    message = "Memories deleted successfully" if is_done else "Nothing was deleted"
    return _remarked(request, body, context, status, message)


@router.post(
    "/feedback",
    summary="Correct",
    response_model=Envelope[list[dict[str, str]]],
)
async def feedback(request: Request, body: ProductFeedback, context: Context) -> Json:
    """Changes memories by what a user says."""
    jobs = await add_to_cubes.feedback(
        context, body, await fingerprint(request, context.project, "product feedback")
    )
    tasks = [
        {"task_id": job.id, "status": scheduler_view.STATES[job.state]} for job in jobs
    ]
    return _remarked(request, body, context, tasks, "Memory feedback successfully")


@router.post(
    "/suggestions",
    summary="What might be asked next",
    response_model=Envelope[dict[str, list[str]]],
)
async def suggestions(request: Request, body: Suggestions, context: Context) -> Json:
    """Questions about what was remembered last."""
    cube = body.mem_cube_id or body.user_id
    questions = await suggest_questions(context, cube, body.language)
    data, message = {"query": questions}, "Suggestions retrieved successfully"
    return _remarked(request, body, context, data, message)


@router.post(
    "/exist_mem_cube_id",
    summary="Is there such a cube?",
    response_model=Envelope[dict[str, bool]],
)
async def exist_mem_cube_id(
    request: Request, body: CubeExists, context: Context
) -> Json:
    """A cube is there once something was added to it."""
    exists = {body.mem_cube_id: await user_exists(context, body.mem_cube_id)}
    message = "Successfully checked if mem cube id exists"
    return _remarked(request, body, context, exists, message)


@router.get(
    "/scheduler/status",
    summary="How tasks stand",
    response_model=Envelope[list[dict[str, str]]],
)
async def scheduler_status(
    request: Request, user_id: str, context: Context, task_id: str = ""
) -> Json:
    """One task, or the latest of a user."""
    return answer(
        request,
        await scheduler_view.statuses(context, user_id, task_id),
        "Memory get status successfully",
    )


@router.get(
    "/scheduler/task_queue_status",
    summary="How many tasks are where",
    response_model=Envelope[dict[str, Any]],
)
async def task_queue_status(request: Request, user_id: str, context: Context) -> Json:
    """Counters of one user."""
    counts = await scheduler_view.summary(context, user_id)
    return answer(
        request,
        {
            "user_name": user_id,
            "scheduler_summary": counts,
            "all_tasks_summary": counts,
        },
        "Task queue status retrieved",
    )


@router.get(
    "/scheduler/allstatus",
    summary="How many tasks are unfinished",
    response_model=Envelope[dict[str, Any]],
)
async def allstatus(request: Request, context: Context) -> Json:
    """Counters of the whole project; tasks that ended well are not counted."""
    counts = await scheduler_view.unfinished_summary(context)
    return answer(
        request,
        {"scheduler_summary": counts, "all_tasks_summary": counts},
        "Memory get status summary successfully",
    )


@router.post(
    "/scheduler/wait",
    summary="Wait until no task is unfinished",
    response_model=dict[str, Any],
)
async def wait(
    user_name: str, context: Context, timeout_seconds: Seconds = 120.0
) -> Json:
    """`message` is "idle", or "timeout" when something still is."""
    return Json(
        {"code": 200}
        | await scheduler_view.wait_until_idle(context, user_name, timeout_seconds)
    )


@router.get(
    "/scheduler/wait/stream",
    summary="Wait until no task is unfinished, as events",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {}},
            "description": "One event for each task that ends",
        }
    },
)
async def wait_stream(
    user_name: str, context: Context, timeout_seconds: Seconds = 120.0
) -> StreamingResponse:
    """The last event's `status` is "idle" or "timeout"."""
    # While there can still be a refusal.
    context.access.require_user(context.project, user_name)
    return event_stream(
        scheduler_view.events_until_idle(context, user_name, timeout_seconds)
    )
