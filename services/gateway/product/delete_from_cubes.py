"""/product/delete_memory: answers "failure", not an error, for what does not exist."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from services.gateway.knowledge.delete_files import delete_files
from services.gateway.memories.delete_memories import delete_memories
from services.gateway.schemas.memories import DeleteMemory
from services.gateway.schemas.product import ProductDelete
from shared.errors import Forbidden, NotFound


async def delete_from_cubes(context: RequestContext, request: ProductDelete) -> bool:
    """Whether all that the request names existed and is deleted now; not where its filter
    describes nothing, which is remarked.
    """
    try:
        if request.file_ids:
            await delete_files(context, request.file_ids)
            return True
        return await delete_memories(context, as_delete_memory(request))
    except (NotFound, Forbidden):
        return False


def as_delete_memory(request: ProductDelete) -> DeleteMemory:
    """The same request in the Cloud's dialect: a cube is a user, a session a
    conversation.
    """
    users = request.writable_cube_ids
    if not users and request.user_id:
        users = [request.user_id]
    if request.memory_ids:
        return DeleteMemory(memory_ids=request.memory_ids, user_id=users)
    conditions: list[object] = []
    if request.filter is not None:
        conditions.append(request.filter)
    if request.session_id:
        conditions.append({"conversation_id": request.session_id})
    named = {"user_id": users} if users else {}
    described = {"filter": {"and": conditions}} if conditions else {}
    return DeleteMemory.model_validate(named | described)
