"""The memories that the store brings up for a question, by words and by meaning."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.gateway.recall.query_parser import Question, without_question_words
from services.gateway.recall.recall_request import RecallRequest
from services.gateway.recall.stage_clock import EMBED, StageClock
from shared.domain.memory import Candidate, Kind
from shared.domain.validity import as_of
from shared.errors import Unavailable
from shared.language.lexical import ask
from shared.ports import Embedder, Memories

log = logging.getLogger(__name__)

DEPTH = 60
"""Memories of a kind that each search brings up: enough that a good one on a single
scale is among them, few enough to be scored in milliseconds.
"""

ByKind = Mapping[Kind, Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found for one question, and for its rest; nothing for that where it has none."""

    question: Question
    whole: ByKind
    rest: ByKind


class QueryVectors:
    """The vectors of what is searched. None where the embedder is away: then it is
    searched by words alone.
    """

    def __init__(self, embedder: Embedder, stages: StageClock) -> None:
        self._embedder, self._stages = embedder, stages
        self.error = ""
        """Why there was none; "" while there were all."""

    async def of(self, text: str) -> Sequence[float]:
        """The vector of a text; empty where there is none to be had."""
        try:
            with self._stages.of(EMBED):
                return await self._embedder.query(text)
        except Unavailable as error:
            log.warning("embedder_away", extra={"error": error.message})
            self.error = error.message
            return ()


async def find_candidates(
    question: Question,
    request: RecallRequest,
    memories: Memories,
    vectors: QueryVectors,
) -> Candidates:
    """The candidates of every kind that is asked for. The question and its rest are
    searched side by side; each takes at most two round trips to the store.
    """
    kinds = {kind: DEPTH for kind, limit in request.limits.items() if limit > 0}

    async def search(text: str, search_words: str) -> ByKind:
        if not text or not kinds:
            return {}
        lexical, dense = ask(search_words), await vectors.of(text)
        candidates = await memories.candidates(
            request.reach, kinds, lexical, dense, request.filters
        )
        return standing(candidates, request.reach.as_of)

    rest_words = without_question_words(question.rest, question.chinese)
    whole, rest = await asyncio.gather(
        search(question.text, question.search_words),
        search(question.rest, rest_words),
    )
    return Candidates(question, whole, rest)


def standing(candidates: ByKind, at: int) -> ByKind:
    """The candidates as they stood at a moment (epoch milliseconds); 0 for now."""
    if not at:
        return candidates
    return {
        kind: [
            replace(candidate, memory=memory)
            for candidate in of_kind
            for memory in as_of([candidate.memory], at)
        ]
        for kind, of_kind in candidates.items()
    }
