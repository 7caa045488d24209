"""Updates, deletions, thumbs and the history of memories in mem0's dialect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.mem0.entities import ids_of
from services.gateway.mem0.present import Item, present, written
from services.gateway.mem0.reading import activated
from services.gateway.mem0.sent_times import moment_of
from services.gateway.memories.delete_memories import delete_memories
from services.gateway.memories.list_memories import provenance_of
from services.gateway.memories.owner_hold import hold_owner, lease_of
from services.gateway.memories.rate_memories import Rating, rate_memories
from services.gateway.memories.update_memory import MemoryChange, apply_change
from services.gateway.schemas.mem0 import (
    ChangedMemory,
    ChangedOne,
    DeletedOne,
    Feedback,
)
from services.gateway.schemas.memories import DeleteMemory
from services.gateway.wire.expiry_remarks import past_expiry
from services.gateway.wire.wire_times import now
from shared.contract import Code
from shared.domain.memory import Memory, message_ids_of
from shared.domain.memory_detail import FEEDBACK
from shared.errors import BadRequest, Forbidden, NotFound

_THUMBS = ("POSITIVE", "NEGATIVE", "VERY_NEGATIVE")


async def update(
    context: RequestContext, memory_id: str, change: ChangedMemory
) -> Item:
    """The memory as it is from now on. Raises `NotFound`, `BadRequest`."""
    memory = await activated(context, memory_id)
    changed = await apply_change(context, memory, _read(context, change))
    context.remarks.extend(_past_expiry(change, "it"))
    return present(changed)


async def update_several(context: RequestContext, changes: Sequence[ChangedOne]) -> int:
    """Change several memories, or none where one does not exist; how many. Raises
    `NotFound`, `BadRequest`.
    """
    read = [(change.memory_id, _read(context, change)) for change in changes]
    memories = [await activated(context, memory_id) for memory_id, _ in read]
    for memory, (_, change) in zip(memories, read, strict=True):
        await apply_change(context, memory, change)
    for asked in changes:
        context.remarks.extend(f"{asked.memory_id}: {said}" for said in asked.remarks())
        context.remarks.extend(_past_expiry(asked, asked.memory_id))
    return len(read)


def _past_expiry(change: ChangedMemory, what: str) -> Iterator[str]:
    return past_expiry(change.expiration_date, change.expires_at, what)


def _read(context: RequestContext, change: ChangedMemory) -> MemoryChange:
    read = MemoryChange(
        text=change.text or None,
        info=change.metadata,
        said_at=moment_of(change.timestamp, context) or None,
        expires_at=change.expires_at,
    )
    if read == MemoryChange():
        raise BadRequest(
            "at least one of text, metadata, timestamp and expiration_date is required",
            code=Code.MISSING,
        )
    return read


async def delete(context: RequestContext, ids: Sequence[str], linked: bool) -> int:
    """Delete memories, or none where one does not exist; `linked`: with those that they
    superseded, and those that these did. How many beside the named ones. Raises
    `NotFound`.
    """
    memories = await context.ports.memories.get(context.project, ids)
    if len(memories) < len(set(ids)):
        raise NotFound("Memory not found!", code=Code.UNKNOWN_MEMORY)
    doomed = {memory.id: memory for memory in memories}
    further = _superseded(memories, doomed) if linked else []
    while further:
        superseded = await context.ports.memories.get(context.project, further)
        doomed |= {memory.id: memory for memory in superseded}
        further = _superseded(superseded, doomed)
    await delete_memories(context, DeleteMemory(memory_ids=list(doomed)))
    return len(doomed) - len(memories)


async def delete_several(context: RequestContext, wanted: Sequence[DeletedOne]) -> int:
    """Delete memories, or none where one does not exist or belongs to somebody else than
    stands beside its id; how many. Raises `NotFound`, `Forbidden` 40306.
    """
    ids = list(dict.fromkeys(named.memory_id for named in wanted))
    memories = await context.ports.memories.get(context.project, ids)
    owners = {memory.id: ids_of(memory.scope) for memory in memories}
    for named in wanted:
        for name, owner in owners.get(named.memory_id, {}).items():
            id = getattr(named, name)
            if id and id != owner:
                owning = name.removesuffix("_id")
                message = f"memory {named.memory_id} belongs to another {owning}"
                raise Forbidden(message, code=Code.NOT_YOURS)
    await delete(context, ids, linked=False)
    return len(ids)


def _superseded(memories: Sequence[Memory], visited: dict[str, Memory]) -> list[str]:
    ids = dict.fromkeys(chain.from_iterable(memory.replaced for memory in memories))
    return [id for id in ids if id not in visited]


async def history(context: RequestContext, memory_id: str) -> list[Item]:
    """What a memory said, the oldest first: each entry is a change. Raises `NotFound`."""
    memory = await activated(context, memory_id)
    provenance = await provenance_of(context, [memory])
    earlier = [
        provenance.replaced[id] for id in memory.replaced if id in provenance.replaced
    ]
    steps = [*reversed(earlier), memory]
    sources = [
        provenance.messages[id]
        for id in message_ids_of(memory.origins)
        if id in provenance.messages
    ]
    entries = []
    for number, step in enumerate(steps):
        before = steps[number - 1] if number else None
        entries.append(_entry(memory, step, before, sources))
    return entries


def _entry(
    memory: Memory, step: Memory, before: Memory | None, sources: list[Any]
) -> Item:
    changed_at = before.updated_at if before else step.created_at
    return {
        "id": step.id,
        "memory_id": memory.id,
        "input": sources,
        "old_memory": before.text if before else None,
        "new_memory": step.text,
        **ids_of(memory.scope),
        "categories": list(step.categories),
        "metadata": dict(step.info) or None,
        "event": "UPDATE" if before else "ADD",
        "created_at": written(step.created_at),
        "updated_at": written(changed_at),
    }


async def give_feedback(context: RequestContext, request: Feedback) -> Item:
    """A thumb on a memory, in place of the one before; without a value it is taken
    away. Raises `NotFound`, `BadRequest`.
    """
    memory = await activated(context, request.memory_id)
    value = (request.feedback or "").upper()
    if value and value not in _THUMBS:
        raise BadRequest(f"feedback: one of {', '.join(_THUMBS)} is expected")
    reason = request.feedback_reason or ""
    async with hold_owner(context.ports.leases, lease_of(memory)):
        # Read again: what a worker noted on it meanwhile stays.
        memory = await activated(context, request.memory_id)
        detail = {name: v for name, v in memory.detail.items() if name != FEEDBACK}
        if value:
            detail[FEEDBACK] = {"value": value, "reason": reason, "at": now()}
        await context.ports.memories.update_detail([replace(memory, detail=detail)])
    rating = Rating(value == "POSITIVE" if value else None, reason=reason)
    await rate_memories(context, [memory.id], rating)
    return {
        "id": memory.id,
        "feedback": value or None,
        "feedback_reason": request.feedback_reason if value else None,
    }
