"""Texts in the order of their relevance to a query: by words (BM25 among them) and by
meaning, rated as recall rates a memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from math import log

from services.gateway.recall.calibration import calibration_of
from services.gateway.recall.query_parser import Question, parse_query
from services.gateway.recall.relativity import non_increasing, relativity
from services.gateway.recall.score_terms import totals
from services.gateway.recall.scoring import Score, ScoredMemory, base_terms
from shared.domain.memory import Candidate, Memory, SparseVector, Type
from shared.domain.scope import Scope
from shared.language.lexical import ask, weigh
from shared.ports import Embedder

NOWHERE = Scope("", "")
"""A document belongs to nobody."""


async def rerank_documents(
    query: str, documents: Sequence[str], embedder: Embedder
) -> list[tuple[int, float]]:
    """Indices of `documents` with their relevance (0..1, none below a later one), the
    most relevant first. Of several questions in the query only the first counts.
    """
    question = next(iter(parse_query(query)), Question(query, query, False))
    calibration = calibration_of(embedder.name)
    sparse = [weigh(document) for document in documents]
    lexical = bm25(ask(question.search_words), sparse)
    vector = await embedder.query(question.text)
    passages = await embedder.passages(documents)
    candidates = []
    for document, of_words, passage in zip(documents, lexical, passages, strict=True):
        memory = Memory("", NOWHERE, Type.WORKING, document)
        cosine = sum(a * b for a, b in zip(vector, passage, strict=True))
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


def bm25(query: SparseVector, documents: Sequence[SparseVector]) -> list[float]:
    """The score of each document, with the document frequencies among them."""
    having = Counter(chain.from_iterable(document.indices for document in documents))
    rarity = {}
    for term in query.indices:
        frequency = having[term]
        rarity[term] = log(1 + (len(documents) - frequency + 0.5) / (frequency + 0.5))
    scores = []
    for document in documents:
        pairs = zip(document.indices, document.values, strict=True)
        scores.append(sum(weight * rarity.get(term, 0.0) for term, weight in pairs))
    return scores
