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
    ids = newer_ids(memories)
    newer = await store.get(project, ids) if ids else []
    newer_by_id = {memory.id: memory for memory in newer}
    return [with_news(memory, newer_by_id) for memory in memories]
