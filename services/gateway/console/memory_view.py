"""One memory with all that is known of it: archived ones too, the job that made it, the
messages and pages it was read from, and what changed it since.
"""

from __future__ import annotations

from typing import cast

from services.gateway.console.passages import passages_around
from services.gateway.context.request_context import RequestContext
from services.gateway.memories.list_memories import listed_item, provenance_of
from services.gateway.memories.newer_memories import newer_memories
from services.gateway.schemas.console import Change, SourceMessage, WholeMemory
from services.gateway.schemas.items import AnyItem
from services.gateway.wire.presenters import original_message
from shared.contract import Code
from shared.domain.memory import Memory, message_ids_of
from shared.domain.memory_detail import CHANGES
from shared.errors import NotFound

NEIGHBOURS = 12
"""The latest messages of its conversation, up to those that a memory was read from, that
are given beside these.
"""


async def whole_memory(context: RequestContext, memory_id: str) -> WholeMemory:
    """Raises `NotFound` 40001."""
    memories = await context.ports.memories.get(context.project, [memory_id])
    if not memories:
        raise NotFound(f"no memory {memory_id}", code=Code.NOT_THERE)
    memory = memories[0]
    provenance = await provenance_of(context, [memory])
    return WholeMemory(
        memory=cast(AnyItem, listed_item(memory, provenance)),
        kind=memory.kind.value,
        text=memory.text,
        user_id=memory.scope.user,
        agent_id=memory.scope.agent,
        knowledgebase_id=memory.knowledge_base,
        speaker=memory.speaker,
        happened_at=memory.happened_at or None,
        said_at=memory.said_at or None,
        task_id=memory.job or None,
        fast=memory.fast,
        public=memory.public,
        messages=await source_messages(context, memory),
        pages=pages_of(memory),
        passages=await passages_around(context, memory),
        changes=await changes_of(context, memory),
    )


async def source_messages(
    context: RequestContext, memory: Memory
) -> list[SourceMessage]:
    """The messages that a memory was read from, each marked, among the latest that had
    arrived in their conversation by then.
    """
    ids = message_ids_of(memory.origins)
    own = await context.ports.messages.get(context.project, ids) if ids else []
    if not own:
        return []
    last = max(message.arrived_at for message in own)
    around = await context.ports.messages.latest(
        context.project,
        own[0].scope.user,
        own[0].scope.conversation,
        NEIGHBOURS,
        before=last + 1,
    )
    by_id = {message.id: message for message in (*around, *own)}
    ordered = sorted(
        by_id.values(), key=lambda message: (message.arrived_at, message.position)
    )
    return [
        SourceMessage(
            id=message.id,
            role=message.role,
            text=message.text,
            at=message.arrived_at,
            marked=message.id in ids,
            message=original_message(message),
        )
        for message in ordered
    ]


def pages_of(memory: Memory) -> list[dict[str, object]]:
    """Files and pages (from 1; 0 without pages) that a memory was read from."""
    return [
        {"file": origin.file, "page": origin.page}
        for origin in memory.origins
        if origin.file
    ]


async def changes_of(context: RequestContext, memory: Memory) -> list[Change]:
    """What newer memories say of it, in the order in which it was found out."""
    newer = await newer_memories([memory], context.project, context.ports.memories)
    return [
        Change(
            memory_id=change["by"],
            text=newer[change["by"]].text,
            said_at=change.get("said_at") or None,
            start=change.get("start", 0),
            end=change.get("end", len(memory.text)),
        )
        for change in memory.detail.get(CHANGES, ())
        if change["by"] in newer
    ]
