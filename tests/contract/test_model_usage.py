"""What every ModelUsage promises."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from shared.adapters.redis.client import connect
from shared.adapters.redis.model_usage import RedisModelUsage
from shared.domain.model_answer import Usage
from shared.errors import Unavailable
from shared.ports import ModelUsage
from tests.fakes.model_usage import FakeModelUsage
from tests.support.redis_ports import (
    IMPLEMENTATIONS,
    assert_every_key_expires,
    prefix,
    redis,
    valkey_server,
)

__all__ = ["prefix", "redis", "valkey_server"]

ONE = Usage(calls=1, prompt_tokens=70, completion_tokens=30, milliseconds=400)


@pytest.fixture(params=IMPLEMENTATIONS)
def counter(request: pytest.FixtureRequest, prefix: str) -> ModelUsage:
    if request.param == "fake":
        return FakeModelUsage()
    return RedisModelUsage(request.getfixturevalue("redis"), prefix)


async def test_tokens_are_counted_for_each_project(counter: ModelUsage) -> None:
    for project in ("ours", "ours", "theirs"):
        await counter.record(project, "extract", "answered", ONE)
    assert await counter.tokens("ours") == (200, 200)
    assert await counter.tokens("nobody's") == (0, 0)


async def test_totals_are_of_all_projects_by_role_and_outcome(
    counter: ModelUsage,
) -> None:
    assert await counter.totals() == {}
    await counter.record("one", "extract", "answered", ONE)
    await counter.record("two", "extract", "answered", ONE)
    await counter.record("two", "chat", "unavailable", Usage(calls=1))
    assert await counter.totals() == {
        ("extract", "answered"): ONE + ONE,
        ("chat", "unavailable"): Usage(calls=1),
    }


async def test_the_latest_calls_are_of_one_project(counter: ModelUsage) -> None:
    assert await counter.latest("ours", 10) == []
    await counter.record("ours", "extract", "answered", ONE, "small")
    await counter.record("theirs", "chat", "answered", ONE, "small")
    await counter.record("ours", "chat", "unavailable", Usage(calls=1), "large")
    last, first = await counter.latest("ours", 10)
    assert (last.role, last.model, last.outcome) == ("chat", "large", "unavailable")
    assert (first.model, first.usage) == ("small", ONE) and first.at <= last.at
    assert await counter.latest("ours", 1) == [last]


async def test_no_more_than_200_calls_are_remembered(counter: ModelUsage) -> None:
    for number in range(203):
        await counter.record("ours", "chat", "answered", ONE, str(number))
    calls = await counter.latest("ours", 1000)
    assert [call.model for call in calls] == [str(n) for n in range(202, 2, -1)]


async def test_of_a_forgotten_project_nothing_is_known(counter: ModelUsage) -> None:
    for project in ("ours", "theirs"):
        await counter.record(project, "extract", "answered", ONE, "small")
    await counter.forget("ours")
    assert await counter.tokens("ours") == (0, 0)
    assert await counter.latest("ours", 10) == []
    assert await counter.tokens("theirs") == (100, 100)
    assert len(await counter.latest("theirs", 10)) == 1


async def test_no_key_names_a_forgotten_project(redis: Redis, prefix: str) -> None:
    clock = [datetime(2026, 1, 31, 23, tzinfo=UTC)]
    counter = RedisModelUsage(redis, prefix, lambda: clock[0])
    for at in (clock[0], datetime(2026, 2, 28, tzinfo=UTC)):
        clock[0] = at
        await counter.record("ours", "extract", "answered", ONE)
    clock[0] = datetime(2026, 3, 2, tzinfo=UTC)
    await counter.record("ours", "extract", "answered", ONE)
    assert [key async for key in redis.scan_iter(f"{prefix}*:ours*")]
    await counter.forget("ours")
    assert [key async for key in redis.scan_iter(f"{prefix}*:ours*")] == []


async def test_a_day_and_a_month_end(redis: Redis, prefix: str) -> None:
    clock = [datetime(2026, 11, 29, 23, 59, tzinfo=UTC)]
    counter = RedisModelUsage(redis, prefix, lambda: clock[0])
    await counter.record("p", "extract", "answered", ONE)
    clock[0] = datetime(2026, 11, 30, tzinfo=UTC)
    await counter.record("p", "extract", "answered", ONE)
    assert await counter.tokens("p") == (100, 200)
    clock[0] = datetime(2026, 12, 1, tzinfo=UTC)
    assert await counter.tokens("p") == (0, 0)


async def test_every_key_expires(redis: Redis, prefix: str) -> None:
    await RedisModelUsage(redis, prefix).record("p", "extract", "answered", ONE)
    await assert_every_key_expires(redis, prefix)


async def test_without_redis_it_is_unavailable() -> None:
    counter = RedisModelUsage(connect("redis://127.0.0.1:1/0"), "p")
    with pytest.raises(Unavailable):
        await counter.tokens("p")
