"""What was done last to a memory, so that it can be undone: who did it, and what stood
in the memory before. It is kept in the memory itself, so it is written together with the
change and deleted together with the memory.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from pydantic import TypeAdapter

from shared.domain.memory import LastChange, Memory
from shared.domain.memory_detail import LIKELY_CHANGES

BY_HAND = "hand"
"""In place of a task's id: update/memory and the like changed it."""

_MEMORY = TypeAdapter(Memory)
_UNDONE = frozenset({"id", "scope", "last_change", "thumbs", "recalled_at"})
"""Fields that no change touches."""


def changed_by(task: str, memory: Memory, earlier: Memory) -> Memory:
    """A memory as a task leaves it, with what the task found. Of several changes by the
    same task the first counts.
    """
    before = _differences(earlier, memory)
    if earlier.last_change.by == task:
        before |= earlier.last_change.before
    return replace(memory, last_change=LastChange(task, before))


def undone(memory: Memory) -> Memory:
    """The memory as it stood before its last change, with what was said later of it since;
    nothing says what was before that.
    """
    values = _MEMORY.dump_python(memory, mode="json") | dict(memory.last_change.before)
    earlier = _MEMORY.validate_python(values)
    detail = {k: v for k, v in earlier.detail.items() if k != LIKELY_CHANGES}
    if LIKELY_CHANGES in memory.detail:
        detail[LIKELY_CHANGES] = memory.detail[LIKELY_CHANGES]
    return replace(earlier, detail=detail, last_change=LastChange())


def _differences(earlier: Memory, memory: Memory) -> dict[str, Any]:
    """The fields of the earlier one that the other has otherwise, as JSON."""
    names = {
        field.name
        for field in fields(Memory)
        if field.name not in _UNDONE
        and getattr(earlier, field.name) != getattr(memory, field.name)
    }
    written: dict[str, Any] = _MEMORY.dump_python(earlier, mode="json", include=names)
    return written
