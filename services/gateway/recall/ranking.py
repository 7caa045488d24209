"""From candidates to an order: what was found for each question, scored, without
repeats, the questions taking turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.gateway.recall.boosts import (
    LINK_OF_DESCRIBED,
    Scores,
    people_named,
    with_company,
    with_conversation,
    with_days,
    with_links,
    with_neighbours,
    with_speakers,
    words,
)
from services.gateway.recall.query_parser import Asked
from services.gateway.recall.scores import base_scores, dense_scores
from shared.domain.memory import Candidate, Memory
from shared.language.lexical import without_date

OF_THE_REST = 0.7
"""What the rest of a question weighs beside the whole, where it asks something of a
thing that it describes.
"""
REPEATS = 0.9
"""Share of a memory's words that stand in a better one at which it says nothing more."""
COMPARED = 40
"""Memories at the top that are compared with each other."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A memory in its place: its score, its cosine (None for a fast one), the question
    that found it and the speakers `named` in that.
    """

    memory: Memory
    score: float
    dense: float | None
    asked: Asked
    named: frozenset[str] = frozenset()


def rank(
    asked: Asked,
    whole: Sequence[Candidate],
    rest: Sequence[Candidate],
    unit: float,
    conversation: str,
    now: int,
) -> list[Ranked]:
    """The candidates of one question, best first, each thing once. `rest` are those
    found for `asked.rest`.
    """
    candidates, scores = _scored(asked, whole, rest, unit, conversation)
    if not candidates:
        return []
    named = people_named(candidates, asked.text)
    scores = with_days(
        with_speakers(scores, candidates, named), candidates, asked.text, now
    )
    scores = with_company(with_neighbours(scores, candidates), candidates)
    dense = _cosines(whole, candidates)
    ranking = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    return list(
        _without_repeats(
            [
                Ranked(
                    candidates[place].memory, scores[place], dense[place], asked, named
                )
                for place in ranking
            ]
        )
    )


def in_turns(lists: Sequence[Sequence[Ranked]]) -> Iterator[Ranked]:
    """The best of each list, then the second of each, and so on; each memory once."""
    seen = set()
    for place in range(max(map(len, lists), default=0)):
        for one in (ranked[place] for ranked in lists if place < len(ranked)):
            if one.memory.id not in seen:
                seen.add(one.memory.id)
                yield one


def _scored(
    asked: Asked,
    whole: Sequence[Candidate],
    rest: Sequence[Candidate],
    unit: float,
    conversation: str,
) -> tuple[Sequence[Candidate], Scores]:
    scores = with_conversation(
        base_scores(whole, unit, asked.chinese), whole, conversation
    )
    if not scores:
        return whole, scores
    anchor = max(range(len(scores)), key=scores.__getitem__)
    if not rest:
        return whole, with_links(scores, whole, asked, anchor)
    return _of_described(asked, whole, scores, anchor, _aligned(rest, whole), unit)


def _cosines(
    whole: Sequence[Candidate], candidates: Sequence[Candidate]
) -> list[float | None]:
    """The better cosine of each candidate, to the whole question or to the rest of it
    (as which `candidates` begin).
    """
    of_whole, shown = dense_scores(whole), dense_scores(candidates)
    better = [
        max((score for score in pair if score is not None), default=None)
        for pair in zip(of_whole, shown, strict=False)
    ]
    return better + shown[len(better) :]


def _aligned(rest: Sequence[Candidate], whole: Sequence[Candidate]) -> list[Candidate]:
    """What the rest of the question found of the memories at hand; a memory that it did
    not bring up has no scores.
    """
    found = {candidate.memory.id: candidate for candidate in rest}
    known = {candidate.memory.id for candidate in whole}
    return [found.get(one.memory.id, Candidate(one.memory)) for one in whole] + [
        one for one in rest if one.memory.id not in known
    ]


def _of_described(
    asked: Asked,
    whole: Sequence[Candidate],
    scores: Scores,
    anchor: int,
    rest: Sequence[Candidate],
    unit: float,
) -> tuple[Sequence[Candidate], Scores]:
    """The anchor is the thing described: it comes first, then what answers the rest of
    the question and is linked to it.
    """
    floor = min(scores)
    of_whole = scores + [floor] * (len(rest) - len(scores))
    of_rest = with_links(
        base_scores(rest, unit, asked.chinese), rest, asked, anchor, LINK_OF_DESCRIBED
    )
    mixed = [
        (1 - OF_THE_REST) * one + OF_THE_REST * other
        for one, other in zip(of_whole, of_rest, strict=True)
    ]
    mixed[anchor] = max(mixed) + 1
    return rest, mixed


def _without_repeats(ranked: Sequence[Ranked]) -> Iterator[Ranked]:
    """Leave out what a better one says already, among the first."""
    kept: list[frozenset[str]] = []
    for one in ranked[:COMPARED]:
        said = words(without_date(one.memory.text))
        if not any(len(said & better) >= REPEATS * len(said) for better in kept):
            kept.append(said)
            yield one
    yield from ranked[COMPARED:]
