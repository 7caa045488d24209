"""What use has shown of memories, as the last two terms of the score: thumbs, and decay.

    thumbs(m) = sum over the thumbs of m, +1 for up and -1 for down, each times
                QUESTION * nearness(q, its question), or GENERAL where it was given for no
                question; at most QUESTION either way
    decay(m)  = -DECAY * (1 - 2 ** (-idle / half-life)), 0 where decay is off

idle is the time since m was stored or a search last gave it. nearness goes from 0, at a
cosine two thirds of the way from unrelated texts to the same ones, to 1, at the same ones.

Thumbs move the relativity too, decay does not: what sinks is still found where nothing
better is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp
from operator import mul

from services.gateway.recall.calibration import Calibration
from services.gateway.recall.score_terms import index_words
from services.gateway.recall.scoring import ScoredMemory
from shared.domain.memory import Memory
from shared.domain.thumb import Thumb, unpacked

QUESTION = 3.0
"""What a thumb adds or takes for its own question, in the unit of the meaning: as much
as a day that is named.
"""
GENERAL = 1.0
"""The same for any question of one that was given for none."""
DECAY = 2.0
"""What a memory that was never recalled loses in the end."""
ODDS = 0.5
"""By how much the exponent of the relativity moves with a step of `thumbs`: a thumb down
takes .82 to .5 for its own question.
"""
NEAR_FROM = 2 / 3
"""Share of the way from the cosine of unrelated texts to 1 from which two questions are
near: "Where do I work?" is not to "Where do I live?", "Which city do I live in?" is.
"""
SAME_WORDS = 0.5
"""Share of words that two questions have in common from which they count as near, where
no vectors can be compared.
"""
DIGITS = 4
"""Decimal places of a relativity."""


@dataclass(frozen=True, slots=True)
class AskedVector:
    """A question with its vector; an empty one where the embedder was away."""

    text: str
    vector: Sequence[float]
    embedder: str


def with_use(
    ranking: Sequence[ScoredMemory],
    asked: AskedVector,
    calibration: Calibration,
    user: str,
    decay: Callable[[Memory], float] | None = None,
) -> list[ScoredMemory]:
    """The ranking with both terms, best first. `user`: who asks."""
    if decay is None and not any(scored.memory.thumbs for scored in ranking):
        return list(ranking)
    rated = [
        replace(
            scored,
            score=replace(
                scored.score,
                thumbs=thumbs(scored.memory, asked, calibration.centre, user),
                decay=decay(scored.memory) if decay else 0.0,
            ),
        )
        for scored in ranking
    ]
    return sorted(rated, key=lambda scored: scored.score.total, reverse=True)


def thumbs(memory: Memory, asked: AskedVector, centre: float, user: str) -> float:
    """The term; 0 without thumbs that count for who asks. `centre`: the mean cosine of
    unrelated texts.
    """
    total = 0.0
    for thumb in memory.thumbs:
        if thumb.user in ("", user):
            weight = GENERAL
            if thumb.query:
                weight = QUESTION * nearness(thumb, asked, centre)
            total += weight if thumb.up else -weight
    return min(max(total, -QUESTION), QUESTION)


def nearness(thumb: Thumb, asked: AskedVector, centre: float) -> float:
    """How alike the question of a thumb and the one that is asked are, 0..1."""
    if thumb.query.strip().casefold() == asked.text.strip().casefold():
        return 1.0
    vector = unpacked(thumb.vector) if thumb.embedder == asked.embedder else ()
    if vector and len(vector) == len(asked.vector):
        first = centre + NEAR_FROM * (1.0 - centre)
        cosine: float = sum(map(mul, vector, asked.vector))
        return min(max((cosine - first) / (1.0 - first), 0.0), 1.0)
    words, others = index_words(thumb.query), index_words(asked.text)
    shared = len(words & others) / max(len(words | others), 1)
    return shared if shared >= SAME_WORDS else 0.0


def decay_of(half_life: float, now: int, user: str) -> Callable[[Memory], float]:
    """The term of decay at a moment (epoch milliseconds), for a half-life in
    milliseconds. It concerns a user's own memories: documents and what everybody sees
    are there to be looked up, however seldom.
    """

    def decay(memory: Memory) -> float:
        if memory.knowledge_base or memory.public or memory.scope.user != user:
            return 0.0
        idle = max(now - max(memory.recalled_at, memory.created_at), 0)
        lost: float = 2.0 ** (-idle / half_life)
        return -DECAY * (1.0 - lost)

    return decay


def moved(relativity: float, thumbs: float) -> float:
    """A relativity, 0..1, after thumbs."""
    if not thumbs:
        return relativity
    odds = exp(ODDS * thumbs)
    return round(relativity * odds / (1.0 - relativity + relativity * odds), DIGITS)
