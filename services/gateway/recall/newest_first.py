"""The newest truth comes first: no outdated memory stands above the newer one that
changed it, however much nearer it is to the question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.gateway.recall.scoring import ScoredMatch
from shared.domain.memory import Memory, Status
from shared.domain.memory_detail import CHANGES


def newest_first(
    matches: Sequence[ScoredMatch], newer: Mapping[str, Memory], limit: int
) -> list[ScoredMatch]:
    """The matches of one kind, best first, each behind what has changed it; at most
    `limit`. `newer`: the memories that changed others, by id: one that the query did not
    bring up comes with the memory that it changed.
    """
    by_id = {match.memory.id: match for match in matches}
    placed: dict[str, ScoredMatch] = {}
    for match in matches:
        _place(match, by_id, newer, placed)
    return list(placed.values())[:limit]


def _place(
    match: ScoredMatch,
    by_id: Mapping[str, ScoredMatch],
    newer: Mapping[str, Memory],
    placed: dict[str, ScoredMatch],
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
        is_shown = by is not None and by.kind is memory.kind
        if by is None or not is_shown or by.status is not Status.ACTIVATED:
            continue
        if by.id not in above:
            first = by_id.get(by.id) or replace(match, memory=by)
            rating = max(first.relativity, match.relativity)
            raised = replace(first, relativity=rating)
            _place(raised, by_id, newer, placed, above | {memory.id})
    placed[memory.id] = match
