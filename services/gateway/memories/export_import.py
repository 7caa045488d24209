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
from services.gateway.memories.exported_records import (
    BASE,
    BASE_ID,
    Record,
    base_record,
    file_record,
    memory_record,
    message_record,
    read_record,
)
from services.gateway.memories.import_knowledge import import_knowledge
from services.gateway.memories.store_as_given import new_ids_of, store_as_given
from services.gateway.schemas.transfer import Export, Exported, Import, Imported
from shared.domain.memory import Kind, Memory, Status
from shared.domain.message import Message
from shared.errors import BadRequest
from shared.language.redaction import redacted_value

MESSAGES, SUPERSEDED = "message", "superseded-"
"""Parts of an export; the last is put before the name of a kind."""

MAX_OFFSET_DIGITS = 9


async def export_records(context: RequestContext, request: Export) -> Exported:
    """The next records. Raises `BadRequest` for an `after` that was never answered,
    `NotFound` 50120.
    """
    parts = parts_of(request)
    part, offset = read_position(request.after, parts)
    if part == BASE:
        records = await _base_records(context, request, offset)
    elif part == MESSAGES:
        messages = await context.ports.messages.page(
            context.project, request.user_id or "", offset, request.size
        )
        records = [message_record(message) for message in messages]
    else:
        is_superseded = part.startswith(SUPERSEDED)
        memories, _ = await context.ports.memories.page(
            context.project,
            None if request.knowledgebase_id else request.user_id,
            Kind(part.removeprefix(SUPERSEDED)),
            offset,
            request.size,
            status=Status.ARCHIVED if is_superseded else Status.ACTIVATED,
            expired=True,
            knowledge_base=request.knowledgebase_id,
        )
        records = [memory_record(memory) for memory in memories]
    next_part = parts.index(part) + 1
    if len(records) == request.size:
        after: str | None = f"{part}:{offset + request.size}"
    elif next_part < len(parts):
        after = f"{parts[next_part]}:0"
    else:
        after = None
    return Exported(records=records, after=after)


def parts_of(request: Export) -> list[str]:
    """The parts that an export comes in: the messages or the knowledge base itself, the
    memories of each kind, those that newer ones took the place of.
    """
    kinds = [kind.value for kind in Kind]
    superseded = [f"{SUPERSEDED}{kind}" for kind in kinds] if request.superseded else []
    return [BASE if request.knowledgebase_id else MESSAGES, *kinds, *superseded]


async def _base_records(
    context: RequestContext, request: Export, offset: int
) -> list[Record]:
    """A knowledge base, then its files."""
    base = await require_knowledge_base(context, request.knowledgebase_id)
    files = await context.ports.knowledge_bases.files(
        context.project, knowledge_base=base.id
    )
    records = [base_record(base), *map(file_record, files)]
    return records[offset : offset + request.size]


def read_position(after: str, parts: Sequence[str]) -> tuple[str, int]:
    """Part and offset of `after`, e.g. "fact:200"; '' is the beginning. Raises
    `BadRequest`.
    """
    if not after:
        return parts[0], 0
    part, _, offset = after.partition(":")
    is_number = offset.isascii() and offset.isdigit()
    if part not in parts or not is_number or len(offset) > MAX_OFFSET_DIGITS:
        raise BadRequest("after: not from an answer of export/memory")
    return part, int(offset)


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
