"""Texts in the order of their relevance to a query, by the same scores that recall uses for memories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

from services.gateway.recall.ranking import rank
from services.gateway.recall.reading import read
from shared.domain.memory import Candidate, Memory, SparseVector, Type
from shared.domain.scope import Scope
from shared.language.lexical import ask, weigh
from shared.ports import Embedder


async def reranked(query: str, documents: Sequence[str], embedder: Embedder) -> list[tuple[int, float]]:
    """Places among `documents` and relevance (0..1), the most relevant first."""
    reading = read(query)
    vectors = [weigh(document) for document in documents]
    words = _by_words(ask(reading.text), vectors)
    asked, passages = await embedder.query(reading.text), await embedder.passages(documents)
    candidates = [
        Candidate(_as_memory(place, document), lexical, sum(a * b for a, b in zip(asked, dense, strict=True)))
        for place, (document, lexical, dense) in enumerate(zip(documents, words, passages, strict=True))]
    return [(int(match.memory.id), match.relativity) for match in rank(candidates, reading, "", len(candidates), 0.0)]


def _as_memory(place: int, document: str) -> Memory:
    return Memory(str(place), Scope("", ""), Type.WORKING, document)


def _by_words(asked: SparseVector, documents: Sequence[SparseVector]) -> list[float]:
    """BM25 of each document, with the inverse document frequencies among them (as Qdrant computes them)."""
    having = Counter(term for document in documents for term in document.indices)
    rare = {term: log(1 + (len(documents) - having[term] + 0.5) / (having[term] + 0.5)) for term in asked.indices}
    return [sum(weight * rare.get(term, 0.0) for term, weight in zip(document.indices, document.values, strict=True))
            for document in documents]
