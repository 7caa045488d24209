"""Earlier versions of a memory: what it said before it was changed by hand.

A version is an archived memory of its own, first in the history (`replaced`) of the one
that took its place. It goes when that is deleted (`shared.ports.MemoryWriter.delete`),
unless it has become current itself meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.identity import computed_id
from shared.domain.memory import LastChange, Memory, Status
from shared.domain.memory_detail import VERSION_OF
from shared.domain.validity import period_of
from shared.ports import Memories


def version_of(memory: Memory, at: int) -> Memory:
    """What a memory says now, as the version that is superseded at `at` (epoch
    milliseconds). What a user wanted forgotten stays so, and is deleted when the memory
    would have been.
    """
    version = replace(
        memory,
        id=computed_id("version", memory.id, memory.updated_at, memory.text),
        last_change=LastChange(),
        detail={**memory.detail, VERSION_OF: memory.id},
    )
    if memory.status is Status.FORGOTTEN:
        return version
    return replace(version.archived(at), valid_until=held_until(memory, at))


def held_until(memory: Memory, at: int) -> int:
    """Until when a memory held whose words are superseded at `at` (epoch milliseconds):
    one that was archived before holds no longer for that.
    """
    until = period_of(memory).until
    return min(at, until) if until else at


def on_its_own(memory: Memory) -> Memory:
    """A memory that is current, though it was a version of another one: deleting that one
    leaves it.
    """
    detail = {key: v for key, v in memory.detail.items() if key != VERSION_OF}
    return replace(memory, detail=detail)


async def superseded_memories(
    store: Memories, project: str, ids: Sequence[str]
) -> list[Memory]:
    """Those of a history (`Memory.replaced`) that may be shown: not what a user wanted
    forgotten, nor what that said before.
    """
    stored = await store.get(project, ids) if ids else []
    forgotten = {memory.id for memory in stored if memory.status is Status.FORGOTTEN}
    return [
        memory
        for memory in stored
        if not {memory.id, memory.detail.get(VERSION_OF)} & forgotten
    ]
