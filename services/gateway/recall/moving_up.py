"""Matches put before others that they have to precede, with no less relativity."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from services.gateway.recall.scoring import ScoredMatch

GoesBefore = Callable[[ScoredMatch, ScoredMatch], bool]
"""Whether a match has to stand before another one, which stands above it."""


def moved_up(
    matches: Iterable[ScoredMatch], goes_before: GoesBefore
) -> list[ScoredMatch]:
    """The matches, best first, each before the first one that it has to precede."""
    ordered: list[ScoredMatch] = []
    for match in matches:
        place = next(
            (at for at, other in enumerate(ordered) if goes_before(match, other)),
            len(ordered),
        )
        if place < len(ordered):
            rating = max(match.relativity, ordered[place].relativity)
            match = replace(match, relativity=rating)
        ordered.insert(place, match)
    return ordered
