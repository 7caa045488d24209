"""update/memory: new words, another title, another status (contract 1.11)."""

from __future__ import annotations

from dataclasses import replace

from services.gateway.desk import Desk
from services.gateway.schemas.memories import UpdateMemory
from services.gateway.times import now
from services.http.codes import UNKNOWN_MEMORY
from shared.domain.memory import Embedded, Memory, Status
from shared.errors import NotFound
from shared.language.searched import searched_text, searched_words


async def update(desk: Desk, order: UpdateMemory) -> None:
    """Change one memory. Raises `NotFound` 40307."""
    memory = next(iter(await desk.ports.memories.get(desk.project, [order.memory_id])), None)
    if memory is None:
        raise NotFound(f"no memory {order.memory_id}", code=UNKNOWN_MEMORY)
    if order.status == "deleted":
        await desk.ports.memories.delete(desk.project, [memory.id])
        return
    await desk.ports.memories.put([await _embedded(desk, _changed(memory, order))])


def _changed(memory: Memory, order: UpdateMemory) -> Memory:
    return replace(memory, text=order.content or memory.text, title=order.title or memory.title,
                   status=Status(order.status) if order.status else memory.status, updated_at=now(), fast=False)


async def _embedded(desk: Desk, memory: Memory) -> Embedded:
    (dense,) = await desk.ports.embedder.passages([searched_text(memory)])
    return Embedded(memory, searched_words(memory), dense)
