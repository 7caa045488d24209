"""restore/memory: what a memory said before is what it says again.

An earlier version that was changed by hand is written into the memory; a memory that
another one took the place of is active again, and the other one is archived. What was
current goes into the history: restoring it undoes the restoring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.gateway.context.request_context import RequestContext
from services.gateway.memories.owner_hold import HeldOwner, hold_owner, lease_of
from services.gateway.memories.update_memory import stored_memory
from services.gateway.memories.versions import (
    held_until,
    on_its_own,
    superseded_memories,
    version_of,
)
from services.gateway.wire.wire_times import now
from shared.contract import Code
from shared.domain.memory import Embedded, LastChange, Memory, Status
from shared.domain.memory_detail import OF_WORDS, VERSION_OF
from shared.domain.validity import back_from, superseded
from shared.errors import NotFound
from shared.language.search_text import searched_text, searched_words
from shared.memory_change import BY_HAND


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done."""

    memory: Memory
    """The memory that says now what the version said."""
    archived: str = ""
    """The id under which what was current stands in its history; "" where it said that
    already.
    """


async def restore_version(
    context: RequestContext, memory_id: str, version_id: str
) -> Restored:
    """Restore a version that stands in the history of a memory. Raises `NotFound` 40307
    for a memory or a version that there is not or that is forgotten, `Unavailable`.
    """
    memory = await stored_memory(context, memory_id)
    async with hold_owner(context.ports.leases, lease_of(memory)) as held:
        memory = await _known(context, memory_id)
        version = await _version(context, memory, version_id)
        if version.detail.get(VERSION_OF) == memory.id:
            return await _rewritten(context, held, memory, version)
        return await _exchanged(context, held, memory, version)


async def _known(context: RequestContext, memory_id: str) -> Memory:
    """A memory that is not forgotten: only an "undo" brings such words back, and in a
    history they would never be deleted. Raises `NotFound` 40307.
    """
    memory = await stored_memory(context, memory_id)
    if memory.status is Status.FORGOTTEN:
        raise NotFound(f"no memory {memory_id}", code=Code.UNKNOWN_MEMORY)
    return memory


async def _version(context: RequestContext, memory: Memory, id: str) -> Memory:
    store, ids = context.ports.memories, memory.replaced
    for version in await superseded_memories(store, context.project, ids):
        if version.id == id:
            return version
    raise NotFound(f"memory {memory.id} has no version {id}", code=Code.UNKNOWN_MEMORY)


async def _rewritten(
    context: RequestContext, held: HeldOwner, memory: Memory, version: Memory
) -> Restored:
    """The memory with the words of its version; what was done to it since stays."""
    if (memory.text, memory.title) == (version.text, version.title):
        return Restored(memory)
    at = now()
    earlier = version_of(memory, at)
    detail = {key: v for key, v in memory.detail.items() if key not in OF_WORDS}
    detail |= {key: v for key, v in version.detail.items() if key in OF_WORDS}
    restored = replace(
        memory,
        text=version.text,
        title=version.title,
        tags=version.tags,
        happened_at=version.happened_at,
        detail=detail,
        status=Status.ACTIVATED,
        updated_at=at,
        valid_from=at,
        valid_until=0,
        lapses=(),
        replaced=(earlier.id, *memory.replaced),
        last_change=LastChange(BY_HAND),
    )
    await _write(context, held, [restored, earlier])
    return Restored(restored, earlier.id)


async def _exchanged(
    context: RequestContext, held: HeldOwner, memory: Memory, version: Memory
) -> Restored:
    """The one that was superseded in place of the one that superseded it."""
    if version.status is Status.ACTIVATED:
        return Restored(version)
    at, by_hand = now(), LastChange(BY_HAND)
    history = dict.fromkeys((memory.id, *memory.replaced, *version.replaced))
    restored = replace(
        on_its_own(back_from(version, at)),
        status=Status.ACTIVATED,
        updated_at=at,
        replaced=tuple(id for id in history if id != version.id),
        last_change=by_hand,
    )
    archived = superseded(memory.archived(at), held_until(memory, at))
    archived = replace(archived, last_change=by_hand)
    await _write(context, held, [restored, archived])
    return Restored(restored, memory.id)


async def _write(
    context: RequestContext, held: HeldOwner, memories: Sequence[Memory]
) -> None:
    """In one request: both or none. Raises `Unavailable` where the vectors took so long
    that others may have written or deleted meanwhile.
    """
    vectors = await context.ports.embedder.passages(list(map(searched_text, memories)))
    await held.renew()
    await context.ports.memories.put(
        [
            Embedded(memory, searched_words(memory), dense)
            for memory, dense in zip(memories, vectors, strict=True)
        ]
    )
