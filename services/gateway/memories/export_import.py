"""Everything of a user as records, and back: a user moves to another server, or another
user, and nothing is extracted anew.

An imported record keeps its id only where that id is this user's already; else its id
is computed from the old one and the new owner. So no other user's memories are overwritten,
importing twice is importing once, what was changed since an export stays as it is now, and
memories still name the messages that they were
read from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from services.gateway.context.checks import require_knowledge_base
from services.gateway.context.request_context import RequestContext
from services.gateway.context.storage_quota import require_room
from services.gateway.memories.export_position import Position, read_position
from services.gateway.memories.exported_records import (
    BASE,
    BASE_ID,
    Exportable,
    Record,
    as_record,
    read_record,
)
from services.gateway.memories.import_knowledge import import_knowledge
from services.gateway.memories.store_as_given import new_ids_of, store_as_given
from services.gateway.schemas.transfer import Export, Exported, Import, Imported
from shared.domain.memory import Kind, Memory, Status
from shared.domain.memory_list import MemoryList
from shared.domain.message import Message
from shared.language.redaction import redacted_value

MESSAGES, SUPERSEDED = "message", "superseded-"
"""Parts of an export; the last is put before the name of a kind."""


async def export_records(context: RequestContext, request: Export) -> Exported:
    """The next records. Raises `BadRequest` for an `after` that was never answered,
    `NotFound` 50120.
    """
    parts = parts_of(request)
    position = read_position(request.after, parts)
    stored = await _part_records(context, request, position)
    next_part = parts.index(position.part) + 1
    after: str | None = None
    if len(stored) == request.size:
        after = position.behind(stored[-1], request.size)
    elif next_part < len(parts):
        after = f"{parts[next_part]}:0"
    return Exported(records=list(map(as_record, stored)), after=after)


def parts_of(request: Export) -> list[str]:
    """The parts that an export comes in: the messages or the knowledge base itself, the
    memories of each kind, those that newer ones took the place of.
    """
    kinds = [kind.value for kind in Kind]
    superseded = [f"{SUPERSEDED}{kind}" for kind in kinds] if request.superseded else []
    return [BASE if request.knowledgebase_id else MESSAGES, *kinds, *superseded]


async def _part_records(
    context: RequestContext, request: Export, position: Position
) -> Sequence[Exportable]:
    """The next of one part, at most as many as are asked for."""
    project, size, part = context.project, request.size, position.part
    if part == BASE:
        return await _base_records(context, request, position)
    if part == MESSAGES:
        messages, user = context.ports.messages, request.user_id or ""
        if position.offset:
            return await messages.page(project, user, position.offset, size)
        return await messages.following(project, user, position.cursor, size)
    memories = context.ports.memories
    status = Status.ARCHIVED if part.startswith(SUPERSEDED) else Status.ACTIVATED
    kind, base = Kind(part.removeprefix(SUPERSEDED)), request.knowledgebase_id
    owner = None if base else request.user_id
    if not position.offset:
        wanted = MemoryList(
            project, owner, kind, status=status, expired=True, knowledge_base=base
        )
        return await memories.following(wanted, position.cursor, size)
    page, _ = await memories.page(
        project,
        owner,
        kind,
        position.offset,
        size,
        status=status,
        expired=True,
        knowledge_base=base,
    )
    return page


async def _base_records(
    context: RequestContext, request: Export, position: Position
) -> Sequence[Exportable]:
    """A knowledge base, then its files, the oldest first."""
    base = await require_knowledge_base(context, request.knowledgebase_id)
    files = await context.ports.knowledge_bases.files(
        context.project, knowledge_base=base.id
    )
    cursor = position.cursor
    if cursor is None:
        entries: list[Exportable] = [base, *files]
        return entries[position.offset :][: request.size]
    last = (cursor.at, cursor.id)
    if cursor.id == base.id:
        last = (-1, "")
    return [f for f in files if (f.created_at, f.id) > last][: request.size]


async def import_records(context: RequestContext, request: Import) -> Imported:
    """Store records under a user. Raises `BadRequest` naming the first that cannot be
    read, `Forbidden` where the quota is used up; nothing is written then.
    """
    messages: list[Message] = []
    memories: list[Memory] = []
    of_bases: list[tuple[int, Record]] = []
    for number, record in enumerate(request.records):
        record, _ = redacted_value(record, context.settings.redact)
        if record.get(BASE_ID):
            of_bases.append((number, record))
            continue
        entry = read_record(record, number, context.project, request.user_id)
        if isinstance(entry, Message):
            messages.append(entry)
        else:
            memories.append(entry)
    texts = sum(len(message.text.encode()) for message in messages)
    await require_room(context, texts, memories=len(memories) + len(of_bases))
    in_bases = await import_knowledge(context, of_bases)
    new_ids = await new_ids_of(context, request.user_id, messages, memories)
    new_messages, new_memories = await store_as_given(
        context,
        [replace(message, id=new_ids.of(message.id)) for message in messages],
        [new_ids.applied_to(memory) for memory in memories],
    )
    of_memories = len(new_memories) + in_bases
    return Imported(
        messages=len(new_messages),
        memories=of_memories,
        known=len(request.records) - len(new_messages) - of_memories,
    )


async def users(context: RequestContext) -> list[str]:
    """All users of the project who have a message or a memory, in alphabetical order."""
    of_messages, of_memories = await asyncio.gather(
        context.ports.messages.users(context.project),
        context.ports.memories.users(context.project),
    )
    return sorted({*of_messages, *of_memories})
