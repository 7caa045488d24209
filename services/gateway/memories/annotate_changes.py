"""Memories as they are shown: with what is known since they were told."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.memory import Memory
from shared.language.change_notes import newer_ids, with_news
from shared.ports import Memories


async def up_to_date(
    found: Sequence[Memory], project: str, memories: Memories
) -> list[Memory]:
    """The memories in their order; one more read, of what they are outdated by, only
    where any of them is.
    """
    ids = newer_ids(found)
    newer = (
        {memory.id: memory for memory in await memories.get(project, ids)}
        if ids
        else {}
    )
    return [with_news(memory, newer) for memory in found]
