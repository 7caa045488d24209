"""Everything of a user as records, and back: a user moves to another server, or another
user, and nothing is extracted anew.

An imported record keeps its id only where that id is this user's already; else its id
is computed from the old one and the new owner. So no other user's memories are overwritten,
importing twice is importing once, and memories still name the messages that they were
read from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.gateway.context.request_context import RequestContext
from services.gateway.context.storage_quota import require_room
from services.gateway.memories.exported_records import (
    memory_record,
    message_record,
    read_record,
)
from services.gateway.schemas.transfer import Export, Exported, Import, Imported
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Kind, Memory, message_ids_of
from shared.domain.message import Message
from shared.errors import BadRequest
from shared.language.redaction import redacted_value
from shared.language.search_text import searched_text, searched_words

MESSAGES = "message"
PARTS = (MESSAGES, *(kind.value for kind in Kind))
"""An export comes part after part: the messages, then the memories of each kind."""

MAX_OFFSET_DIGITS = 9

SIMILAR_MEMORIES = 3
"""Stored memories of the nearest meaning among which the same memory is looked for."""


async def export_records(context: RequestContext, request: Export) -> Exported:
    """The next records. Raises `BadRequest` for an `after` that was never answered."""
    part, offset = read_position(request.after)
    ports, project, user = context.ports, context.project, request.user_id
    if part == MESSAGES:
        messages = await ports.messages.page(project, user, offset, request.size)
        records = [message_record(message) for message in messages]
    else:
        kind = Kind(part)
        memories, _ = await ports.memories.page(
            project, user, kind, offset, request.size, expired=True
        )
        records = [memory_record(memory) for memory in memories]
    next_part = PARTS.index(part) + 1
    if len(records) == request.size:
        after: str | None = f"{part}:{offset + request.size}"
    elif next_part < len(PARTS):
        after = f"{PARTS[next_part]}:0"
    else:
        after = None
    return Exported(records=records, after=after)


def read_position(after: str) -> tuple[str, int]:
    """Part and offset of `after`, e.g. "fact:200"; '' is the beginning. Raises
    `BadRequest`.
    """
    if not after:
        return MESSAGES, 0
    part, _, offset = after.partition(":")
    is_number = offset.isascii() and offset.isdigit()
    if part not in PARTS or not is_number or len(offset) > MAX_OFFSET_DIGITS:
        raise BadRequest("after: not from an answer of export/memory")
    return part, int(offset)


async def import_records(context: RequestContext, request: Import) -> Imported:
    """Store records under a user. Raises `BadRequest` naming the first that cannot be
    read, `Forbidden` where the quota is used up; nothing is written then.
    """
    messages: list[Message] = []
    memories: list[Memory] = []
    for number, record in enumerate(request.records):
        record, _ = redacted_value(record, context.settings.redact)
        entry = read_record(record, number, context.project, request.user_id)
        if isinstance(entry, Message):
            messages.append(entry)
        else:
            memories.append(entry)
    texts = sum(len(message.text.encode()) for message in messages)
    await require_room(context, texts, memories=len(memories))
    new_ids = await new_ids_of(context, request.user_id, messages, memories)
    new_messages, new_memories = await store_as_given(
        context,
        [replace(message, id=new_ids.of(message.id)) for message in messages],
        [new_ids.applied_to(memory) for memory in memories],
    )
    return Imported(
        messages=len(new_messages),
        memories=len(new_memories),
        known=len(request.records) - len(new_messages) - len(new_memories),
    )


async def store_as_given(
    context: RequestContext, messages: Sequence[Message], memories: Sequence[Memory]
) -> tuple[list[Message], list[Memory]]:
    """Store messages, then memories, without extracting anything; answers with those
    that were not known word for word.
    """
    new_messages = await unknown_messages(context, messages)
    await context.ports.messages.put(new_messages)
    distinct = {memory.id: memory for memory in memories}
    new_memories = await unknown_memories(context, list(distinct.values()))
    await context.ports.memories.put(new_memories)
    return new_messages, [embedded.memory for embedded in new_memories]


async def users(context: RequestContext) -> list[str]:
    """All users of the project who have a message or a memory, in alphabetical order."""
    of_messages, of_memories = await asyncio.gather(
        context.ports.messages.users(context.project),
        context.ports.memories.users(context.project),
    )
    return sorted({*of_messages, *of_memories})


@dataclass(frozen=True, slots=True)
class NewIds:
    """The ids that imported records get."""

    project: str
    user: str

    own: frozenset[str]
    """Ids that are this user's already; they stay."""

    def of(self, old_id: str) -> str:
        """The new id of a message or a memory."""
        if old_id in self.own:
            return old_id
        return computed_id("import", self.project, self.user, old_id)

    def applied_to(self, memory: Memory) -> Memory:
        """The memory with its new id, and with the new ids of its messages."""
        origins = [
            replace(origin, message_ids=tuple(map(self.of, origin.message_ids)))
            for origin in memory.origins
        ]
        unique_origins = tuple(dict.fromkeys(origins))
        return replace(memory, id=self.of(memory.id), origins=unique_origins)


async def new_ids_of(
    context: RequestContext,
    user: str,
    messages: Sequence[Message],
    memories: Sequence[Memory],
) -> NewIds:
    """Looks up which ids of the records, and of the messages that they name, are this
    user's already.
    """
    message_ids = [message.id for message in messages]
    for memory in memories:
        message_ids += message_ids_of(memory.origins)
    memory_ids = [memory.id for memory in memories]
    stored_messages, stored_memories = await asyncio.gather(
        context.ports.messages.get(context.project, message_ids),
        context.ports.memories.get(context.project, memory_ids),
    )
    stored: tuple[Message | Memory, ...] = (*stored_messages, *stored_memories)
    own = frozenset(entry.id for entry in stored if entry.scope.user == user)
    return NewIds(context.project, user, own)


async def unknown_messages(
    context: RequestContext, messages: Sequence[Message]
) -> list[Message]:
    """The messages that are not stored yet."""
    ids = [message.id for message in messages]
    stored = await context.ports.messages.get(context.project, ids)
    stored_ids = {message.id for message in stored}
    return [message for message in messages if message.id not in stored_ids]


async def unknown_memories(
    context: RequestContext, memories: Sequence[Memory]
) -> list[Embedded]:
    """The memories that the user does not have word for word, with their vectors."""
    if not memories:
        return []
    texts = [searched_text(memory) for memory in memories]
    vectors = await context.ports.embedder.passages(texts)
    unknown = []
    for kind in Kind:
        embedded = [
            Embedded(memory, searched_words(memory), dense)
            for memory, dense in zip(memories, vectors, strict=True)
            if memory.kind is kind
        ]
        if not embedded:
            continue
        scope = embedded[0].memory.scope
        queries = [entry.dense for entry in embedded if entry.dense is not None]
        similar = await context.ports.memories.similar(
            scope, kind, queries, SIMILAR_MEMORIES
        )
        for entry, candidates in zip(embedded, similar, strict=True):
            content = _content(entry.memory)
            if all(_content(other.memory) != content for other in candidates):
                unknown.append(entry)
    return unknown


def _content(memory: Memory) -> tuple[object, ...]:
    """What makes two memories the same one: ids and times do not count."""
    return memory.text, memory.type, dict(memory.info), memory.scope, memory.public
