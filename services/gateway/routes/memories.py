"""get/memory, delete/memory, update/memory."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context
from services.gateway.memories.delete_memories import delete_memories
from services.gateway.memories.list_memories import memory_by_id, page_of_memories
from services.gateway.memories.restore_version import restore_version
from services.gateway.memories.update_memory import change_memory
from services.gateway.schemas.items import AnyItem
from services.gateway.schemas.memories import (
    DeleteMemory,
    Done,
    GetMemory,
    Page,
    RestoredMemory,
    RestoreMemory,
    UpdateMemory,
)
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["memories"])


@router.post(
    "/get/memory",
    summary="A page of an owner's memories",
    response_model=Envelope[Page],
)
async def get_memory(request: Request, body: GetMemory, context: Context) -> Json:
    """Every kind has its own pages of the same size; `pages` is the number of the kind
    that has the most.
    """
    return answer(request, await page_of_memories(context, body))


@router.get(
    "/get/memory/{memory_id}",
    summary="One memory, with where it was read",
    response_model=Envelope[AnyItem],
)
async def get_memory_by_id(request: Request, memory_id: str, context: Context) -> Json:
    """The memory as get/memory shows it."""
    return answer(request, await memory_by_id(context, memory_id))


@router.post("/delete/memory", summary="Delete memories", response_model=Envelope[Done])
async def delete_memory(request: Request, body: DeleteMemory, context: Context) -> Json:
    """Gone from every index before the answer. With `user_id` alone: all of that user,
    messages too.
    """
    context.remarks.extend(body.remarks())
    await delete_memories(context, body)
    for user in body.user_id:
        request.app.state.memory_maps.forget(context.project, user)
    return answer(request, Done(success=True, remarks=context.remarks or None))


@router.post("/update/memory", summary="Change a memory", response_model=Envelope[Done])
async def update_memory(request: Request, body: UpdateMemory, context: Context) -> Json:
    """Changes text, title or status; a changed text is found by its new words at once."""
    await change_memory(context, body)
    return answer(request, Done(success=True, remarks=context.remarks or None))


@router.post(
    "/restore/memory",
    summary="Restore a version of a memory",
    response_model=Envelope[RestoredMemory],
)
async def restore_memory(
    request: Request, body: RestoreMemory, context: Context
) -> Json:
    """What an entry of the memory's `history` said is current again; what was current
    takes its place in the history. Souvenir's own.
    """
    restored = await restore_version(context, body.memory_id, body.version_id)
    memory = restored.memory
    done = RestoredMemory(
        memory_id=memory.id,
        text=memory.text,
        archived_id=restored.archived,
        update_time=memory.updated_at,
    )
    return answer(request, done, remarks=body.remarks())
