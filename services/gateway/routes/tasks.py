"""tasks: accepted work, viewed, watched live, cancelled, replayed, undone. Souvenir's own,
beside get/status.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import StreamingResponse

from services.gateway.context.request_context import Context
from services.gateway.jobs.status_client import ask, job_path, stream
from services.gateway.jobs.undo_task import undo_task
from services.gateway.schemas.base import (
    EXAMPLE_ID,
    EXAMPLE_USER,
    MAX_ID,
    at_most,
    counted,
)
from services.gateway.schemas.undo import LeftAsItIs, UndoneTask
from services.http import Envelope, Json, TolerantRoute, answer
from services.http.event_stream import event_stream
from services.http.task_view import StateWord, Task, WholeTask
from shared.contract import Code
from shared.domain.scope import agent_user
from shared.errors import BadRequest

router = APIRouter(route_class=TolerantRoute, tags=["tasks"])

Id = Annotated[
    str,
    Path(description="The task_id that add/message answered.", examples=[EXAMPLE_ID]),
]
Limit = Annotated[
    int,
    *counted(1, 1000),
    Query(description="At most so many; more than 1000 count as 1000.", examples=[20]),
]
User = Annotated[
    str,
    at_most(MAX_ID, Code.USER_TOO_LONG),
    Query(description="Whose tasks.", examples=[EXAMPLE_USER]),
]
Agent = Annotated[
    str,
    at_most(MAX_ID, Code.USER_TOO_LONG),
    Query(description="Instead of a user: the agent whose own tasks are listed."),
]
States = Annotated[
    Sequence[StateWord],
    Query(
        description="Only tasks in this state; may be given several times.",
        examples=[["queued", "running"]],
    ),
]
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `progress` and `end`; the data of each is a task "
        "as `GET tasks/{id}` shows it.",
        "content": {
            "text/event-stream": {
                "example": "event: progress\n"
                'data: {"task_id": "...", "status": "running", "step": "parse"}\n\n'
            }
        },
    }
}


@router.get(
    "/tasks", summary="The latest tasks of a user", response_model=Envelope[list[Task]]
)
async def of_user(
    request: Request,
    context: Context,
    user_id: User = "",
    agent_id: Agent = "",
    state: States = (),
    limit: Limit = 100,
) -> Json:
    """With their progress, the latest first."""
    if not (user_id or agent_id):
        raise BadRequest("user_id: required field missing or empty", code=Code.MISSING)
    return answer(
        request,
        await ask(
            context,
            "/jobs",
            user=user_id or agent_user(agent_id),
            state=state,
            limit=limit,
        ),
    )


@router.get("/tasks/dead", summary="Dead letters", response_model=Envelope[list[Task]])
async def dead(request: Request, context: Context, limit: Limit = 100) -> Json:
    """Tasks of the whole project that ran out of tries, the latest first.
    `tasks/{id}/replay` tries one again.
    """
    return answer(request, await ask(context, "/dead", limit=limit))


@router.get(
    "/tasks/remarked",
    summary="Completed tasks with remarks",
    response_model=Envelope[list[Task]],
)
async def remarked(request: Request, context: Context, limit: Limit = 100) -> Json:
    """Tasks of the whole project that went less well than they could have, the latest
    first: a language model was away, say. `tasks/{id}/replay` reads one anew.
    """
    return answer(request, await ask(context, "/remarked", limit=limit))


@router.get(
    "/tasks/{task_id}", summary="All about a task", response_model=Envelope[WholeTask]
)
async def task(request: Request, context: Context, task_id: Id) -> Json:
    """Its state, its step, how far it is, its files, and what became of every memory
    that was found.
    """
    return answer(request, await ask(context, job_path(task_id)))


@router.get(
    "/tasks/{task_id}/events",
    summary="Watch a task",
    response_class=StreamingResponse,
    responses=_STREAM,
)
async def events(context: Context, task_id: Id) -> StreamingResponse:
    """Server-sent events: `progress` as it is now and at every change, `end` when it
    has ended; then the stream closes.

    A comment line comes every 15 s when nothing else does. A stream that closes without
    `end` was cut off: ask again.
    """
    await ask(context, job_path(task_id))  # while there can still be a refusal
    return event_stream(stream(context, job_path(task_id, "events")))


@router.post(
    "/tasks/{task_id}/cancel", summary="Call a task off", response_model=Envelope[Task]
)
async def cancel(request: Request, context: Context, task_id: Id) -> Json:
    """A waiting or running task stops at its next step. What it has stored by then
    stays, its raw turns go; one that has ended stays as it ended.

    It is then `cancelled` and, for get/status, `failed`.
    """
    return answer(
        request, await ask(context, job_path(task_id, "cancel"), method="POST")
    )


@router.post(
    "/tasks/{task_id}/replay", summary="Try a task again", response_model=Envelope[Task]
)
async def replay(request: Request, context: Context, task_id: Id) -> Json:
    """A failed task begins anew, a dead one goes on where it was, with all its tries. A
    completed one with remarks is read anew, and what it had stored is replaced. Any
    other is refused.
    """
    return answer(
        request, await ask(context, job_path(task_id, "replay"), method="POST")
    )


@router.post(
    "/tasks/{task_id}/undo", summary="Undo a task", response_model=Envelope[UndoneTask]
)
async def undo(request: Request, context: Context, task_id: Id) -> Json:
    """What the task added goes, what it archived or changed comes back; what was changed
    since stays, and is named. Within a day of its end (SOUVENIR_UNDO_HOURS); sent again
    it answers the same. The messages stay.
    """
    undo = await undo_task(context, task_id)
    done = UndoneTask(
        task_id=task_id,
        removed=list(undo.removed),
        restored=list(undo.restored),
        left=[
            LeftAsItIs(memory_id=left.memory, reason=left.reason) for left in undo.left
        ],
        undone_at=undo.done_at,
    )
    return answer(request, done)
