"""Standing instructions: "answer in Chinese", "keep it short" share nothing with a
question, and yet bear on its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shared.domain.memory import EVERY_ANSWER, Memory

FLOOR = 0.5
"""Relativity of a preference that bears on every answer: above the usual threshold, and
below what is about the question itself.
"""

MOST = 3
"""Such preferences that come with an answer, the newest first."""

Rated = Sequence[tuple[Memory, float]]


def with_standing(
    kept: Rated, candidates: Iterable[Memory], limit: int, threshold: float
) -> Rated:
    """The memories kept, best first, and after them those of the candidates that bear
    on every answer and are not among them yet.

    They take at most half of the places, and none where the caller wants nothing below
    a threshold above FLOOR.
    """
    known = {memory.id for memory, _ in kept}
    there = sum(EVERY_ANSWER in memory.tags for memory, _ in kept)
    others = {
        memory.id: memory
        for memory in candidates
        if EVERY_ANSWER in memory.tags and memory.id not in known
    }
    newest = sorted(
        others.values(), key=lambda memory: memory.happened_at, reverse=True
    )[: max(0, min(MOST - there, limit // 2))]
    if threshold > FLOOR or not newest:
        return kept
    first = kept[: limit - len(newest)]
    rating = min(FLOOR, first[-1][1]) if first else FLOOR
    return [*first, *((memory, rating) for memory in newest)]
