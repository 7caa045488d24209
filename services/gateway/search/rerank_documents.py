"""Texts in the order of their relevance to a query: by a reranker where there is one,
else by words (BM25 among them) and by meaning, rated as recall rates a memory.
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from services.gateway.recall.query_parser import Question, parse_query
from services.gateway.recall.recall import Models
from services.gateway.recall.relativity import non_increasing, relativity
from services.gateway.recall.score_terms import totals
from services.gateway.recall.scoring import Score, ScoredMemory, base_terms
from shared.domain.memory import Candidate, Memory, SparseVector, Type
from shared.domain.scope import Scope
from shared.errors import Unavailable
from shared.language.lexical import ask, weigh
from shared.ports import Embedder

log = logging.getLogger(__name__)

NOWHERE = Scope("", "")
"""A document belongs to nobody."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Texts in the order of their relevance."""

    places: Sequence[tuple[int, float]]
    """Indices of the texts with their relevance (0..1, none below a later one), the most
    relevant first.
    """
    model: str = ""
    """The reranker that ordered them; "" for recall's own way."""


async def rerank_documents(
    query: str, documents: Sequence[str], models: Models
) -> Ranking:
    """The order of texts. Where the reranker or the embedder is away it is made without:
    the words are always there.
    """
    if models.reranker:
        try:
            scores = await models.reranker.scores(query, documents)
        except Unavailable as error:
            log.warning("reranker_away", extra={"error": error.message})
        else:
            places = sorted(enumerate(scores), key=lambda place: place[1], reverse=True)
            return Ranking(places, models.reranker.name)
    return Ranking(await _ranked_here(query, documents, models))


async def _ranked_here(
    query: str, documents: Sequence[str], models: Models
) -> list[tuple[int, float]]:
    """As recall ranks. Of several questions in the query only the first counts."""
    question = next(iter(parse_query(query)), Question(query, query, False))
    calibration = models.calibration
    sparse = [weigh(document) for document in documents]
    lexical = bm25(ask(question.search_words), sparse)
    cosines = await _cosines(question.text, documents, models.embedder)
    candidates = []
    for document, of_words, cosine in zip(documents, lexical, cosines, strict=True):
        memory = Memory("", NOWHERE, Type.WORKING, document, fast=cosine is None)
        candidates.append(Candidate(memory, of_words, cosine))
    terms = base_terms(question, candidates, calibration.ranking)
    scores = totals(terms)
    ranking = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    ratings = []
    for index in ranking:
        score = Score(terms["meaning"][index], terms["lexical"][index])
        candidate = candidates[index]
        scored = ScoredMemory(candidate.memory, score, candidate.dense, question)
        ratings.append(relativity(scored, calibration))
    return list(zip(ranking, non_increasing(ratings), strict=True))


async def _cosines(
    question: str, documents: Sequence[str], embedder: Embedder
) -> list[float | None]:
    """The cosine of each text to the question; none where the embedder is away."""
    try:
        vector = await embedder.query(question)
        passages = await embedder.passages(documents)
    except Unavailable as error:
        log.warning("embedder_away", extra={"error": error.message})
        return [None] * len(documents)
    return [
        sum(a * b for a, b in zip(vector, passage, strict=True)) for passage in passages
    ]


def bm25(query: SparseVector, documents: Sequence[SparseVector]) -> list[float]:
    """The score of each document, with the document frequencies among them."""
    having = Counter(chain.from_iterable(document.indices for document in documents))
    rarity = {}
    for term in query.indices:
        frequency = having[term]
        rarity[term] = math.log(
            1 + (len(documents) - frequency + 0.5) / (frequency + 0.5)
        )
    scores = []
    for document in documents:
        pairs = zip(document.indices, document.values, strict=True)
        scores.append(sum(weight * rarity.get(term, 0.0) for term, weight in pairs))
    return scores
