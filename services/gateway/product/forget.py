"""/product/delete_memory: answers "failure" instead of an error for what is not there."""

from __future__ import annotations

from services.gateway import shelves
from services.gateway.desk import Desk
from services.gateway.forgetting import delete
from services.gateway.schemas.memories import DeleteMemory
from services.gateway.schemas.product import ProductDelete
from shared.errors import Forbidden, NotFound


async def deleted(desk: Desk, order: ProductDelete) -> bool:
    """Whether what was named was there and is gone now."""
    try:
        await _delete(desk, order)
    except (NotFound, Forbidden):
        return False
    return True


async def _delete(desk: Desk, order: ProductDelete) -> None:
    if order.file_ids:
        await shelves.remove_files(desk, order.file_ids)
        return
    users = order.writable_cube_ids or ([order.user_id] if order.user_id else [])
    if order.memory_ids:
        await delete(desk, DeleteMemory(memory_ids=order.memory_ids, user_id=users))
        return
    session = {"conversation_id": order.session_id} if order.session_id else None
    conditions = [each for each in (order.filter, session) if each]
    await delete(desk, DeleteMemory(user_id=users, filter={"and": conditions} if conditions else None))
