"""update/memory: new words, another title, another status, another expiry (contract
1.11). What a memory said before stays in its history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.fast_memories import FAST, settled
from services.gateway.memories.delete_memories import delete_memories
from services.gateway.memories.owner_hold import hold_owner, lease_of
from services.gateway.memories.read_the_rest import read_the_rest
from services.gateway.memories.versions import on_its_own, version_of
from services.gateway.schemas.memories import DeleteMemory, UpdateMemory
from services.gateway.wire.expiry_remarks import past_expiry
from services.gateway.wire.wire_times import now
from shared.contract import Code
from shared.domain.memory import Embedded, LastChange, Memory, Status
from shared.domain.memory_detail import (
    LIKELY_CHANGES,
    NOTES_OF_MODEL,
    SKILL_VALUE,
    UNTIL,
)
from shared.domain.searched_text import Searched
from shared.domain.validity import back_from, period_of, superseded
from shared.errors import NotFound
from shared.language.redaction import redacted
from shared.language.renewed_phrases import renewed_day, renewed_tags, renewed_title
from shared.language.search_text import searched_text, searched_words
from shared.memory_change import BY_HAND

DELETED = "deleted"
"""The status of the wire that is none: the memory goes."""


@dataclass(frozen=True, slots=True)
class MemoryChange:
    """What is to be different about a memory; None leaves it as it is."""

    text: str | None = None
    title: str | None = None
    status: Status | None = None
    info: Mapping[str, Any] | None = None
    said_at: int | None = None
    """Epoch milliseconds, as the next."""
    expires_at: int | None = None


async def change_memory(context: RequestContext, request: UpdateMemory) -> None:
    """Change one memory, or delete it. Raises `NotFound` 40307. A past expiration date and
    fields that there are not are remarked.
    """
    context.remarks.extend(request.remarks())
    if request.status == DELETED:
        context.remarks.extend(_not_changed(request))
        await delete_memories(context, DeleteMemory(memory_ids=[request.memory_id]))
        return
    memory = await stored_memory(context, request.memory_id)
    change = MemoryChange(
        text=request.content or None,
        title=request.title or None,
        status=Status(request.status) if request.status else None,
        expires_at=request.expires_at,
    )
    await apply_change(context, memory, change)
    context.remarks.extend(
        past_expiry(request.expiration_date, change.expires_at, "it")
    )


def _not_changed(request: UpdateMemory) -> list[str]:
    """A remark for each change of a memory that is deleted by the same request."""
    asked = {
        "content": request.content,
        "title": request.title,
        "expiration_date": request.expiration_date,
    }
    return [f"{name}: not changed, it is deleted" for name, v in asked.items() if v]


async def stored_memory(context: RequestContext, memory_id: str) -> Memory:
    """A memory of any status. Raises `NotFound` 40307."""
    memories = await context.ports.memories.get(context.project, [memory_id])
    if not memories:
        raise NotFound(f"no memory {memory_id}", code=Code.UNKNOWN_MEMORY)
    return memories[0]


async def apply_change(
    context: RequestContext, memory: Memory, change: MemoryChange
) -> Memory:
    """The memory as it is from now on; it is found by its new words at once. What a
    worker or another request has done to it meanwhile stays. Raises `NotFound` 40307
    where it is deleted or forgotten meanwhile, `Unavailable`.
    """
    at = now()
    change = _without_secrets(context, change)
    # An embedder takes its time: nobody is held up by it, unless the words were changed.
    vectors = await _vectors(context, _changed(memory, change, at), {})
    async with hold_owner(context.ports.leases, lease_of(memory)) as held:
        memory = await _still_known(context, memory)
        written = _changed(memory, change, at)
        vectors = await _vectors(context, written, vectors)
        await held.renew()
        await _put(context, written, vectors)
        if FAST in memory.tags:  # until nobody reads it any more: a change sent again
            await read_the_rest(context, memory)
            written = [settled(entry) for entry in written]
            await _put(context, written, vectors)
    return written[0]


async def _put(
    context: RequestContext,
    memories: Sequence[Memory],
    vectors: Mapping[Searched, tuple[float, ...]],
) -> None:
    await context.ports.memories.put(
        [
            Embedded(entry, searched_words(entry), vectors[searched_text(entry)])
            for entry in memories
        ]
    )


async def _still_known(context: RequestContext, memory: Memory) -> Memory:
    """The memory as it is stored now: no change brings back what somebody wanted gone
    after it was asked for.
    """
    stored = await stored_memory(context, memory.id)
    if stored.status is Status.FORGOTTEN and memory.status is not Status.FORGOTTEN:
        raise NotFound(f"no memory {memory.id}", code=Code.UNKNOWN_MEMORY)
    return stored


async def _vectors(
    context: RequestContext,
    memories: Sequence[Memory],
    made: Mapping[Searched, tuple[float, ...]],
) -> dict[Searched, tuple[float, ...]]:
    """The vectors of memories by what is searched of them, beside those that were made."""
    texts = [text for text in map(searched_text, memories) if text not in made]
    vectors = await context.ports.embedder.passages(texts) if texts else []
    return {**made, **dict(zip(texts, vectors, strict=True))}


def _changed(memory: Memory, change: MemoryChange, at: int) -> list[Memory]:
    """The memory with the change, and what it said before where the words are others."""
    changed = replace(
        with_text(memory, change, at),
        updated_at=at,
        fast=False,
        last_change=LastChange(BY_HAND),
    )
    changed = _ended_as_before(memory, changed)
    if change.status is not None:
        changed = _with_status(memory, changed, change.status, at)
    if change.info is not None:
        changed = replace(changed, info=change.info)
    if change.said_at is not None:
        changed = _said_at(changed, change.said_at)
    if change.expires_at is not None:
        changed = replace(changed, expires_at=change.expires_at)
    if changed.text == memory.text:
        return [changed]
    since = change.said_at or at
    earlier = version_of(memory, since)
    history = (earlier.id, *memory.replaced)
    return [replace(changed, replaced=history, valid_from=since, lapses=()), earlier]


def _ended_as_before(memory: Memory, changed: Memory) -> Memory:
    """What is no more recalled holds no longer for being changed, and what is forgotten
    is deleted no later, unless it says something else now.
    """
    if memory.status is Status.ARCHIVED:
        return replace(changed, valid_until=period_of(memory).until)
    if memory.status is Status.FORGOTTEN and changed.text == memory.text:
        return replace(changed, updated_at=memory.updated_at)
    return changed


def _with_status(memory: Memory, changed: Memory, status: Status, at: int) -> Memory:
    """With another status: what is archived by hand holds from then on no more."""
    changed = replace(changed, status=status, updated_at=at)
    if status is memory.status:
        return changed
    if status is Status.ARCHIVED:
        return superseded(changed, at)
    back = back_from(memory, at)
    return replace(on_its_own(changed), lapses=back.lapses, valid_until=0)


def _said_at(memory: Memory, at: int) -> Memory:
    """Said at another moment: what tells of the moment at which it was said goes along."""
    is_of_then = memory.happened_at == memory.said_at
    return replace(
        memory, said_at=at, happened_at=at if is_of_then else memory.happened_at
    )


def _without_secrets(context: RequestContext, change: MemoryChange) -> MemoryChange:
    kinds = context.settings.redact
    text, title = (
        words and redacted(words, kinds)[0] for words in (change.text, change.title)
    )
    return replace(change, text=text, title=title)


def with_text(memory: Memory, change: MemoryChange, at: int) -> Memory:
    """The memory with its new words, and with the title, the tags and the day that go
    with them.
    """
    if SKILL_VALUE in memory.detail:
        return _reworded_skill(memory, change)
    text = memory.text if change.text is None else change.text
    if text == memory.text:
        return replace(memory, title=change.title or memory.title)
    happened_at = renewed_day(memory, text, change.said_at or at)
    # What a model has found was of the other words.
    void = [*NOTES_OF_MODEL, LIKELY_CHANGES]
    void += [UNTIL] if happened_at != memory.happened_at else []
    detail = {k: v for k, v in memory.detail.items() if k not in void}
    return replace(
        memory,
        text=text,
        happened_at=happened_at,
        title=change.title or renewed_title(memory, memory.title, text),
        tags=renewed_tags(memory, memory.tags, text),
        detail=detail,
    )


def _reworded_skill(memory: Memory, change: MemoryChange) -> Memory:
    """A skill with another name or description: its value is what is shown and
    downloaded, and it is found by both.
    """
    if not (change.text or change.title):
        return memory
    value = memory.detail[SKILL_VALUE]
    name = change.title or str(value.get("name") or memory.title)
    description = change.text or str(value.get("description") or memory.text)
    description = description.removeprefix(f"{name}: ")  # as its text is written
    value = {**value, "name": name, "description": description}
    changed = replace(memory, text=f"{name}: {description}", title=name)
    return replace(changed, detail={**memory.detail, SKILL_VALUE: value})
