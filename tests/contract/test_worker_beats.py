"""What every WorkerBeats promises."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from shared.adapters.redis.client import connect
from shared.adapters.redis.worker_beats import SILENT_S, RedisWorkerBeats
from shared.domain.worker_beat import WorkerBeat
from shared.errors import Unavailable
from shared.ports import WorkerBeats
from tests.fakes.worker_beats import FakeWorkerBeats
from tests.support.redis_ports import (
    IMPLEMENTATIONS,
    assert_every_key_expires,
    prefix,
    redis,
    valkey_server,
)

__all__ = ["prefix", "redis", "valkey_server"]

TEXT = WorkerBeat("text", "north", 7, 2000)
FILES = WorkerBeat("files", "north", 8, 1000, ("one", "two"))


@pytest.fixture(params=IMPLEMENTATIONS)
def beats(request: pytest.FixtureRequest, prefix: str) -> WorkerBeats:
    if request.param == "fake":
        return FakeWorkerBeats()
    return RedisWorkerBeats(request.getfixturevalue("redis"), prefix)


async def test_those_that_beat_run(beats: WorkerBeats) -> None:
    assert list(await beats.running()) == []
    await beats.beat(TEXT)
    await beats.beat(FILES)
    assert list(await beats.running()) == [FILES, TEXT]


async def test_the_latest_beat_of_a_process_counts(beats: WorkerBeats) -> None:
    busy = replace(TEXT, jobs=("three",))
    await beats.beat(TEXT)
    await beats.beat(busy)
    assert list(await beats.running()) == [busy]


async def test_who_stops_runs_no_more(beats: WorkerBeats) -> None:
    await beats.beat(TEXT)
    await beats.beat(FILES)
    await beats.stop(TEXT)
    await beats.stop(TEXT)
    assert list(await beats.running()) == [FILES]


async def test_who_is_silent_is_forgotten(redis: Redis, prefix: str) -> None:
    beats, key = RedisWorkerBeats(redis, prefix), f"{prefix}:workers"
    await beats.beat(TEXT)
    record = json.loads(await redis.hget(key, TEXT.name))
    record["at"] -= SILENT_S + 1
    await redis.hset(key, TEXT.name, json.dumps(record))
    await beats.beat(FILES)
    assert list(await beats.running()) == [FILES]
    assert [name.decode() for name in await redis.hkeys(key)] == [FILES.name]


async def test_every_key_expires(redis: Redis, prefix: str) -> None:
    await RedisWorkerBeats(redis, prefix).beat(TEXT)
    await assert_every_key_expires(redis, prefix)


async def test_an_absent_server_is_unavailable(
    unused_tcp_port: int, prefix: str
) -> None:
    client = connect(f"redis://127.0.0.1:{unused_tcp_port}/0")
    beats = RedisWorkerBeats(client, prefix)
    for call in (beats.beat(TEXT), beats.stop(TEXT), beats.running()):
        with pytest.raises(Unavailable):
            await call
    await client.aclose()
