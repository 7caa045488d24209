"""/product/delete_memory: answers "failure" instead of an error for what is not there."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from services.gateway.knowledge import knowledge_bases as knowledge_bases
from services.gateway.memories.delete_memories import delete
from services.gateway.schemas.memories import DeleteMemory
from services.gateway.schemas.product import ProductDelete
from shared.errors import Forbidden, NotFound


async def deleted(context: RequestContext, request: ProductDelete) -> bool:
    """Whether what was named was there and is gone now."""
    try:
        await _delete(context, request)
    except (NotFound, Forbidden):
        return False
    return True


async def _delete(context: RequestContext, request: ProductDelete) -> None:
    if request.file_ids:
        await knowledge_bases.remove_files(context, request.file_ids)
        return
    users = request.writable_cube_ids or ([request.user_id] if request.user_id else [])
    if request.memory_ids:
        await delete(
            context, DeleteMemory(memory_ids=request.memory_ids, user_id=users)
        )
        return
    session = {"conversation_id": request.session_id} if request.session_id else None
    conditions = [each for each in (request.filter, session) if each]
    await delete(
        context,
        DeleteMemory(user_id=users, filter={"and": conditions} if conditions else None),
    )
