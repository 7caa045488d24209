"""OpenAIEmbedder against an endpoint that answers as such endpoints do: well, slowly,
with limits, with errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shared.adapters.guarded_call import FAILURES
from shared.adapters.openai_embedder import (
    EmbeddingEndpoint,
    OpenAIEmbedder,
    probed_size,
)
from shared.domain.model_role import ModelRole
from shared.errors import ModelUnavailable, Unavailable
from tests.support.embedding_server import EmbeddingServer, unit, vector


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with EmbeddingServer(size=8) as running:
        yield running


def endpoint(server: EmbeddingServer, **more: Any) -> EmbeddingEndpoint:
    return at(server.url, **more)


def at(url: str, **more: Any) -> EmbeddingEndpoint:
    names = ("api_key", "tries", "extra_body")
    role = ModelRole(url, **{name: more.pop(name) for name in names if name in more})
    return EmbeddingEndpoint("m", role, **more)


def embedder(server: EmbeddingServer, **more: Any) -> OpenAIEmbedder:
    return OpenAIEmbedder(endpoint(server, **more), 8)


def expected(*texts: str) -> list[Any]:
    return [pytest.approx(unit(vector(text, 8))) for text in texts]


async def test_texts_become_unit_vectors_in_their_order(
    server: EmbeddingServer,
) -> None:
    texts = [f"note {number}" for number in range(7)]
    embed = embedder(server, batch=3, api_key="k")
    assert await embed.passages(texts) == expected(*texts)
    assert sorted(len(body["input"]) for _, body in server.requests) == [1, 3, 3]
    assert {body["model"] for _, body in server.requests} == {"m"}
    assert await embed.passages([]) == []


async def test_prefixes_and_dimensions_are_sent_and_make_another_embedder(
    server: EmbeddingServer,
) -> None:
    more = {"query_prefix": "query: ", "passage_prefix": "passage: ", "dimensions": 8}
    embed = embedder(server, **more)
    await embed.passages(["tea"])
    await embed.query("tea")
    assert server.texts == ["passage: tea", "query: tea"]
    assert [body["dimensions"] for _, body in server.requests] == [8, 8]
    names = {endpoint(server, **{key: value}).name for key, value in more.items()}
    assert len(names | {embed.name, endpoint(server).name}) == 5
    assert endpoint(server).name == "endpoint:m"
    elsewhere = at("http://elsewhere/v1", api_key="other")
    assert elsewhere.name == endpoint(server).name


async def test_a_question_is_asked_for_once(server: EmbeddingServer) -> None:
    embed = embedder(server)
    first = await embed.query("who called?")
    assert first == expected("who called?")[0]
    assert await embed.query("who called?") == first
    assert len(server.requests) == 1


async def test_what_is_refused_is_asked_for_in_smaller_parts(
    server: EmbeddingServer,
) -> None:
    server.most_texts, server.most_characters = 2, 100
    texts = [f"note {number}" for number in range(9)]
    texts[4] = "long " * 100
    vectors = await embedder(server).passages(texts)
    assert vectors[:4] + vectors[5:] == expected(*texts[:4], *texts[5:])
    assert len(vectors[4]) == 8
    assert await embedder(server).query("why? " * 100)


async def test_nothing_and_odd_characters_are_taken(server: EmbeddingServer) -> None:
    texts = ["", "  ", "half a pair \ud83d", "before\0after"]
    assert [len(found) for found in await embedder(server).passages(texts)] == [8] * 4


async def test_a_short_failure_passes_unnoticed(server: EmbeddingServer) -> None:
    server.fail_next = 2
    assert await embedder(server, tries=3).passages(["tea"]) == expected("tea")
    assert len(server.requests) == 3


async def test_what_else_the_owner_wants_is_sent_along(server: EmbeddingServer) -> None:
    await embedder(server, extra_body={"truncate": True}).query("tea")
    assert server.requests[0][1]["truncate"] is True


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
async def test_a_lasting_one_may_pass_later(
    server: EmbeddingServer, status: int
) -> None:
    server.failing = status
    with pytest.raises(ModelUnavailable, match=r"endpoint:m embeds nothing now"):
        await embedder(server).passages(["tea"])
    with pytest.raises(Unavailable):
        await embedder(server).query("tea")


@pytest.mark.parametrize(
    "raw",
    [
        {"data": []},
        {"data": [{"index": 0, "embedding": [0.0] * 8}]},
        {"data": [{"index": 0, "embedding": ["x"] * 8}]},
        {"answer": "no"},
        [],
        "no",
    ],
    ids=["none", "zeros", "words", "other", "list", "text"],
)
async def test_an_answer_that_is_none_may_pass_later(
    server: EmbeddingServer, raw: Any
) -> None:
    server.raw = raw
    with pytest.raises(Unavailable):
        await embedder(server).passages(["tea"])


async def test_a_model_of_another_size_than_it_was_is_refused(
    server: EmbeddingServer,
) -> None:
    assert await probed_size(endpoint(server)) == 8
    with pytest.raises(Unavailable, match="8 numbers and the stored ones have 5"):
        await OpenAIEmbedder(endpoint(server), 5).passages(["tea"])


async def test_a_question_waits_shortly_and_not_again_and_again(
    server: EmbeddingServer,
) -> None:
    server.hanging = True
    embed = embedder(server, query_timeout_s=0.1)
    for _ in range(FAILURES + 2):
        with pytest.raises(Unavailable):
            await embed.query("tea")
    assert len(server.requests) == FAILURES


async def test_nobody_there_is_a_failure_that_may_pass() -> None:
    with EmbeddingServer() as server:
        gone = endpoint(server)
    with pytest.raises(Unavailable):
        await probed_size(gone)


async def test_jobs_do_not_wait_for_an_endpoint_that_is_away_one_after_another(
    server: EmbeddingServer,
) -> None:
    embed = embedder(server, tries=1)
    server.stop()
    for _ in range(FAILURES):
        with pytest.raises(ModelUnavailable, match="embeds nothing now"):
            await embed.passages(["a note"])
    with pytest.raises(ModelUnavailable, match="left alone") as left:
        await embed.passages(["a note"])
    assert left.value.after > 0
    assert await embed.passages([]) == []
