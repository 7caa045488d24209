"""The newest truth comes first: no outdated memory stands above the newer one that
changed it, however much nearer it is to the question, and nothing of the past above what
is so now, unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.gateway.recall.scoring import ScoredMatch
from shared.domain.memory import Memory, Status
from shared.domain.memory_detail import CHANGES, PRESENT
from shared.language.words import terms


def newest_first(
    matches: Sequence[ScoredMatch],
    newer: Mapping[str, Memory],
    limit: int,
    query: str = "",
) -> list[ScoredMatch]:
    """The matches of one kind, best first, each behind what has changed it; at most
    `limit`. `newer`: the memories that changed others, by id: one that the query did not
    bring up comes with the memory that it changed. A memory whose part that still holds
    is asked for stays where it is.
    """
    by_id = {match.memory.id: match for match in matches}
    asked = frozenset(terms(query))
    placed: dict[str, ScoredMatch] = {}
    for match in matches:
        _place(match, by_id, newer, placed, asked)
    return list(placed.values())[:limit]


def asks_for_the_rest(
    asked: frozenset[str], memory: Memory, change: Mapping[str, Any]
) -> bool:
    """Whether a question has more words of what still holds in a memory than of what
    does not.
    """
    start, end = change.get("start", 0), change.get("end", len(memory.text))
    outdated = frozenset(terms(memory.text[start:end]))
    rest = frozenset(terms(f"{memory.text[:start]} {memory.text[end:]}")) - outdated
    return len(asked & rest) > len(asked & outdated)


def _place(
    match: ScoredMatch,
    by_id: Mapping[str, ScoredMatch],
    newer: Mapping[str, Memory],
    placed: dict[str, ScoredMatch],
    asked: frozenset[str],
    above: frozenset[str] = frozenset(),
) -> None:
    """Enters a match behind those that changed it. `above`: what it changed itself, so
    that two memories which name each other end somewhere.
    """
    memory = match.memory
    if memory.id in placed:
        return
    for change in reversed(memory.detail.get(CHANGES, ())):
        by = newer.get(change["by"])
        if by is None or by.kind is not memory.kind:
            continue
        is_active = by.status is Status.ACTIVATED and by.id not in above
        if is_active and not asks_for_the_rest(asked, memory, change):
            first = by_id.get(by.id) or replace(match, memory=by)
            raised = _raised(first, match)
            _place(raised, by_id, newer, placed, asked, above | {memory.id})
    for id in memory.detail.get(PRESENT, ()):
        now = by_id.get(id)
        if now is not None and not asked & _own_words(memory, now.memory):
            raised = _raised(now, match)
            _place(raised, by_id, newer, placed, asked, above | {memory.id})
    placed[memory.id] = match


def _raised(first: ScoredMatch, match: ScoredMatch) -> ScoredMatch:
    """A match that goes before another one, and answers no less."""
    return replace(first, relativity=max(first.relativity, match.relativity))


def _own_words(memory: Memory, other: Memory) -> frozenset[str]:
    """The words of a memory that another one does not have."""
    return frozenset(terms(memory.text)) - frozenset(terms(other.text))
