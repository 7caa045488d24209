"""Texts in the order of their relevance to a query: by words (BM25 among them) and by
meaning, rated as recall rates a memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from math import log

from services.gateway.recall.query_parser import Asked, read
from services.gateway.recall.ranking import Ranked
from services.gateway.recall.relativity import calibration_of, relativity
from services.gateway.recall.scores import base_scores
from shared.domain.memory import Candidate, Memory, SparseVector, Type
from shared.domain.scope import Scope
from shared.language.lexical import ask, weigh
from shared.ports import Embedder


async def reranked(
    query: str, documents: Sequence[str], embedder: Embedder
) -> list[tuple[int, float]]:
    """Places among `documents` and relevance (0..1, none below a later one), the most
    relevant first.
    """
    asked = next(iter(read(query)), Asked(query, query, False))
    calibration = calibration_of(embedder.name)
    words = _by_words(ask(asked.words), [weigh(document) for document in documents])
    meant, passages = (
        await embedder.query(asked.text),
        await embedder.passages(documents),
    )
    cosines = [
        sum(a * b for a, b in zip(meant, passage, strict=True)) for passage in passages
    ]
    memories = [
        Memory("", Scope("", ""), Type.WORKING, document) for document in documents
    ]
    scores = base_scores(
        [Candidate(*one) for one in zip(memories, words, cosines, strict=True)],
        calibration.unit,
        asked.chinese,
    )
    ranking = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    ratings = [
        relativity(
            Ranked(memories[place], scores[place], cosines[place], asked), calibration
        )
        for place in ranking
    ]
    return list(
        zip(ranking, list(accumulate(reversed(ratings), max))[::-1], strict=True)
    )


def _by_words(asked: SparseVector, documents: Sequence[SparseVector]) -> list[float]:
    """BM25 of each document, with the document frequencies among them."""
    having = Counter(term for document in documents for term in document.indices)
    rare = {
        term: log(1 + (len(documents) - having[term] + 0.5) / (having[term] + 0.5))
        for term in asked.indices
    }
    return [
        sum(
            weight * rare.get(term, 0.0)
            for term, weight in zip(document.indices, document.values, strict=True)
        )
        for document in documents
    ]
