"""Which events a change of a memory is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.domain.memory import Memory, Status
from shared.domain.memory_detail import NOTES
from shared.domain.webhook_endpoint import MemoryEvent

_SHOWN = ("text", "title", "type", "tags", "info", "expires_at", "public", "reasoning")
"""Fields that a reader sees change; when it was said again, recalled or rated is none."""


def is_listed(memory: Memory | None) -> bool:
    """Whether events are about a memory: it stands in its user's lists. Raw messages
    stand there until they are read, documents of knowledge bases never.
    """
    return (
        memory is not None
        and memory.status is Status.ACTIVATED
        and not memory.fast
        and not memory.knowledge_base
    )


def event_of(before: Memory | None, after: Memory | None) -> MemoryEvent | None:
    """None for a change that is none to who lists memories."""
    if not is_listed(after):
        return MemoryEvent.DELETE if is_listed(before) else None
    if before is None or after is None or not is_listed(before):
        return MemoryEvent.ADD
    same = all(getattr(before, name) == getattr(after, name) for name in _SHOWN)
    same = same and all(
        before.detail.get(key) == after.detail.get(key) for key in NOTES
    )
    return None if same else MemoryEvent.UPDATE


def is_categorized(before: Memory | None, after: Memory) -> bool:
    """Whether a change gives a memory categories, or others than it had."""
    had = before.categories if before is not None and is_listed(before) else ()
    return is_listed(after) and after.categories != had


def changes(
    before: Mapping[str, Memory], after: Sequence[Memory]
) -> list[tuple[MemoryEvent, Memory]]:
    """The events of memories as they are written, with what stood there before."""
    events = []
    for memory in after:
        stood = before.get(memory.id)
        event = event_of(stood, memory)
        if event is not None:
            events.append((event, memory))
        if is_categorized(stood, memory):
            events.append((MemoryEvent.CATEGORIZE, memory))
    return events
