"""What has changed since memories were written, as far as a request may see it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.gateway.wire.wire_times import now
from shared.domain.filter import Filters
from shared.domain.memory import Memory
from shared.domain.scope import Reach
from shared.domain.validity import as_of
from shared.language.change_notes import newer_ids, says_since
from shared.ports import Memories


@dataclass(frozen=True, slots=True)
class View:
    """What a request may see; what changed a memory is quoted only where it is within."""

    reach: Reach
    filters: Filters


@dataclass(frozen=True, slots=True)
class Newer:
    """The memories that have changed something in others."""

    quotable: Mapping[str, Memory] = field(default_factory=dict)
    """Those that may be quoted, by id."""
    hidden: Mapping[str, int] = field(default_factory=dict)
    """Those that a filter excludes, by id with the moment since when they say what they
    say: that there is a change is said, not which.
    """


async def newer_memories(
    memories: Sequence[Memory], project: str, store: Memories, at: int = 0
) -> dict[str, Memory]:
    """The memories that have changed something in the given ones, by id; those of them
    that held at a moment, where one is given. What has expired is quoted no more, and
    nothing of another owner, whoever wrote its id into a memory.
    """
    ids = newer_ids(memories)
    newer = await store.get(project, ids) if ids else []
    return _quotable(newer, memories, at)


async def newer_within(
    memories: Sequence[Memory], view: View, store: Memories
) -> Newer:
    """The same of what a view holds. The engine says what that is, as of all that it
    finds: what changed a public memory may be its user's own affair, and what a filter
    excludes is not given away by what it changed either.
    """
    ids, reach = newer_ids(memories), view.reach
    if not ids:
        return Newer()
    if view.filters == Filters():
        reached = await store.reached(reach, ids, view.filters)
        return Newer(_quotable(reached, memories, reach.as_of))
    reached, unfiltered = await asyncio.gather(
        store.reached(reach, ids, view.filters), store.reached(reach, ids, Filters())
    )
    quotable = _quotable(reached, memories, reach.as_of)
    every = _quotable(unfiltered, memories, reach.as_of)
    hidden = {id: says_since(m) for id, m in every.items() if id not in quotable}
    return Newer(quotable, hidden)


def _quotable(
    newer: Iterable[Memory], memories: Sequence[Memory], at: int
) -> dict[str, Memory]:
    moment = at or now()
    return {
        m.id: m
        for m in as_of(newer, at)
        if not m.has_expired(moment) and any(of.may_quote(m) for of in memories)
    }
