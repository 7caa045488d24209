"""Each thing once, and every question of a query served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from services.gateway.recall.score_terms import index_words
from services.gateway.recall.scoring import ScoredMemory
from shared.language.lexical import without_date

COMPARED = 40
"""Memories at the top that are compared with each other."""


def without_repeats(
    ranking: Sequence[ScoredMemory], repeat: float
) -> Iterator[ScoredMemory]:
    """The ranking without what a better memory says already, among the first: those of
    which a share of at least `repeat` (0..1) of the words stand in a single better one.
    """
    distinct: list[frozenset[str]] = []
    for scored in ranking[:COMPARED]:
        words = index_words(without_date(scored.memory.text))
        least = repeat * len(words)
        if not any(len(words & better) >= least for better in distinct):
            distinct.append(words)
            yield scored
    yield from ranking[COMPARED:]


def interleave(rankings: Iterable[Sequence[ScoredMemory]]) -> Iterator[ScoredMemory]:
    """The best of each ranking, then the second of each, and so on; each memory once."""
    seen = set()
    for scored in chain.from_iterable(zip_longest(*rankings)):
        if scored is not None and scored.memory.id not in seen:
            seen.add(scored.memory.id)
            yield scored
