"""Each thing once, and every question of a query served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from services.gateway.recall.repeats import Said, repeats
from services.gateway.recall.scoring import ScoredMemory

COMPARED = 40
"""Memories at the top that are compared with each other."""


def without_repeats(ranking: Sequence[ScoredMemory]) -> Iterator[ScoredMemory]:
    """The ranking without what a better memory says already, among the first."""
    distinct: list[Said] = []
    for scored in ranking[:COMPARED]:
        said = Said(scored.memory)
        if not any(repeats(said, better) for better in distinct):
            distinct.append(said)
            yield scored
    yield from ranking[COMPARED:]


def interleave(rankings: Iterable[Sequence[ScoredMemory]]) -> Iterator[ScoredMemory]:
    """The best of each ranking, then the second of each, and so on; each memory once."""
    seen = set()
    for scored in chain.from_iterable(zip_longest(*rankings)):
        if scored is not None and scored.memory.id not in seen:
            seen.add(scored.memory.id)
            yield scored
