"""What every Heartbeats promises."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from shared.adapters.redis.client import connect
from shared.adapters.redis.heartbeats import SILENT_S, RedisHeartbeats
from shared.domain.heartbeat import Heartbeat
from shared.errors import Unavailable
from shared.ports import Heartbeats
from tests.fakes.heartbeats import FakeHeartbeats
from tests.support.redis_ports import (
    IMPLEMENTATIONS,
    assert_every_key_expires,
    prefix,
    redis,
    valkey_server,
)

__all__ = ["prefix", "redis", "valkey_server"]

TEXT = Heartbeat("text", "north", 7, 2000)
FILES = Heartbeat("files", "north", 8, 1000, ("one", "two"))


@pytest.fixture(params=IMPLEMENTATIONS)
def heartbeats(request: pytest.FixtureRequest, prefix: str) -> Heartbeats:
    if request.param == "fake":
        return FakeHeartbeats()
    return RedisHeartbeats(request.getfixturevalue("redis"), prefix)


async def test_those_that_beat_run(heartbeats: Heartbeats) -> None:
    assert list(await heartbeats.running()) == []
    await heartbeats.write(TEXT)
    await heartbeats.write(FILES)
    assert list(await heartbeats.running()) == [FILES, TEXT]


async def test_the_latest_beat_of_a_process_counts(heartbeats: Heartbeats) -> None:
    busy = replace(TEXT, jobs=("three",))
    await heartbeats.write(TEXT)
    await heartbeats.write(busy)
    assert list(await heartbeats.running()) == [busy]


async def test_who_stops_runs_no_more(heartbeats: Heartbeats) -> None:
    await heartbeats.write(TEXT)
    await heartbeats.write(FILES)
    await heartbeats.stop(TEXT)
    await heartbeats.stop(TEXT)
    assert list(await heartbeats.running()) == [FILES]


async def test_who_is_silent_is_forgotten(redis: Redis, prefix: str) -> None:
    heartbeats, key = RedisHeartbeats(redis, prefix), f"{prefix}:workers"
    await heartbeats.write(TEXT)
    at, record = (await redis.hget(key, TEXT.name)).split(b" ", 1)
    await redis.hset(key, TEXT.name, f"{int(at) - SILENT_S - 1} {record.decode()}")
    await heartbeats.write(FILES)
    assert list(await heartbeats.running()) == [FILES]
    assert [name.decode() for name in await redis.hkeys(key)] == [FILES.name]


async def test_every_key_expires(redis: Redis, prefix: str) -> None:
    await RedisHeartbeats(redis, prefix).write(TEXT)
    await assert_every_key_expires(redis, prefix)


async def test_an_absent_server_is_unavailable(
    unused_tcp_port: int, prefix: str
) -> None:
    client = connect(f"redis://127.0.0.1:{unused_tcp_port}/0")
    heartbeats = RedisHeartbeats(client, prefix)
    for call in (heartbeats.write(TEXT), heartbeats.stop(TEXT), heartbeats.running()):
        with pytest.raises(Unavailable):
            await call
    await client.aclose()
