"""Searches whose embedder or reranker is away, and those that a reranker orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.domain.searched_text import Searched
from shared.errors import Unavailable
from tests.api.world import World
from tests.fakes.embedder import FakeEmbedder

NOTES = (
    "Tom keeps the boat key in the blue jar.",
    "Tom's best boat is called Zephyr.",
    "The boat needs new paint.",
)
BY_WORDS = "searched by words alone: the embedder does not answer"
NOT_RERANKED = "not reranked: the reranker does not answer"


class AwayEmbedder(FakeEmbedder):
    """Answers no more once it is `away`."""

    away = False

    async def passages(self, texts: Sequence[Searched]) -> list[tuple[float, ...]]:
        if self.away:
            raise Unavailable("nobody there")
        return await super().passages(texts)

    async def query(self, text: str) -> tuple[float, ...]:
        if self.away:
            raise Unavailable("nobody there")
        return await super().query(text)


class BestFirst:
    """A reranker that likes what speaks of a "best"; `away`: it does not answer."""

    name = "likes-best"

    def __init__(self, *, away: bool = False) -> None:
        self.asked: list[tuple[str, list[str]]] = []
        self._away = away

    async def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        self.asked.append((query, list(texts)))
        if self._away:
            raise Unavailable("nobody there")
        return [0.9 if "best" in text else 0.2 for text in texts]


async def with_notes(world: World) -> World:
    for note in NOTES:
        await world.remember(note)
    return world


async def search(world: World, query: str = "boat key", **more: Any) -> Any:
    body = {"user_id": "ann", "query": query, "relativity": 0.0, **more}
    return (await world.post("search/memory", body)).body["data"]


def texts(found: Any) -> list[str]:
    return [memory["memory_value"] for memory in found["memory_detail_list"]]


async def figure(world: World, without: str) -> str:
    metrics = (await world.client.get("/metrics")).text
    label = f'souvenir_recall_degraded_total{{without="{without}"}} '
    return metrics.partition(label)[2].split("\n")[0]


async def test_with_all_there_nothing_is_said() -> None:
    async with World(FakeEmbedder()) as world:
        assert "remarks" not in await search(await with_notes(world))
        assert await figure(world, "embedder") == ""


async def test_without_the_embedder_words_find_and_the_answer_says_so() -> None:
    embedder = AwayEmbedder()
    async with World(embedder) as world:
        await with_notes(world)
        embedder.away = True
        found = await search(world, relativity=0.45)
        assert texts(found)[0] == NOTES[0]
        assert found["remarks"] == [BY_WORDS]
        assert not texts(await search(world, "violin lessons", relativity=0.45))
        assert await figure(world, "embedder") == "2.0"


async def test_without_the_embedder_texts_are_ranked_by_words() -> None:
    embedder = AwayEmbedder()
    async with World(embedder) as world:
        embedder.away = True
        body = {"query": "paint for the boat", "documents": list(NOTES)}
        answer = await world.post("rerank", body)
        assert answer.body["results"][0]["index"] == 2
        assert answer.body["results"][0]["relevance_score"] > 0.5


async def test_a_write_that_needs_a_vector_waits_for_the_embedder() -> None:
    embedder = AwayEmbedder()
    async with World(embedder) as world:
        memory = await world.remember(NOTES[0])
        embedder.away = True
        body = {"memory_id": memory.id, "content": "The key is gone."}
        answer = await world.post("update/memory", body)
        assert (answer.status, answer.code) == (503, 50004)
        embedder.away = False
        assert (await world.post("update/memory", body)).code == 0


async def test_a_reranker_orders_what_comes_back() -> None:
    reranker = BestFirst()
    async with World(FakeEmbedder(), reranker=reranker) as world:
        found = await search(await with_notes(world))
        assert texts(found)[0] == NOTES[1]
        assert sorted(texts(found)) == sorted(NOTES)
        ratings = [memory["relativity"] for memory in found["memory_detail_list"]]
        assert ratings == sorted(ratings, reverse=True)
    ((query, asked),) = reranker.asked
    assert query == "boat key" and sorted(asked) == sorted(NOTES)


async def test_without_the_reranker_the_order_is_that_without_it() -> None:
    async with World(FakeEmbedder()) as world:
        plain = texts(await search(await with_notes(world)))
    async with World(FakeEmbedder(), reranker=BestFirst(away=True)) as world:
        found = await search(await with_notes(world))
        assert texts(found) == plain
        assert found["remarks"] == [NOT_RERANKED]
        assert await figure(world, "reranker") == "1.0"


async def test_texts_are_ranked_by_the_reranker_and_without_it() -> None:
    body = {"query": "paint", "documents": list(NOTES), "top_n": 1, "model": "any"}
    async with World(FakeEmbedder(), reranker=BestFirst()) as world:
        answer = (await world.post("rerank", body)).body
        assert (answer["model"], answer["results"][0]["index"]) == ("likes-best", 1)
        assert answer["results"][0]["relevance_score"] == 0.9
    async with World(FakeEmbedder(), reranker=BestFirst(away=True)) as world:
        answer = (await world.post("rerank", body)).body
        assert (answer["model"], answer["results"][0]["index"]) == ("any", 2)
