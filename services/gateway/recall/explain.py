"""The reasons of a recall: every memory that was considered, the terms of its score, and
why it came back or did not. The same steps as in `recall`, on the same candidates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from services.gateway.recall.calibration import Calibration
from services.gateway.recall.candidates import Candidates
from services.gateway.recall.diversify import without_repeats
from services.gateway.recall.recall import Matches, Recalled, rate, score
from services.gateway.recall.recall_request import RecallRequest
from services.gateway.recall.scoring import Score
from shared.domain.memory import Kind, Memory


class Verdict(StrEnum):
    """What became of a memory that was considered."""

    RETURNED = "returned"
    BELOW_THRESHOLD = "below_threshold"
    REPEATS = "repeats"
    """A better memory says it already."""
    OVER_LIMIT = "over_limit"
    """Good enough, but so many better ones were asked for at most."""


@dataclass(frozen=True, slots=True)
class ConsideredMemory:
    """A candidate of one question."""

    memory: Memory
    question: int
    """Which of the query's questions brought it up, from 0."""
    rank: int
    """Its place among the candidates of its kind and question, from 1."""
    score: Score
    verdict: Verdict


def considered_memories(
    recalled: Recalled, request: RecallRequest, calibration: Calibration
) -> list[ConsideredMemory]:
    """All that was considered for a recall, by kind, question and rank."""
    considered: list[ConsideredMemory] = []
    for kind, (number, candidates) in product(
        request.limits, enumerate(recalled.candidates)
    ):
        considered += judged(
            candidates, number, kind, request, calibration, recalled.matches
        )
    return considered


def judged(
    candidates: Candidates,
    number: int,
    kind: Kind,
    request: RecallRequest,
    calibration: Calibration,
    matches: Matches,
) -> Iterator[ConsideredMemory]:
    """The candidates of one kind for the question of that number, best first."""
    returned = {match.memory.id for match in matches[kind]}
    ranking = score(candidates, kind, request, calibration)
    distinct = {scored.memory.id for scored in without_repeats(ranking)}
    for rank, scored in enumerate(ranking, 1):
        rated = rate(scored, calibration)
        if scored.memory.id in returned:
            verdict = Verdict.RETURNED
        elif scored.memory.id not in distinct:
            verdict = Verdict.REPEATS
        elif rated.relativity < request.relativity:
            verdict = Verdict.BELOW_THRESHOLD
        else:
            verdict = Verdict.OVER_LIMIT
        yield ConsideredMemory(scored.memory, number, rank, rated.score, verdict)
