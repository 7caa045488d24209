"""The terms of the score, each by its name: a column of values, one a candidate. The
formula stands in `scoring`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache, reduce
from itertools import chain
from math import log
from operator import add
from statistics import median

from services.gateway.recall.query_parser import Question, is_named
from shared.domain.memory import Candidate
from shared.language.dates import mentioned
from shared.language.lexical import index_terms

LINKED = 60
"""Memories whose words are compared with the anchor's."""
MILLISECONDS = 1000
"""In a second."""

Column = list[float]
"""One value a candidate, in the order of the candidates."""
Terms = dict[str, Column]
"""A column for each term of the score, by its name, in the order of the sum."""


def totals(terms: Mapping[str, Column]) -> Column:
    """The sum of the terms so far, one a candidate."""
    return [reduce(add, row) for row in zip(*terms.values(), strict=True)]


def meaning(candidates: Sequence[Candidate], unit: float) -> Column:
    """Cosines in steps of `unit`. A fast memory, which has no vector, is taken for an
    average one.
    """
    column = cosines(candidates)
    measured = [cosine for cosine in column if cosine is not None]
    average = sum(measured) / len(measured) if measured else 0.0
    return [(average if cosine is None else cosine) / unit for cosine in column]


def cosines(candidates: Sequence[Candidate]) -> list[float | None]:
    """The cosines; what the dense search did not bring up is as bad as the worst that
    it did. None for fast memories.
    """
    measured = [
        candidate.dense for candidate in candidates if candidate.dense is not None
    ]
    worst = min(measured, default=None)
    return [
        worst
        if candidate.dense is None and not candidate.memory.fast
        else candidate.dense
        for candidate in candidates
    ]


def best_cosines(
    whole: Sequence[Candidate], candidates: Sequence[Candidate]
) -> list[float | None]:
    """The better cosine of each candidate, to the whole question or to its rest.
    `candidates` begin with the memories of `whole`; of the later ones only that to the
    rest is known. None for fast memories.
    """
    best = cosines(candidates)
    for index, cosine in enumerate(cosines(whole)):
        measured = (value for value in (cosine, best[index]) if value is not None)
        best[index] = max(measured, default=None)
    return best


def lexical(candidates: Sequence[Candidate], weight: float) -> Column:
    """Weighted BM25; 0 for what the lexical search did not bring up."""
    return [weight * (candidate.lexical or 0.0) for candidate in candidates]


def conversation(
    candidates: Sequence[Candidate], conversation_id: str, weight: float
) -> Column:
    """The weight for what was said in this conversation; nothing where it is ""."""
    if not conversation_id:
        return [0.0] * len(candidates)
    return [
        weight * (candidate.memory.scope.conversation == conversation_id)
        for candidate in candidates
    ]


def speaker(
    candidates: Sequence[Candidate], speakers: frozenset[str], weight: float
) -> Column:
    """The weight for what one of these people said."""
    return [weight * (candidate.memory.speaker in speakers) for candidate in candidates]


def named_speakers(candidates: Sequence[Candidate], text: str) -> frozenset[str]:
    """The speakers among the candidates whom a text names."""
    speakers = {candidate.memory.speaker for candidate in candidates}
    return frozenset(name for name in speakers if name and is_named(name, text))


def day(candidates: Sequence[Candidate], text: str, now: int, weight: float) -> Column:
    """The weight for what happened or was said on a day that the text names, seen from
    `now` (epoch milliseconds).
    """
    periods = mentioned(text, datetime.fromtimestamp(now / MILLISECONDS, UTC))
    column = [0.0] * len(candidates)
    for index, candidate in enumerate(candidates):
        at = candidate.memory.happened_at
        if periods and at:
            date = datetime.fromtimestamp(at / MILLISECONDS, UTC).date()
            column[index] = weight * any(
                first <= date <= last for first, last in periods
            )
    return column


def neighbours(
    candidates: Sequence[Candidate], scores: Column, weight: float
) -> Column:
    """A share of how good the turns beside a reply are. Memories of one job are a
    millisecond apart, so the turn beside is found by its time.
    """
    if not weight:
        return [0.0] * len(candidates)
    gains = _gains(scores)
    by_turn = {
        (candidate.memory.job, candidate.memory.created_at): gain
        for candidate, gain in zip(candidates, gains, strict=True)
        if gain > 0
    }
    column = [0.0] * len(candidates)
    for index, candidate in enumerate(candidates):
        memory = candidate.memory
        if memory.context:
            before = by_turn.get((memory.job, memory.created_at - 1), 0.0)
            after = by_turn.get((memory.job, memory.created_at + 1), 0.0)
            column[index] = weight * (before + after)
    return column


def peers(candidates: Sequence[Candidate], scores: Column, weight: float) -> Column:
    """A share of how good the best memory of the same conversation is."""
    best: dict[str, float] = defaultdict(float)
    for candidate, gain in zip(candidates, _gains(scores), strict=True):
        identifier = candidate.memory.scope.conversation
        best[identifier] = max(best[identifier], gain)
    return [
        weight * best[candidate.memory.scope.conversation] for candidate in candidates
    ]


def links(
    candidates: Sequence[Candidate],
    scores: Column,
    anchor: int,
    question: Question,
    weight: float,
) -> Column:
    """The share of the anchor's words, of those that the question lacks, that a memory
    has too; the rarer a word among the best memories, the more it counts.
    """
    if not weight:
        return [0.0] * len(candidates)
    ranking = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    compared = {*ranking[:LINKED], anchor}
    words = {index: index_words(candidates[index].memory.text) for index in compared}
    document_frequency = Counter(chain.from_iterable(words.values()))
    rarity = {}
    for word in words[anchor] - index_words(question.search_words):
        frequency = document_frequency[word]
        rarity[word] = log(1 + (len(words) - frequency + 0.5) / (frequency + 0.5))
    every = sum(rarity.values())
    column = [0.0] * len(candidates)
    if every:
        for index, of_memory in words.items():
            shared = sum(rarity[word] for word in of_memory & rarity.keys())
            column[index] = weight * shared / every
    return column


@lru_cache(maxsize=4096)
def index_words(text: str) -> frozenset[str]:
    """The index terms of a text, each once."""
    return frozenset(index_terms(text))


def _gains(scores: Column) -> Column:
    """By how much each is better than the middle one; 0 for the others."""
    middle = median(scores) if scores else 0.0
    return [max(0.0, score - middle) for score in scores]
