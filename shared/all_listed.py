"""A whole list of memories, read some at a time: each time behind the last one that came.
What is there all the while comes once, whatever is archived or deleted meanwhile. Counting
how many came would leave out as many as have gone.
"""

from __future__ import annotations

from shared.domain.cursor import behind
from shared.domain.memory import Memory
from shared.domain.memory_list import MemoryList
from shared.ports import MemoryReader

AT_ONCE = 256
"""Memories that are read together."""


async def all_listed(
    memories: MemoryReader, wanted: MemoryList, most: int | None = None
) -> list[Memory]:
    """All that a list holds, in its order; at most `most` where that is given. Raises
    `BadRequest` for a filter with a comparison that its field does not have.
    """
    listed: list[Memory] = []
    while True:
        size = AT_ONCE if most is None else min(AT_ONCE, most - len(listed))
        cursor = behind(listed[-1]) if listed else None
        page = await memories.following(wanted, cursor, size)
        listed += page
        if len(page) < size or len(listed) == most:
            return listed
