"""update/memory: new words, another title, another status (contract 1.11)."""

from __future__ import annotations

from dataclasses import replace

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.memories import UpdateMemory
from services.gateway.wire.wire_times import now
from shared.contract import UNKNOWN_MEMORY
from shared.domain.memory import Embedded, Memory, Status
from shared.errors import NotFound
from shared.language.search_text import searched_text, searched_words


async def update(context: RequestContext, request: UpdateMemory) -> None:
    """Change one memory. Raises `NotFound` 40307."""
    memory = next(
        iter(await context.ports.memories.get(context.project, [request.memory_id])),
        None,
    )
    if memory is None:
        raise NotFound(f"no memory {request.memory_id}", code=UNKNOWN_MEMORY)
    if request.status == "deleted":
        await context.ports.memories.delete(context.project, [memory.id])
        return
    await context.ports.memories.put(
        [await _embedded(context, _changed(memory, request))]
    )


def _changed(memory: Memory, request: UpdateMemory) -> Memory:
    return replace(
        memory,
        text=request.content or memory.text,
        title=request.title or memory.title,
        status=Status(request.status) if request.status else memory.status,
        updated_at=now(),
        fast=False,
    )


async def _embedded(context: RequestContext, memory: Memory) -> Embedded:
    (dense,) = await context.ports.embedder.passages([searched_text(memory)])
    return Embedded(memory, searched_words(memory), dense)
