"""What else speaks for a memory, beside its own likeness to the question. In the steps
of `scores`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from math import log
from statistics import median

from services.gateway.recall.query_parser import Asked
from shared.domain.memory import Candidate, Memory
from shared.language.dates import mentioned
from shared.language.lexical import index_terms

SPEAKER = 2.5
"""A person whom the question names said it."""
DAY = 3.0
"""It speaks of a day that the question names, or was said on it."""
SAME_CONVERSATION = 0.5
"""The caller is in this conversation: wins between equals, hides nothing better."""
COMPANY = 0.3
"""Share of the best score of its conversation that a memory gets: what is told around
an answer tends to belong to it.
"""
NEIGHBOUR = 0.1
LINK = 1.0
"""It shares the telling words of the best memory, which the question lacks: the name
that the first look-up found.
"""
LINK_OF_DESCRIBED = 2.0
LINKED = 60
"""Candidates whose words are looked at."""

Scores = list[float]


def people_named(candidates: Sequence[Candidate], text: str) -> frozenset[str]:
    """The speakers among the candidates whom a text names."""
    people = {
        candidate.memory.speaker for candidate in candidates if candidate.memory.speaker
    }
    return frozenset(person for person in people if is_named(person, text))


def with_speakers(
    scores: Scores, candidates: Sequence[Candidate], named: frozenset[str]
) -> Scores:
    """Raise what these people said."""
    return [
        score + SPEAKER * (candidate.memory.speaker in named)
        for score, candidate in zip(scores, candidates, strict=True)
    ]


def is_named(person: str, text: str) -> bool:
    """Whether a text names a person, by the whole name or a part of it."""
    return any(
        _name(part).search(text) for part in (person, *person.split()) if len(part) > 1
    )


@lru_cache(maxsize=1024)
def _name(part: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![^\W\d_]){re.escape(part)}(?![^\W\d_])"
        if part.isascii()
        else re.escape(part),
        re.I,
    )


def with_days(
    scores: Scores, candidates: Sequence[Candidate], text: str, now: int
) -> Scores:
    """Raise what happened or was said on the days that the question names."""
    days = mentioned(text, datetime.fromtimestamp(now / 1000, UTC))
    if not days:
        return scores
    return [
        score + DAY * _on_one_of(candidate.memory, days)
        for score, candidate in zip(scores, candidates, strict=True)
    ]


def _on_one_of(memory: Memory, days: Sequence[tuple[date, date]]) -> bool:
    if not memory.happened_at:
        return False
    day = datetime.fromtimestamp(memory.happened_at / 1000, UTC).date()
    return any(first <= day <= last for first, last in days)


def with_conversation(
    scores: Scores, candidates: Sequence[Candidate], conversation: str
) -> Scores:
    """Raise the conversation that the caller is in."""
    return [
        score
        + SAME_CONVERSATION
        * bool(conversation and candidate.memory.scope.conversation == conversation)
        for score, candidate in zip(scores, candidates, strict=True)
    ]


def with_neighbours(scores: Scores, candidates: Sequence[Candidate]) -> Scores:
    """Raise each turn of a dialogue by a share of how good the turns beside it are:
    memories of one job are a millisecond apart.
    """
    if not scores:
        return scores
    middle = median(scores)
    good = {
        (one.memory.job, one.memory.created_at): score - middle
        for score, one in zip(scores, candidates, strict=True)
        if score > middle
    }
    return [
        score
        + NEIGHBOUR
        * sum(
            good.get((one.memory.job, one.memory.created_at + step), 0.0)
            for step in (-1, 1)
            if one.memory.context
        )
        for score, one in zip(scores, candidates, strict=True)
    ]


def with_company(scores: Scores, candidates: Sequence[Candidate]) -> Scores:
    """Raise each memory by a share of how good its conversation is at best."""
    if not scores:
        return scores
    middle = median(scores)
    best: dict[str, float] = defaultdict(float)
    for score, candidate in zip(scores, candidates, strict=True):
        talk = candidate.memory.scope.conversation
        best[talk] = max(best[talk], score - middle)
    return [
        score + COMPANY * best[candidate.memory.scope.conversation]
        for score, candidate in zip(scores, candidates, strict=True)
    ]


def with_links(
    scores: Scores,
    candidates: Sequence[Candidate],
    asked: Asked,
    anchor: int,
    weight: float = LINK,
) -> Scores:
    """Raise what shares the anchor's telling words: the rarer a word among the
    candidates, the more it tells.
    """
    ranking = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[:LINKED]
    said = {place: words(candidates[place].memory.text) for place in {*ranking, anchor}}
    known = words(asked.words)
    seen = Counter(word for of_one in said.values() for word in of_one)
    telling = {
        word: log(1 + (len(said) - seen[word] + 0.5) / (seen[word] + 0.5))
        for word in said[anchor] - known
    }
    total = sum(telling.values())
    if not total:
        return scores
    raised = list(scores)
    for place, of_one in said.items():
        raised[place] += (
            weight * sum(telling[word] for word in of_one & telling.keys()) / total
        )
    return raised


@lru_cache(maxsize=4096)
def words(text: str) -> frozenset[str]:
    """The index terms of a text, each once."""
    return frozenset(index_terms(text))
