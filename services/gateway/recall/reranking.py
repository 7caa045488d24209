"""The order of a reranker: a model that reads the query together with each memory.

It only sees the best of each kind, and it only orders them: which of them pass the
threshold is decided by their relativity, whatever scale the reranker's numbers have.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from itertools import chain

from services.gateway.recall.scoring import ScoredMemory
from shared.domain.memory import Kind
from shared.errors import Unavailable
from shared.ports import Reranker

log = logging.getLogger(__name__)

ByKind = Mapping[Kind, Sequence[ScoredMemory]]


async def rerank(
    query: str, considered: ByKind, reranker: Reranker
) -> dict[Kind, list[ScoredMemory]] | None:
    """The memories of each kind, the best first; asked in one request. None where the
    reranker is away.
    """
    texts = dict.fromkeys(
        scored.memory.text for scored in chain.from_iterable(considered.values())
    )
    try:
        scores = await reranker.scores(query, list(texts))
    except Unavailable as error:
        log.warning("reranker_away", extra={"error": error.message})
        return None
    score_of = dict(zip(texts, scores, strict=True))
    return {
        kind: sorted(
            of_kind, key=lambda scored: score_of[scored.memory.text], reverse=True
        )
        for kind, of_kind in considered.items()
    }
