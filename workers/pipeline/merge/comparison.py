"""How two memories stand to each other: which is newer, whether one adds anything to
the other. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.job import Outcome, Receipt
from shared.domain.kinds import STATEMENTS
from shared.domain.memory import Memory, Status
from shared.domain.memory_detail import NOTES
from shared.language.fact_views import view_of
from workers.pipeline.merge.identity import BY_SUBJECT


def is_newer(memory: Memory, other: Memory) -> bool:
    """Whether a memory was said after the other, as far as that is known: an edit by hand
    makes what it says hold from then on.
    """
    return memory.said_at > max(other.said_at, other.valid_from) and other.said_at > 0


def history_of(
    memory: Memory, superseded: Sequence[Memory], current: Memory | None
) -> tuple[str, ...]:
    """Ids of what a memory stands in the place of, newest first."""
    ids: list[str] = []
    for existing in superseded:
        ids += (existing.id, *existing.replaced)
    if current:
        ids += current.replaced
    return tuple(id for id in dict.fromkeys(ids) if id != memory.id)


def adds_nothing(memory: Memory, existing: Memory | None) -> bool:
    """Whether the stored memory of the same identity says it all, tags included."""
    if (
        existing is None
        or existing.status is not Status.ACTIVATED
        or set(memory.tags) - set(existing.tags)
    ):
        return False
    if memory.said_at > existing.said_at and memory.kind in STATEMENTS:
        return False  # said again later: it may be true again
    return memory.type not in BY_SUBJECT or memory.text == existing.text


def reads_the_same(memory: Memory, stored: Memory | None) -> bool:
    """Whether writing would change nothing that anybody sees, or that later merging
    goes by.
    """
    return stored is not None and (
        memory.status,
        memory.text,
        memory.tags,
        memory.said_at,
        _noted(memory),
    ) == (
        stored.status,
        stored.text,
        stored.tags,
        stored.said_at,
        _noted(stored),
    )


def _noted(memory: Memory) -> list[list[str]]:
    """The ids of the newer memories of each kind of note."""
    return [[note["by"] for note in memory.detail.get(key, ())] for key in NOTES]


def receipt(
    memory: Memory, outcome: Outcome, reason: str = "", other: str = ""
) -> Receipt:
    """What became of a memory; `other` is the id of the one that decided it."""
    return Receipt(
        memory=memory.id,
        outcome=outcome,
        kind=memory.kind,
        reason=reason,
        other=other,
        view=view_of(memory),
    )
