"""What every Rates promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from shared.adapters.redis.client import connect
from shared.adapters.redis.rate_limits import RedisRates
from shared.errors import Unavailable
from shared.ports import Rates
from tests.fakes.rates import FakeRates
from tests.support.redis_ports import (
    IMPLEMENTATIONS,
    assert_every_key_expires,
    prefix,
    redis,
    valkey_server,
)

__all__ = ["prefix", "redis", "valkey_server"]

DAY = 86_400
"""A turn so long that none ends during a test."""


@pytest.fixture(params=IMPLEMENTATIONS)
async def rates(request: pytest.FixtureRequest, prefix: str) -> AsyncIterator[Rates]:
    if request.param == "fake":
        yield FakeRates()
        return
    client = connect(request.getfixturevalue("valkey_server").url)
    yield RedisRates(client, prefix, DAY)
    await client.aclose()


async def test_what_fits_is_taken_and_what_does_not_has_to_wait(rates: Rates) -> None:
    assert [await rates.take("a", 1, 3) for _ in range(3)] == [0.0] * 3
    assert 0 < await rates.take("a", 1, 3) <= 2 * DAY
    assert await rates.take("b", 1, 3) == 0.0


async def test_of_many_at_once_no_more_get_through(rates: Rates) -> None:
    waits = await asyncio.gather(*(rates.take("a", 1, 7) for _ in range(50)))
    assert sum(not wait for wait in waits) == 7


async def test_amounts_are_added_up(rates: Rates) -> None:
    assert await rates.take("a", 60, 100) == 0.0
    assert await rates.take("a", 50, 100) > 0
    assert await rates.take("a", 40, 100) == 0.0


async def test_what_is_given_back_can_be_taken_again(rates: Rates) -> None:
    await rates.take("a", 100, 100)
    await rates.give_back("a", 30)
    assert await rates.take("a", 31, 100) > 0
    assert await rates.take("a", 30, 100) == 0.0
    await rates.give_back("a", 1_000)
    assert await rates.take("a", 100, 100) == 0.0
    assert await rates.take("a", 1, 100) > 0


async def test_more_than_the_limit_fits_when_nothing_was_used(rates: Rates) -> None:
    assert await rates.take("a", 500, 100) == 0.0
    assert await rates.take("a", 1, 100) > 0


async def test_the_window_slides(redis: Redis, prefix: str) -> None:
    """In turns of one second: what was used comes back little by little, not all at once."""
    rates = RedisRates(redis, prefix, 1)
    taken, asked = 0, asyncio.get_running_loop().time()
    while taken < 30:
        wait = await rates.take("a", 1, 10)
        if wait:
            assert wait <= 2.0
            await asyncio.sleep(wait)
        else:
            taken += 1
    assert asyncio.get_running_loop().time() - asked > 1.0, (
        "three times the limit does not fit into one turn"
    )


async def test_every_key_expires(redis: Redis, prefix: str) -> None:
    rates = RedisRates(redis, prefix)
    await rates.take("a", 1, 3)
    await rates.give_back("b", 1)
    await assert_every_key_expires(redis, prefix)


async def test_a_redis_that_does_not_answer(prefix: str) -> None:
    client = connect("redis://127.0.0.1:1/0")
    rates = RedisRates(client, prefix)
    for asking in (rates.take("a", 1, 1), rates.give_back("a", 1)):
        with pytest.raises(Unavailable):
            await asking
    await client.aclose()
