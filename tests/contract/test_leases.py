"""What every Leases promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from shared.adapters.redis.client import connect
from shared.adapters.redis.leases import RedisLeases
from shared.errors import Unavailable
from shared.ports import Leases
from tests.fakes.leases import FakeLeases
from tests.support.redis_ports import (
    IMPLEMENTATIONS,
    assert_every_key_expires,
    prefix,
    redis,
    valkey_server,
)

__all__ = ["prefix", "redis", "valkey_server"]

LONG = 600.0
DAY_S = 24 * 3600


@pytest.fixture(params=IMPLEMENTATIONS)
async def leases(request: pytest.FixtureRequest, prefix: str) -> AsyncIterator[Leases]:
    if request.param == "fake":
        yield FakeLeases()
        return
    client = connect(request.getfixturevalue("valkey_server").url)
    yield RedisLeases(client, prefix)
    await client.aclose()


async def taken(leases: Leases, name: str, seconds: float = LONG) -> int:
    token = await leases.acquire(name, seconds)
    assert token is not None
    return token


async def until_free(leases: Leases, name: str) -> None:
    async with asyncio.timeout(60):
        while await leases.held(name):
            await asyncio.sleep(0.01)


async def test_one_at_a_time(leases: Leases) -> None:
    assert not await leases.held("job:1")
    await taken(leases, "job:1")
    assert await leases.acquire("job:1", LONG) is None
    assert await leases.held("job:1")
    assert await leases.acquire("job:2", LONG) is not None


async def test_of_many_who_ask_at_once_one_gets_it(leases: Leases) -> None:
    tokens = await asyncio.gather(*(leases.acquire("job", LONG) for _ in range(50)))
    assert len([token for token in tokens if token is not None]) == 1


async def test_released_it_is_free(leases: Leases) -> None:
    await leases.release("job", await taken(leases, "job"))
    assert not await leases.held("job")
    await taken(leases, "job")


async def test_tokens_grow_from_holder_to_holder(leases: Leases) -> None:
    tokens = []
    for _ in range(20):
        token = await taken(leases, "job")
        await leases.release("job", token)
        tokens.append(token)
    assert tokens == sorted(set(tokens))


async def test_it_runs_out_by_itself(leases: Leases) -> None:
    old = await taken(leases, "job", 0.05)
    await until_free(leases, "job")
    assert await taken(leases, "job") > old


async def test_who_lost_it_can_neither_renew_nor_release(leases: Leases) -> None:
    old = await taken(leases, "job", 0.05)
    await until_free(leases, "job")
    assert not await leases.renew("job", old, LONG), "it ran out and nobody has it"
    new = await taken(leases, "job")
    assert not await leases.renew("job", old, LONG)
    await leases.release("job", old)
    assert await leases.held("job")
    assert await leases.renew("job", new, LONG)


async def test_renewed_it_lasts(leases: Leases) -> None:
    token = await taken(leases, "job", 0.05)
    if await leases.renew(
        "job", token, LONG
    ):  # not when the machine was slower than the lease
        await asyncio.sleep(0.2)
        assert await leases.held("job")


async def test_a_renewal_can_shorten_it(leases: Leases) -> None:
    assert await leases.renew("job", await taken(leases, "job"), 0.05)
    await until_free(leases, "job")


async def test_tokens_grow_although_everything_was_wiped(
    redis: Redis, prefix: str
) -> None:
    leases = RedisLeases(redis, prefix)
    old = await taken(leases, "job")
    await redis.delete(*[key async for key in redis.scan_iter(f"{prefix}:*")])
    assert not await leases.renew("job", old, LONG)
    assert await taken(leases, "job") > old


async def test_tokens_grow_although_the_clock_went_back(
    redis: Redis, prefix: str
) -> None:
    leases = RedisLeases(redis, prefix)
    name = uuid4().hex
    ahead = 2**52
    await redis.set(f"{prefix}:lease:{{{name}}}:last", ahead, ex=60)
    assert await taken(leases, name) == ahead + 1


@pytest.mark.parametrize("look", ["held", "acquire"])
async def test_a_clock_that_is_set_back_makes_no_lease_last_longer(
    redis: Redis, prefix: str, look: str
) -> None:
    leases, key = RedisLeases(redis, prefix), f"{prefix}:lease:{{job}}"
    seconds, microseconds = await redis.time()
    tomorrow = (seconds + DAY_S) * 1_000_000 + microseconds
    await redis.set(key, tomorrow, ex=DAY_S)
    if look == "held":
        assert await leases.held("job"), "its holder may live, and has to renew it"
    else:
        assert await leases.acquire("job", LONG) is None
    assert await redis.ttl(key) <= 30
    assert await leases.renew("job", tomorrow, LONG)


async def test_a_lease_of_today_lasts_as_long_as_it_was_taken_for(
    redis: Redis, prefix: str
) -> None:
    leases = RedisLeases(redis, prefix)
    await taken(leases, "job", DAY_S)
    assert await leases.held("job")
    assert await leases.acquire("job", LONG) is None
    assert await redis.ttl(f"{prefix}:lease:{{job}}") > LONG


async def test_every_key_expires(redis: Redis, prefix: str) -> None:
    leases = RedisLeases(redis, prefix)
    await leases.renew("job", await taken(leases, "job"), LONG)
    await assert_every_key_expires(redis, prefix)


async def test_an_absent_server_is_unavailable(
    unused_tcp_port: int, prefix: str
) -> None:
    client = connect(f"redis://127.0.0.1:{unused_tcp_port}/0")
    leases = RedisLeases(client, prefix)
    for ask in (
        leases.acquire("job", LONG),
        leases.renew("job", 1, LONG),
        leases.release("job", 1),
        leases.held("job"),
    ):
        with pytest.raises(Unavailable):
            await ask
    await client.aclose()


async def test_who_is_called_off_at_any_moment_of_a_call_ends(leases: Leases) -> None:
    async def renew_for_ever() -> None:
        while True:
            await leases.renew("job:1", 1, LONG)
            await asyncio.sleep(0)

    for turns in range(60):  # of the event loop: a call takes some dozen
        renewing = asyncio.create_task(renew_for_ever())
        for _ in range(turns):
            await asyncio.sleep(0)
        renewing.cancel()
        ended, _ = await asyncio.wait([renewing], timeout=60)
        assert ended, f"it went on although it was called off in turn {turns}"
        assert renewing.cancelled()
