"""Texts in the order of their relevance to a query: by words (BM25 among them) and by meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import exp, log

from shared.domain.memory import SparseVector
from shared.language.lexical import ask, weigh
from shared.ports import Embedder

_UNRELATED, _STEEP = 0.845, 50.0
"""The default embedder puts unrelated texts at a cosine of .834 on average and related ones at .84 to .91: what lies between tells."""
_BY_WORDS = 2.0
"""What the best match by words adds, on the scale of the logistic function."""


async def reranked(query: str, documents: Sequence[str], embedder: Embedder) -> list[tuple[int, float]]:
    """Places among `documents` and relevance (0..1), the most relevant first."""
    words = _by_words(ask(query), [weigh(document) for document in documents])
    asked, passages = await embedder.query(query), await embedder.passages(documents)
    cosines = [sum(a * b for a, b in zip(asked, passage, strict=True)) for passage in passages]
    scores = [_logistic(_STEEP * (cosine - _UNRELATED) + _BY_WORDS * (share - 0.5)) for cosine, share in zip(cosines, words, strict=True)]
    return sorted(enumerate(scores), key=lambda scored: -scored[1])


def _by_words(asked: SparseVector, documents: Sequence[SparseVector]) -> list[float]:
    """BM25 of each document as a share of the best one's, with the document frequencies among them."""
    having = Counter(term for document in documents for term in document.indices)
    rare = {term: log(1 + (len(documents) - having[term] + 0.5) / (having[term] + 0.5)) for term in asked.indices}
    scores = [sum(weight * rare.get(term, 0.0) for term, weight in zip(document.indices, document.values, strict=True))
              for document in documents]
    best = max(scores, default=0.0)
    return [score / best if best else 0.0 for score in scores]


def _logistic(value: float) -> float:
    return round(1 / (1 + exp(-value)), 6)
