"""The passages of a document around the one that a memory was read from: of its page,
where there are pages.
"""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.console import SourcePassage
from shared.domain.memory import Memory, Origin

WINDOW = 40
"""Memories of its task on either side that are looked through."""
NEIGHBOURS = 3
"""Passages on either side that are shown where the document has no pages."""


async def passages_around(
    context: RequestContext, memory: Memory
) -> list[SourcePassage]:
    """In the order of the document; empty for what was not read from one, or when the
    task that read it is no longer known.
    """
    origin = next((source for source in memory.origins if source.source), None)
    if origin is None or not memory.job:
        return []
    job = await context.ports.jobs.get(context.project, memory.job)
    ids = [receipt.memory for receipt in job.receipts] if job else []
    if memory.id not in ids:
        return []
    place = ids.index(memory.id)
    window = ids[max(0, place - WINDOW) : place + WINDOW + 1]
    near = await context.ports.memories.get(context.project, window)
    beside = [neighbour for neighbour in near if _is_beside(neighbour, origin)]
    if not origin.page:
        beside = _nearest(beside, memory.id)
    return [
        SourcePassage(
            memory_id=neighbour.id,
            text=neighbour.text,
            page=origin.page,
            marked=neighbour.id == memory.id,
        )
        for neighbour in beside
    ]


def _is_beside(memory: Memory, origin: Origin) -> bool:
    """Whether it was read from the same page of the same file."""
    return any(
        (source.source, source.page) == (origin.source, origin.page)
        for source in memory.origins
    )


def _nearest(memories: list[Memory], id: str) -> list[Memory]:
    ids = [memory.id for memory in memories]
    place = ids.index(id)
    return memories[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]
