"""Memories as they are returned: each with what has changed since it was written."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from services.gateway.context.request_context import RequestContext
from services.gateway.memories.newer_memories import (
    Newer,
    View,
    newer_memories,
    newer_within,
)
from shared.domain.filter import Filters
from shared.domain.memory import Memory
from shared.domain.validity import as_of
from shared.language.change_notes import with_news


async def annotate_changes(
    context: RequestContext,
    memories: Sequence[Memory],
    at: int = 0,
    view: View | None = None,
) -> list[Memory]:
    """The memories in their order, outdated ones with a note on what is newer. Reads
    the newer memories at once, and only where there are any. `at`: those that held at a
    moment, with what was newer then; 0 for now. `view`: as which they were asked for,
    where that is narrower than the memories of their owners.
    """
    store, zone = context.ports.memories, ZoneInfo(context.settings.timezone)
    memories = as_of(memories, at)
    if view is None or view.filters == Filters():
        newer = Newer(await newer_memories(memories, context.project, store, at))
    else:
        newer = await newer_within(memories, view, store)
    return [
        with_news(memory, newer.quotable, zone, newer.hidden) for memory in memories
    ]
