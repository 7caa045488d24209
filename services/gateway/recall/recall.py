"""Recall: the memories that answer a query, best first.

The query is parsed into questions (`query_parser`); the store brings up candidates for
each, by words and by meaning (`candidates`); they are scored and ordered (`scoring`);
repeats are left out and the questions take turns (`diversify`); each memory gets its
`relativity`, at which the threshold cuts; standing instructions come along
(`standing_instructions`); what has changed since is noted.

Where the embedder is away all of it goes by words; where a reranker is asked, it orders
the best of each kind, and where that is away the order stays. Both is said.

Waits for the store three times at most: all questions are searched at the same time,
in two round trips each (their scores, then the memories), and a third reads what
outdates a match, where anything does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from services.gateway.memories.newer_memories import View, newer_within
from services.gateway.recall.calibration import Calibration
from services.gateway.recall.candidates import (
    Candidates,
    QueryVectors,
    find_candidates,
)
from services.gateway.recall.diversify import interleave, without_repeats
from services.gateway.recall.newest_first import newest_first
from services.gateway.recall.query_parser import parse_query
from services.gateway.recall.recall_request import RecallRequest
from services.gateway.recall.relativity import non_increasing, relativity
from services.gateway.recall.reranking import rerank
from services.gateway.recall.scoring import ScoredMatch, ScoredMemory, score_candidates
from services.gateway.recall.stage_clock import (
    CANDIDATES,
    CHANGES,
    RANK,
    RERANK,
    StageClock,
)
from services.gateway.recall.standing_instructions import with_standing_instructions
from services.gateway.recall.use_terms import AskedVector, decay_of, moved, with_use
from shared.domain.memory import Kind, Memory
from shared.language.change_notes import with_news
from shared.ports import Embedder, Memories, Reranker

RATED_PER_PLACE = 2
"""Memories at the top that are rated for each place in the answer: what stands lower
in the order is no better, whatever its relativity.
"""

EMBEDDER, RERANKER = "embedder", "reranker"

Matches = Mapping[Kind, list[ScoredMatch]]


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was found, and what could not be done to find it."""

    matches: Matches
    lacking: tuple[str, ...] = ()
    """Of `EMBEDDER` and `RERANKER` those that were away."""
    candidates: Sequence[Candidates] = ()
    """What the store brought up, for each question of the query."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """How long each stage took."""


@dataclass(frozen=True, slots=True)
class Models:
    """What reads queries and memories."""

    embedder: Embedder
    calibration: Calibration
    """The embedder's."""
    reranker: Reranker | None = None


async def recall(
    request: RecallRequest, memories: Memories, models: Models
) -> Recalled:
    """The best memories of each kind, at most as many as its limit, none below the
    threshold.
    """
    questions = parse_query(request.query)
    stages = StageClock()
    vectors = QueryVectors(models.embedder, stages)
    with stages.of(CANDIDATES):
        candidates = await asyncio.gather(
            *(
                find_candidates(question, request, memories, vectors)
                for question in questions
            )
        )
    with stages.of(RANK):
        considered, every = rank_kinds(candidates, request, models.calibration)
    lacking = [EMBEDDER] if vectors.error else []
    if models.reranker:
        with stages.of(RERANK):
            reranked = await rerank(request.query, considered, models.reranker)
        lacking += [RERANKER] if reranked is None else []
        considered = reranked or considered
    matches = {
        kind: select(
            considered[kind], every[kind], limit, request.relativity, models.calibration
        )
        for kind, limit in request.limits.items()
    }
    with stages.of(CHANGES):
        matches = await with_changes(matches, request, memories)
    return Recalled(matches, tuple(lacking), candidates, stages.seconds)


def rank_kinds(
    candidates: Sequence[Candidates], request: RecallRequest, calibration: Calibration
) -> tuple[dict[Kind, list[ScoredMemory]], dict[Kind, list[ScoredMemory]]]:
    """Of each kind the best, in which the questions take turns, and all."""
    considered: dict[Kind, list[ScoredMemory]] = {}
    every: dict[Kind, list[ScoredMemory]] = {}
    for kind, limit in request.limits.items():
        rankings = [
            rank(of_question, kind, request, calibration) for of_question in candidates
        ]
        best = islice(interleave(rankings), RATED_PER_PLACE * limit)
        considered[kind] = list(best)
        every[kind] = list(chain.from_iterable(rankings))
    return considered, every


def rank(
    candidates: Candidates, kind: Kind, request: RecallRequest, calibration: Calibration
) -> list[ScoredMemory]:
    """The candidates of one kind for one question, best first, each thing once."""
    ranking = score(candidates, kind, request, calibration)
    return list(without_repeats(ranking))


def score(
    candidates: Candidates, kind: Kind, request: RecallRequest, calibration: Calibration
) -> list[ScoredMemory]:
    """The candidates of one kind for one question, best first, repeats among them."""
    scored = score_candidates(
        candidates.question,
        candidates.whole.get(kind, ()),
        candidates.rest.get(kind, ()),
        calibration.ranking,
        request.conversation,
        request.now,
    )
    cosines = candidates.matter_cosines
    ranking = [
        replace(memory, matter_cosine=cosines.get(memory.memory.id, 0.0))
        for memory in scored
    ]
    user, decay = request.reach.user, None
    if request.half_life:
        decay = decay_of(request.half_life, request.now, user)
    asked = AskedVector(
        candidates.question.text, candidates.vector, candidates.embedder
    )
    return with_use(ranking, asked, calibration, user, decay)


def select(
    considered: Sequence[ScoredMemory],
    every: Sequence[ScoredMemory],
    limit: int,
    threshold: float,
    calibration: Calibration,
) -> list[ScoredMatch]:
    """At most `limit` of those considered, best first, whose relativity reaches the
    threshold, and the standing instructions among all where it is not above theirs.
    """
    rated = (rate(scored, calibration) for scored in considered)
    good = (match for match in rated if match.relativity >= threshold)
    matches = list(islice(good, limit))
    floor = calibration.ranking.standing_floor
    if threshold <= floor:
        matches = with_standing_instructions(matches, every, limit, floor)
    ratings = non_increasing([match.relativity for match in matches])
    return [
        replace(match, relativity=rating)
        for match, rating in zip(matches, ratings, strict=True)
    ]


def rate(scored: ScoredMemory, calibration: Calibration) -> ScoredMatch:
    """The memory as a match, with the relativity that it has by itself."""
    rating = moved(relativity(scored, calibration), scored.score.thumbs)
    return ScoredMatch(scored.memory, rating, replace(scored.score, relativity=rating))


async def with_changes(
    matches: Matches, request: RecallRequest, memories: Memories
) -> dict[Kind, list[ScoredMatch]]:
    """The matches, outdated ones behind what has changed them and with notes on it."""
    every = [match.memory for match in chain.from_iterable(matches.values())]
    view = View(request.reach, request.filters)
    newer = await newer_within(every, view, memories)
    ordered = newest_first(matches, newer.quotable, request.limits, request.query)

    def noted(memory: Memory) -> Memory:
        return with_news(memory, newer.quotable, request.zone, newer.hidden)

    return {
        kind: [replace(match, memory=noted(match.memory)) for match in of_kind]
        for kind, of_kind in ordered.items()
    }
