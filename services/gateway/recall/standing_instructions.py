"""Standing instructions: preferences like "answer in Chinese" or "keep it short" have
nothing in common with a question, and yet bear on its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.gateway.recall.scoring import ScoredMatch, ScoredMemory
from shared.domain.memory import EVERY_ANSWER
from shared.language.quarantine import is_quarantined

MAX_STANDING = 3
"""Standing instructions that come with an answer, the newest first."""


def with_standing_instructions(
    matches: Sequence[ScoredMatch],
    ranking: Iterable[ScoredMemory],
    limit: int,
    floor: float,
) -> list[ScoredMatch]:
    """The matches, best first, and after them the standing instructions of the ranking
    that are not among them yet.

    They take at most half of the `limit` places. Their relativity is `floor`, or the
    last match's where that is lower.
    """
    included = {match.memory.id for match in matches}
    others = {
        scored.memory.id: scored
        for scored in ranking
        if EVERY_ANSWER in scored.memory.tags
        and scored.memory.id not in included
        and not is_quarantined(scored.memory)
    }
    newest = sorted(
        others.values(), key=lambda scored: scored.memory.happened_at, reverse=True
    )
    already = sum(EVERY_ANSWER in match.memory.tags for match in matches)
    places = max(0, min(MAX_STANDING - already, limit // 2))
    added = newest[:places]
    if not added:
        return list(matches)
    first = list(matches[: limit - len(added)])
    rating = min(floor, first[-1].relativity) if first else floor
    standing = [ScoredMatch(scored.memory, rating, scored.score) for scored in added]
    return [*first, *standing]
