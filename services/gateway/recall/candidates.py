"""The memories that the store brings up for a question, by words and by meaning."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.gateway.recall.asked_matters import statement_vector
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
    matter_cosines: Mapping[str, float] = field(default_factory=dict)
    """Cosines of memories, by id, to statements on the everyday matter that the question
    asks for (`asked_matters`); empty where it asks for none.
    """
    vector: Sequence[float] = ()
    """The question's; empty where the embedder was away."""
    embedder: str = ""
    """The name of what computed it."""


class QueryVectors:
    """The vectors of what is searched. None where the embedder is away: then it is
    searched by words alone.
    """

    def __init__(self, embedder: Embedder, stages: StageClock) -> None:
        self._embedder, self._stages = embedder, stages
        self._computed: dict[str, asyncio.Task[Sequence[float]]] = {}
        self.error = ""
        """Why there was none; "" while there were all."""

    @property
    def name(self) -> str:
        """Of the embedder."""
        return self._embedder.name

    async def of(self, text: str) -> Sequence[float]:
        """The vector of a text, computed once; empty where there is none to be had."""
        if text not in self._computed:
            self._computed[text] = asyncio.create_task(self._of(text))
        return await self._computed[text]

    async def _of(self, text: str) -> Sequence[float]:
        try:
            with self._stages.of(EMBED):
                return await self._embedder.query(text)
        except Unavailable as error:
            log.warning("embedder_away", extra={"error": error.message})
            self.error = error.message
            return ()

    async def of_statements(self, question: str) -> Sequence[float]:
        """That of statements on the matter that a question asks for; empty for none."""
        return statement_vector(self._embedder.name, await self.of(question))


async def find_candidates(
    question: Question,
    request: RecallRequest,
    memories: Memories,
    vectors: QueryVectors,
) -> Candidates:
    """The candidates of every kind that is asked for. The question and its rest are
    searched side by side, each in at most two round trips to the store, and in one what
    statements on its matter look like.
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

    async def to_statements() -> Mapping[str, float]:
        dense = await vectors.of_statements(question.text) if kinds else ()
        if not dense:
            return {}
        return await memories.cosines(request.reach, kinds, dense, request.filters)

    rest_words = without_question_words(question.rest, question.chinese)
    whole, rest, cosines = await asyncio.gather(
        search(question.text, question.search_words),
        search(question.rest, rest_words),
        to_statements(),
    )
    vector = await vectors.of(question.text) if kinds else ()
    return Candidates(question, whole, rest, cosines, vector, vectors.name)


def standing(candidates: ByKind, at: int) -> ByKind:
    """The candidates as they stood at a moment (epoch milliseconds); 0 for now."""
    if not at:
        return candidates
    return {kind: _standing(of_kind, at) for kind, of_kind in candidates.items()}


def _standing(candidates: Sequence[Candidate], at: int) -> list[Candidate]:
    stood: list[Candidate] = []
    for candidate in candidates:
        versions = as_of([candidate.memory], at)
        stood += [replace(candidate, memory=memory) for memory in versions]
    return stood
