"""Standing instructions: preferences like "answer in Chinese" or "keep it short" have
nothing in common with a question, and yet bear on its answer. Of those about one matter
the newest comes; the others only where the question itself brings them up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.gateway.recall.scoring import ScoredMatch, ScoredMemory
from shared.domain.memory import EVERY_ANSWER, Memory
from shared.domain.memory_detail import CHANGES, LIKELY_CHANGES
from shared.language.quarantine import is_quarantined
from shared.language.words import word_count

MAX_STANDING = 3
"""Standing instructions that come with an answer, the newest first."""
REPLACED = 0.8
"""Likelihood of a change from which a standing instruction takes the place of another one."""
OF_FRAME = 4
"""Words beside the changed ones up to which nothing else is asked: "The user asks: ..., please"."""


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
    every = {
        scored.memory.id: scored
        for scored in ranking
        if EVERY_ANSWER in scored.memory.tags and not is_quarantined(scored.memory)
    }
    others = {
        id: scored
        for id, scored in every.items()
        if id not in included and every.keys().isdisjoint(replacing(scored.memory))
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


def replacing(memory: Memory) -> set[str]:
    """The ids of the memories by which all that one says holds no more, surely or likely."""
    detail = memory.detail
    likely = (n for n in detail.get(LIKELY_CHANGES, ()) if _likelihood(n) >= REPLACED)
    return {
        str(note["by"])
        for note in (*detail.get(CHANGES, ()), *likely)
        if _is_of_all(note, memory.text)
    }


def _likelihood(note: Mapping[str, Any]) -> float:
    return float(note.get("likelihood", 0.0))


def _is_of_all(note: Mapping[str, Any], text: str) -> bool:
    """Whether a note on a change is on all that a text says."""
    start, end = note.get("start", 0), note.get("end", len(text))
    return word_count(f"{text[:start]} {text[end:]}") <= OF_FRAME
