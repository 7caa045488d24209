"""Stores messages and memories that come from elsewhere as they are, under ids of their new
owner.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.gateway.context.request_context import RequestContext
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Kind, Memory, Status
from shared.domain.memory_detail import renamed
from shared.domain.message import Message
from shared.language.search_text import searched_text, searched_words

SIMILAR_MEMORIES = 3
"""Stored memories of the nearest meaning among which the same memory is looked for."""


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
        """The memory with its new id, and with the new ids of its messages and of the
        memories that it names.
        """
        origins = [
            replace(origin, message_ids=tuple(map(self.of, origin.message_ids)))
            for origin in memory.origins
        ]
        return replace(
            memory,
            id=self.of(memory.id),
            origins=tuple(dict.fromkeys(origins)),
            replaced=tuple(map(self.of, memory.replaced)),
            detail=renamed(memory.detail, self.of),
        )


def named_memories(memory: Memory) -> list[str]:
    """The ids of the other memories that a memory names."""
    named = list(memory.replaced)

    def noted(id: str) -> str:
        named.append(id)
        return id

    renamed(memory.detail, noted)
    return named


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
        for origin in memory.origins:
            message_ids += origin.message_ids
    memory_ids = [memory.id for memory in memories]
    for memory in memories:
        memory_ids += named_memories(memory)
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
    """The memories that their user, or their knowledge base, does not have word for word,
    with their vectors. Nothing is written over what has been changed since it was so.
    """
    ids = [memory.id for memory in memories]
    entries = await context.ports.memories.get(context.project, ids)
    stored = {memory.id: memory for memory in entries}
    memories = [m for m in memories if not _is_known(m, stored.get(m.id))]
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
        scope, base = embedded[0].memory.scope, embedded[0].memory.knowledge_base
        queries = [entry.dense for entry in embedded if entry.dense is not None]
        similar = await context.ports.memories.similar(
            scope, kind, queries, SIMILAR_MEMORIES, base
        )
        for entry, candidates in zip(embedded, similar, strict=True):
            content = _content(entry.memory)
            is_archived = entry.memory.status is Status.ARCHIVED
            if is_archived or all(
                _content(other.memory) != content for other in candidates
            ):
                unknown.append(entry)
    return unknown


def _is_known(memory: Memory, stored: Memory | None) -> bool:
    """Whether what is stored under the id of a memory is the same, or later than it."""
    return stored is not None and (
        says_the_same(memory, stored) or stored.updated_at >= memory.updated_at
    )


def says_the_same(memory: Memory, other: Memory) -> bool:
    """Whether two memories are the same one, and both hold or neither does."""
    return memory.status is other.status and _content(memory) == _content(other)


def _content(memory: Memory) -> tuple[object, ...]:
    """What makes two memories the same one: ids and times do not count."""
    return memory.text, memory.type, dict(memory.info), memory.scope, memory.public
