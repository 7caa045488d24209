"""Rate limits: calls and tokens of a project in a minute (contract 0.1, 0.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import Broken, World

ADD = {
    "user_id": "ann",
    "messages": [{"role": "user", "content": "x" * 400}],
}  # 100 tokens
ASK = {"user_id": "ann", "query": "x" * 400}


async def test_by_default_nothing_is_limited_or_counted(world: World) -> None:
    for _ in range(30):
        assert (
            await world.post("search/memory", {"user_id": "ann", "query": "tea"})
        ).status == 200
    assert world.rates.taken == {}


async def test_calls(embedder: Any, prefix: str) -> None:
    async with World(embedder, calls_per_minute=2) as world:
        for _ in range(2):
            assert (await world.post(f"{prefix}/search/memory", ASK)).status == 200
        refused = await world.post(f"{prefix}/search/memory", ASK)
        assert (refused.status, refused.code, refused.body["data"]) == (
            429,
            40300,
            None,
        )
        assert refused.response.headers["retry-after"] == "13"
        assert (
            await world.post(
                "search/memory", ASK, headers={"Authorization": "Token mpg-other"}
            )
        ).status == 200, "another project's"
        world.rates.wipe()
        assert (await world.post(f"{prefix}/search/memory", ASK)).status == 200


async def test_the_open_source_servers_routes_say_it_their_way(embedder: Any) -> None:
    async with World(embedder, calls_per_minute=1) as world:
        await world.post("/product/search", {"user_id": "ann", "query": "tea"})
        refused = await world.post(
            "/product/search", {"user_id": "ann", "query": "tea"}
        )
        assert (refused.status, refused.code) == (429, 429)


@pytest.mark.parametrize(
    "path, body, used",
    [
        ("add/message", ADD, 100),
        ("search/memory", ASK, 100),
        ("chat", {**ASK, "add_message_on_answer": True}, 100),
        ("add/feedback", {"user_id": "ann", "feedback_content": "x" * 400}, 100),
        ("extract/memory", {"messages": ADD["messages"]}, 100),
        ("rerank", {"query": "x" * 40, "documents": ["x" * 80, "我喜欢茶"]}, 34),
        ("/product/add", {**ADD, "async_mode": "sync"}, 100),
        ("/product/search", ASK, 100),
        ("get/memory", {"user_id": "ann"}, 0),
    ],
)
async def test_tokens_that_are_sent_count(
    embedder: Any, path: str, body: dict[str, Any], used: int
) -> None:
    async with World(embedder, tokens_per_minute=1000) as world:
        assert (await world.post(path, body)).status == 200
        assert world.rates.taken.get("tokens:one", 0) == used


async def test_tokens(embedder: Any) -> None:
    async with World(embedder, tokens_per_minute=250, calls_per_minute=100) as world:
        assert [(await world.post("search/memory", ASK)).status for _ in range(2)] == [
            200,
            200,
        ]
        refused = await world.post("search/memory", ASK)
        assert (
            refused.status,
            refused.code,
            int(refused.response.headers["retry-after"]),
        ) == (429, 40309, 13)
        assert world.rates.taken == {"calls:one": 2, "tokens:one": 200}, (
            "a refused call uses up nothing"
        )
        assert (
            await world.post("search/memory", {"user_id": "ann", "query": "tea"})
        ).status == 200


@pytest.mark.parametrize(
    "path, body",
    [
        ("add/message", {"user_id": "ann"}),
        ("search/memory", {**ASK, "filter": {"scene": {"near": 1}}}),
        ("get/status", {"task_id": "00000000-0000-0000-0000-000000000000"}),
        ("no/such/route", {}),
    ],
)
async def test_calls_that_fail_use_up_nothing(
    embedder: Any, path: str, body: dict[str, Any]
) -> None:
    async with World(embedder, calls_per_minute=5, tokens_per_minute=1000) as world:
        assert (await world.post(path, body)).status >= 400
        assert not any(world.rates.taken.values())


async def test_nor_do_those_that_break(embedder: Any) -> None:
    async with World(embedder, calls_per_minute=5, tokens_per_minute=1000) as world:

        async def broken(*_: Any, **__: Any) -> Any:
            raise RuntimeError("nobody foresaw this")

        world.memories.candidates = broken  # type: ignore[method-assign]
        assert (await world.post("search/memory", ASK)).status == 500
        assert not any(world.rates.taken.values())


async def test_without_redis_nobody_is_limited(
    embedder: Any, caplog: pytest.LogCaptureFixture
) -> None:
    class Away(World):
        @property
        def ports(self) -> Any:
            from dataclasses import replace

            return replace(super().ports, rates=Broken())

    async with Away(embedder, calls_per_minute=1, tokens_per_minute=1) as world:
        for _ in range(3):
            assert (await world.post("search/memory", ASK)).status == 200
    assert [record for record in caplog.records if "rate_meter" in record.name]


async def test_who_has_no_key_uses_up_nobodys_calls(embedder: Any) -> None:
    async with World(embedder, calls_per_minute=1) as world:
        for _ in range(3):
            assert (
                await world.post(
                    "search/memory", ASK, headers={"Authorization": "Token wrong"}
                )
            ).status == 401
        assert (await world.post("search/memory", ASK)).status == 200
