"""When a statement held: from when it was first said until it was superseded.

The two times are those of what was said, not of the work on it: a talk of last year that
is added today holds from last year on (`chat_time`). What says nothing of them, because
an earlier release wrote it for example, holds from the moment it was said until, where it
is archived, the moment of that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.domain.memory import Lapse, Memory, Status
from shared.domain.memory_detail import filtered_notes


@dataclass(frozen=True, slots=True)
class Period:
    """Epoch milliseconds; `until`, which is not within it, is 0 where it has no end."""

    since: int
    until: int = 0


def period_of(memory: Memory) -> Period:
    """From when it was first said until it was superseded or archived."""
    since = memory.valid_from or memory.said_at or memory.created_at
    if memory.status is Status.ACTIVATED:
        return Period(since)
    return Period(since, memory.valid_until or memory.updated_at)


def held_at(memory: Memory, at: int) -> bool:
    """Whether it was known at a moment and not superseded yet. What a user wanted
    forgotten held never.
    """
    if memory.status is Status.FORGOTTEN:
        return False
    period = period_of(memory)
    if at < period.since or (period.until and at >= period.until):
        return False
    return not any(lapse.since <= at < lapse.until for lapse in memory.lapses)


def as_of(memories: Iterable[Memory], at: int) -> list[Memory]:
    """Those that held at a moment (epoch milliseconds), as they stood then: active, and
    without notes on what was said later. All of them as they are where `at` is 0.
    """
    if not at:
        return list(memories)
    return [_standing(memory, at) for memory in memories if held_at(memory, at)]


def _standing(memory: Memory, at: int) -> Memory:
    return replace(
        memory,
        status=Status.ACTIVATED,
        valid_until=period_of(memory).until,
        detail=filtered_notes(memory.detail, lambda note: int(note["said_at"]) <= at),
    )


def superseded(memory: Memory, at: int) -> Memory:
    """The memory, archived, that held until a moment (epoch milliseconds)."""
    return replace(memory, valid_until=max(at, period_of(memory).since))


def back_from(memory: Memory, at: int) -> Memory:
    """An archived memory that holds again from a moment on, with what lies between."""
    until = period_of(memory).until
    lapses = memory.lapses
    if memory.status is Status.ARCHIVED and at > until:
        lapses = (*lapses, Lapse(until, at))
    return replace(memory, lapses=lapses, valid_until=0)


def renewed(memory: Memory, earlier: Memory) -> Memory:
    """A memory that is written over an earlier one of the same id: it goes on holding
    from the first time on, but for the time in which it was archived, and what was
    thought of it stays.
    """
    memory = replace(memory, thumbs=earlier.thumbs, recalled_at=earlier.recalled_at)
    if memory.text != earlier.text or memory.kind is not earlier.kind:
        return memory
    period = period_of(earlier)
    is_moved = period.since != (memory.said_at or memory.created_at)
    valid_from = period.since if is_moved else 0
    going_on = replace(memory, valid_from=valid_from, lapses=earlier.lapses)
    if earlier.status is Status.ACTIVATED or memory.status is not Status.ACTIVATED:
        return going_on
    back = memory.said_at or memory.updated_at or memory.created_at
    return replace(going_on, lapses=back_from(earlier, back).lapses, valid_until=0)
