"""What every Tallies promises."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from shared.adapters.redis.client import connect
from shared.adapters.redis.tallies import RedisTallies
from shared.errors import Unavailable
from shared.ports import Tallies
from tests.fakes.tallies import FakeTallies
from tests.support.redis_ports import (
    IMPLEMENTATIONS,
    assert_every_key_expires,
    prefix,
    redis,
    valkey_server,
)

__all__ = ["prefix", "redis", "valkey_server"]


@pytest.fixture(params=IMPLEMENTATIONS)
def tallies(request: pytest.FixtureRequest, prefix: str) -> Tallies:
    if request.param == "fake":
        return FakeTallies()
    return RedisTallies(request.getfixturevalue("redis"), prefix)


async def test_amounts_add_up(tallies: Tallies) -> None:
    assert await tallies.totals() == {}
    await tallies.add({"jobs add": 1, "step ms": 20})
    await tallies.add({"jobs add": 2})
    assert await tallies.totals() == {"jobs add": 3, "step ms": 20}


async def test_every_key_expires(redis: Redis, prefix: str) -> None:
    await RedisTallies(redis, prefix).add({"jobs": 1})
    await assert_every_key_expires(redis, prefix)


async def test_an_absent_server_is_unavailable(
    unused_tcp_port: int, prefix: str
) -> None:
    client = connect(f"redis://127.0.0.1:{unused_tcp_port}/0")
    tallies = RedisTallies(client, prefix)
    with pytest.raises(Unavailable):
        await tallies.add({"jobs": 1})
    with pytest.raises(Unavailable):
        await tallies.totals()
    await client.aclose()
