"""From candidates to matches: one score a memory, best first."""

from __future__ import annotations

from collections.abc import Sequence

from services.gateway.recall.fusion import fused
from services.gateway.recall.reading import Reading
from services.gateway.relativity import relativity
from shared.domain.memory import Candidate, Match

CONVERSATION = 0.3
"""What the same conversation adds, in standard deviations: it wins between equals and hides nothing better."""


def rank(candidates: Sequence[Candidate], reading: Reading, conversation: str, limit: int, threshold: float) -> list[Match]:
    """At most `limit` matches whose relativity reaches the threshold, best first."""
    scores = [
        score + (CONVERSATION if conversation and candidate.memory.scope.conversation == conversation else 0.0)
        for score, candidate in zip(fused(candidates, reading.dense_weight), candidates, strict=True)
    ]
    order = sorted(range(len(candidates)), key=scores.__getitem__, reverse=True)
    matches = [Match(candidates[place].memory, relativity(candidates[place], reading.text)) for place in order[:limit]]
    kept = [match for match in matches if match.relativity >= threshold]
    return sorted(kept, key=lambda match: match.relativity, reverse=True)
