"""Memories as they are returned: each with what has changed since it was written."""

from __future__ import annotations

from collections.abc import Sequence

from services.gateway.wire.wire_times import now
from shared.domain.memory import Memory
from shared.domain.validity import as_of
from shared.language.change_notes import newer_ids, with_news
from shared.ports import Memories


async def annotate_changes(
    memories: Sequence[Memory], project: str, store: Memories, at: int = 0
) -> list[Memory]:
    """The memories in their order, outdated ones with a note on what is newer. Reads
    the newer memories at once, and only where there are any. `at`: those that held at a
    moment, with what was newer then; 0 for now.
    """
    memories = as_of(memories, at)
    newer = await newer_memories(memories, project, store, at)
    return [with_news(memory, newer) for memory in memories]


async def newer_memories(
    memories: Sequence[Memory], project: str, store: Memories, at: int = 0
) -> dict[str, Memory]:
    """The memories that have changed something in the given ones, by id; those of them
    that held at a moment, where one is given. What has expired is quoted no more, and
    nothing of another owner, whoever wrote its id into a memory.
    """
    ids = newer_ids(memories)
    newer = await store.get(project, ids) if ids else []
    moment = at or now()
    return {
        m.id: m
        for m in as_of(newer, at)
        if not m.has_expired(moment) and any(of.may_quote(m) for of in memories)
    }
