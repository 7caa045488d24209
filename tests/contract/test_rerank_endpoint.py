"""RerankEndpoint against endpoints of both forms, and against bad ones."""

from __future__ import annotations

from typing import Any

import pytest

from shared.adapters.guarded_call import FAILURES
from shared.adapters.rerank_endpoint import RerankEndpoint
from shared.domain.model_role import ModelRole
from shared.errors import Unavailable
from tests.support.embedding_server import EmbeddingServer, wanted

TEXTS = ["a bench", "the best tea", "rain"]
SCORES = [pytest.approx(wanted("tea?", text)) for text in TEXTS]


def reranker(server: EmbeddingServer, model: str = "", **more: Any) -> RerankEndpoint:
    return RerankEndpoint(model, ModelRole(server.url, **more))


async def test_scores_come_in_the_order_of_the_texts() -> None:
    with EmbeddingServer(key="k") as server:
        asked = reranker(server, model="m", api_key="k")
        assert await asked.scores("tea?", TEXTS) == SCORES
        assert asked.name == "m"
        assert await asked.scores("tea?", []) == []
    ((path, body),) = server.requests
    assert path == "/v1/rerank"
    assert body == {"query": "tea?", "documents": TEXTS, "top_n": 3, "model": "m"}


async def test_the_other_form_is_found_out_once() -> None:
    with EmbeddingServer(rerank_form="tei") as server:
        asked = reranker(server)
        assert await asked.scores("tea?", TEXTS) == SCORES
        assert await asked.scores("tea?", TEXTS) == SCORES
    assert ["texts" in body for _, body in server.requests] == [False, True, True]


async def test_logits_become_numbers_between_0_and_1() -> None:
    rows = [{"index": 1, "score": 8.0}, {"index": 0, "score": -900.0}]
    with EmbeddingServer(raw=rows) as server:
        low, high = await reranker(server).scores("q", ["a", "b"])
    assert 0 <= low < 0.01 < 0.99 < high <= 1


@pytest.mark.parametrize(
    "raw",
    [
        {"results": []},
        {"results": [{"index": 7, "relevance_score": 0.5}]},
        {"results": [{"index": 0, "relevance_score": "high"}]},
        {"results": [{"index": 0, "relevance_score": float("nan")}]},
        {"no": 1},
        "no",
    ],
    ids=["none", "stranger", "word", "nan", "other", "text"],
)
async def test_a_bad_answer_is_as_none(raw: Any) -> None:
    with EmbeddingServer(raw=raw) as server, pytest.raises(Unavailable):
        await reranker(server).scores("q", ["a"])


@pytest.mark.parametrize("status", [401, 404, 429, 500])
async def test_a_failure_is_one_that_may_pass(status: int) -> None:
    with EmbeddingServer(failing=status) as server, pytest.raises(Unavailable):
        await reranker(server).scores("q", ["a"])


async def test_one_that_hangs_is_left_alone_for_a_while() -> None:
    with EmbeddingServer(hanging=True) as server:
        asked = reranker(server, timeout_s=0.1)
        for _ in range(FAILURES + 2):
            with pytest.raises(Unavailable):
                await asked.scores("q", ["a"])
    assert len(server.requests) == FAILURES
