"""What every InFlight promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from shared.adapters.redis.client import connect
from shared.adapters.redis.in_flight import RedisInFlight
from shared.errors import Unavailable
from shared.ports import InFlight
from tests.fakes.inflight import FakeInFlight
from tests.support.redis_ports import (
    IMPLEMENTATIONS,
    assert_every_key_expires,
    prefix,
    redis,
    valkey_server,
)

__all__ = ["prefix", "redis", "valkey_server"]

LONG = 600.0


@pytest.fixture(params=IMPLEMENTATIONS)
async def in_flight(
    request: pytest.FixtureRequest, prefix: str
) -> AsyncIterator[InFlight]:
    if request.param == "fake":
        yield FakeInFlight()
        return
    client = connect(request.getfixturevalue("valkey_server").url)
    yield RedisInFlight(client, prefix)
    await client.aclose()


async def test_the_first_job_owns_the_request(in_flight: InFlight) -> None:
    assert await in_flight.claim("same", "job-1", LONG) == "job-1"
    assert await in_flight.claim("same", "job-2", LONG) == "job-1"
    assert await in_flight.claim("same", "job-1", LONG) == "job-1"
    assert await in_flight.claim("other", "job-2", LONG) == "job-2"


async def test_of_many_at_once_all_get_the_same_owner(in_flight: InFlight) -> None:
    owners = await asyncio.gather(
        *(in_flight.claim("same", f"job-{number}", LONG) for number in range(50))
    )
    assert len(set(owners)) == 1


async def test_forgotten_it_can_be_claimed_again(in_flight: InFlight) -> None:
    await in_flight.forget("never claimed")
    await in_flight.claim("same", "job-1", LONG)
    await in_flight.forget("same")
    assert await in_flight.claim("same", "job-2", LONG) == "job-2"


async def test_a_claim_runs_out(in_flight: InFlight) -> None:
    await in_flight.claim("same", "job-1", 0.02)
    async with asyncio.timeout(60):
        while await in_flight.claim("same", "job-2", LONG) != "job-2":
            await asyncio.sleep(0.01)


async def test_every_key_expires(redis: Redis, prefix: str) -> None:
    await RedisInFlight(redis, prefix).claim("same", "job-1", LONG)
    await assert_every_key_expires(redis, prefix)


async def test_an_absent_server_is_unavailable(
    unused_tcp_port: int, prefix: str
) -> None:
    client = connect(f"redis://127.0.0.1:{unused_tcp_port}/0")
    in_flight = RedisInFlight(client, prefix)
    for ask in (in_flight.claim("same", "job", LONG), in_flight.forget("same")):
        with pytest.raises(Unavailable):
            await ask
    await client.aclose()
