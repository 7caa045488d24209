"""The Reranker port on an endpoint of the form that Jina, Cohere and many servers share,
or of that of Hugging Face's text-embeddings-inference (TEI).

    Jina, Cohere, vLLM, LocalAI, llama.cpp   {"model", "query", "documents", "top_n"}
        -> {"results": [{"index", "relevance_score"}]}
    TEI                                      {"query", "texts", "truncate"}
        -> [{"index", "score"}]

The first form is tried first; where it is refused the other one is used from then on.
Sources: https://jina.ai/reranker, https://docs.cohere.com/reference/rerank,
https://huggingface.github.io/text-embeddings-inference.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from shared.adapters.circuit_breaker import CircuitBreaker
from shared.adapters.guarded_call import FAILURES, guarded
from shared.domain.model_role import ModelRole
from shared.errors import ModelUnavailable

REFUSED = frozenset({400, 404, 415, 422})
"""HTTP statuses by which an endpoint says that it does not know a form."""
MALFORMED = (ValueError, TypeError, KeyError, AttributeError)
"""What reading an answer of another form raises."""
READ_CHARACTERS = 2000
"""Characters of a text that are sent: about the 512 tokens that rerankers read."""


class RerankEndpoint:
    """The Reranker port. The role's address is that above `/rerank`; its time is the
    longest that a search waits.
    """

    def __init__(self, model: str, role: ModelRole) -> None:
        """`model`: "" for the only one of the endpoint."""
        self.name = model or "reranker"
        self._url = f"{role.base_url.rstrip('/')}/rerank"
        self._model, self._role = model, role
        headers = {"Authorization": f"Bearer {role.api_key}"} if role.api_key else None
        self._client = httpx.AsyncClient(headers=headers, timeout=role.timeout_s)
        self._calls = asyncio.Semaphore(max(1, role.calls))
        self._breaker = CircuitBreaker(FAILURES)
        self._is_tei = False

    async def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Numbers outside 0..1 are taken for logits. Raises `ModelUnavailable`."""
        if not texts:
            return []
        cut = [text[:READ_CHARACTERS] for text in texts]
        with guarded(self._breaker):
            try:
                async with self._calls:
                    return _in_order(await self._answer(query, cut), len(cut))
            except (httpx.HTTPError, *MALFORMED) as error:
                raise ModelUnavailable(
                    f"the reranker {self.name} does not answer: {error!r}"
                ) from error

    async def _answer(self, query: str, texts: Sequence[str]) -> Any:
        more = dict(self._role.extra_body)
        if not self._is_tei:
            body = {"query": query, "documents": list(texts), "top_n": len(texts)}
            named = {"model": self._model} if self._model else {}
            response = await self._client.post(self._url, json=body | named | more)
            if response.status_code not in REFUSED:
                return response.raise_for_status().json()
        body = {"query": query, "texts": list(texts), "truncate": True}
        response = await self._client.post(self._url, json=body | more)
        answer = response.raise_for_status().json()
        self._is_tei = True
        return answer


def _in_order(answer: Any, count: int) -> list[float]:
    """The scores in the order of the texts. Raises one of MALFORMED for an answer of
    another form or without a score for each text.
    """
    rows: Sequence[Mapping[str, Any]] = answer
    if isinstance(answer, Mapping):
        rows = answer.get("results") or answer["data"]
    scores: list[float | None] = [None] * count
    for row in rows:
        score = row.get("relevance_score", row.get("score"))
        index = int(row["index"])
        if not 0 <= index < count:
            raise ValueError(f"a score for text {index} of {count}")
        scores[index] = float(score)
    given = [score for score in scores if score is not None]
    if len(given) != count or not all(map(math.isfinite, given)):
        raise ValueError(f"{len(given)} scores for {count} texts")
    if all(0.0 <= score <= 1.0 for score in given):
        return given
    return [_sigmoid(score) for score in given]


def _sigmoid(value: float) -> float:
    if value < 0:
        return math.exp(value) / (1 + math.exp(value))
    return 1 / (1 + math.exp(-value))
