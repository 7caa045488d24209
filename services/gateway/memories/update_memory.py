"""update/memory: new words, another title, another status (contract 1.11)."""

from __future__ import annotations

from dataclasses import replace

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.memories import UpdateMemory
from services.gateway.wire.wire_times import now
from shared.contract import Code
from shared.domain.memory import Embedded, Status
from shared.domain.memory_detail import NOTES_OF_MODEL
from shared.errors import NotFound
from shared.language.redaction import redacted
from shared.language.renewed_phrases import renewed_tags, renewed_title
from shared.language.search_text import searched_text, searched_words


async def change_memory(context: RequestContext, request: UpdateMemory) -> None:
    """Change one memory. Raises `NotFound` 40307."""
    project, ports = context.project, context.ports
    memories = await ports.memories.get(project, [request.memory_id])
    if not memories:
        raise NotFound(f"no memory {request.memory_id}", code=Code.UNKNOWN_MEMORY)
    memory = memories[0]
    if request.status == "deleted":
        await ports.memories.delete(project, [memory.id])
        return
    content, _ = redacted(request.content, context.settings.redact)
    text = content or memory.text
    if text != memory.text:  # what a model has noted was of the other words
        detail = {k: v for k, v in memory.detail.items() if k not in NOTES_OF_MODEL}
        memory = replace(memory, detail=detail)
    changed = replace(
        memory,
        text=text,
        title=redacted(request.title, context.settings.redact)[0]
        or renewed_title(memory, memory.title, text),
        tags=renewed_tags(memory, memory.tags, text),
        status=Status(request.status) if request.status else memory.status,
        updated_at=now(),
        fast=False,
    )
    (dense,) = await ports.embedder.passages([searched_text(changed)])
    await ports.memories.put([Embedded(changed, searched_words(changed), dense)])
