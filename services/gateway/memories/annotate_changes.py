"""Memories as they are returned: each with what has changed since it was written."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.memory import Memory
from shared.language.change_notes import newer_ids, with_news
from shared.ports import Memories


async def annotate_changes(
    memories: Sequence[Memory], project: str, store: Memories
) -> list[Memory]:
    """The memories in their order, outdated ones with a note on what is newer. Reads
    the newer memories at once, and only where there are any.
    """
    newer = await newer_memories(memories, project, store)
    return [with_news(memory, newer) for memory in memories]


async def newer_memories(
    memories: Sequence[Memory], project: str, store: Memories
) -> dict[str, Memory]:
    """The memories that have changed something in the given ones, by id."""
    ids = newer_ids(memories)
    newer = await store.get(project, ids) if ids else []
    return {memory.id: memory for memory in newer}
