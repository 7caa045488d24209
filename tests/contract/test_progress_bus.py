"""What every Board promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from shared.adapters.redis.client import connect
from shared.adapters.redis.progress_bus import RedisProgressBus
from shared.domain.job import Progress, State, Step
from shared.errors import Unavailable
from shared.ports import ProgressBus
from tests.fakes.progress_bus import FakeProgressBus
from tests.support.redis_ports import (
    IMPLEMENTATIONS,
    assert_every_key_expires,
    prefix,
    redis,
    valkey_server,
)
from tests.support.valkey import Valkey, valkey

__all__ = ["prefix", "redis", "valkey_server"]


@dataclass
class Watching:
    """Somebody who watches a job, in a task of its own."""

    seen: list[Progress]
    task: asyncio.Task[None]

    async def until(self, count: int) -> list[Progress]:
        async with asyncio.timeout(60):
            while len(self.seen) < count:
                await asyncio.sleep(0.01)
        return self.seen


def watching(progress_bus: ProgressBus, job: str) -> Watching:
    seen: list[Progress] = []

    async def watch() -> None:
        async for progress in progress_bus.watch(job):
            seen.append(progress)  # noqa: PERF401 - each is seen as it comes

    return Watching(seen, asyncio.create_task(watch()))


@pytest.fixture(params=IMPLEMENTATIONS)
async def progress_bus(
    request: pytest.FixtureRequest, prefix: str
) -> AsyncIterator[ProgressBus]:
    if request.param == "fake":
        yield FakeProgressBus()
        return
    client = connect(request.getfixturevalue("valkey_server").url)
    yield RedisProgressBus(client, prefix)
    await client.aclose()


@pytest.fixture
def job() -> str:
    return uuid4().hex


async def test_what_was_published_last_is_read(
    progress_bus: ProgressBus, job: str
) -> None:
    assert await progress_bus.read(job) is None
    await progress_bus.publish(Progress(job, State.RUNNING, Step.PARSE, files=2))
    last = Progress(
        job,
        State.RUNNING,
        Step.EXTRACT,
        files=2,
        files_done=2,
        pages=7,
        passages=3,
        memories=1,
        file="café 报告.pdf",
    )
    await progress_bus.publish(last)
    assert await progress_bus.read(job) == last


async def test_jobs_are_kept_apart(progress_bus: ProgressBus, job: str) -> None:
    await progress_bus.publish(Progress(job, State.RUNNING))
    assert await progress_bus.read(f"{job}-other") is None


async def test_a_watcher_sees_every_change_to_the_end(
    progress_bus: ProgressBus, job: str
) -> None:
    await progress_bus.publish(Progress(job, State.RUNNING, Step.PARSE))
    watcher = watching(progress_bus, job)
    assert (await watcher.until(1))[0].step is Step.PARSE
    for number in range(20):
        await progress_bus.publish(
            Progress(job, State.RUNNING, Step.EXTRACT, passages_done=number)
        )
    await progress_bus.publish(Progress(job, State.COMPLETED, Step.DONE))
    await watcher.task
    assert [
        seen.passages_done for seen in watcher.seen if seen.step is Step.EXTRACT
    ] == list(range(20))
    assert watcher.seen[-1].state is State.COMPLETED


async def test_who_comes_after_the_end_sees_the_end(
    progress_bus: ProgressBus, job: str
) -> None:
    await progress_bus.publish(Progress(job, State.FAILED, Step.DONE))
    assert [progress.state async for progress in progress_bus.watch(job)] == [
        State.FAILED
    ]


async def test_nothing_falls_between_looking_and_listening(
    progress_bus: ProgressBus,
) -> None:
    for round in range(30):
        job = f"race-{round}-{uuid4().hex}"
        watcher = watching(progress_bus, job)
        if round % 3:
            await asyncio.sleep(0.0005 * round)
        await progress_bus.publish(Progress(job, State.COMPLETED, Step.DONE))
        async with asyncio.timeout(60):
            await watcher.task
        assert watcher.seen[-1].state is State.COMPLETED


async def test_several_watch_the_same_job(progress_bus: ProgressBus, job: str) -> None:
    await progress_bus.publish(Progress(job, State.RUNNING))
    watchers = [watching(progress_bus, job) for _ in range(3)]
    for watcher in watchers:
        await watcher.until(1)
    await progress_bus.publish(Progress(job, State.COMPLETED, Step.DONE))
    async with asyncio.timeout(60):
        await asyncio.gather(*(watcher.task for watcher in watchers))


async def test_who_stops_watching_can_be_forgotten(
    progress_bus: ProgressBus, job: str
) -> None:
    await progress_bus.publish(Progress(job, State.RUNNING))
    watcher = watching(progress_bus, job)
    await watcher.until(1)
    watcher.task.cancel()
    await asyncio.gather(watcher.task, return_exceptions=True)
    await progress_bus.publish(Progress(job, State.COMPLETED, Step.DONE))
    assert [seen.state for seen in watcher.seen] == [State.RUNNING]


async def test_a_job_is_called_off(progress_bus: ProgressBus, job: str) -> None:
    assert not await progress_bus.cancelled(job)
    await progress_bus.cancel(job)
    assert await progress_bus.cancelled(job)
    assert not await progress_bus.cancelled(f"{job}-other")
    await progress_bus.take_back_cancel(job)
    assert not await progress_bus.cancelled(job)
    await progress_bus.take_back_cancel(job)


async def test_a_report_is_published_and_says_whether_to_stop(
    progress_bus: ProgressBus, job: str
) -> None:
    assert not await progress_bus.report(Progress(job, State.RUNNING, Step.PARSE))
    await progress_bus.cancel(job)
    last = Progress(job, State.RUNNING, Step.MERGE)
    assert await progress_bus.report(last)
    assert await progress_bus.read(job) == last


async def test_every_key_expires(redis: Redis, prefix: str, job: str) -> None:
    progress_bus = RedisProgressBus(redis, prefix)
    await progress_bus.publish(Progress(job))
    await progress_bus.cancel(job)
    await assert_every_key_expires(redis, prefix)


async def test_a_watcher_survives_the_loss_of_its_connection(
    tmp_path: Path, prefix: str, job: str
) -> None:
    """The end is seen although it was published while nobody listened."""
    with valkey(tmp_path) as server:
        client = connect(server.url)
        progress_bus = RedisProgressBus(client, prefix)
        await progress_bus.publish(Progress(job, State.RUNNING))
        watcher = watching(progress_bus, job)
        await watcher.until(1)
        await client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await progress_bus.publish(Progress(job, State.COMPLETED, Step.DONE))
        async with asyncio.timeout(60):
            await watcher.task
        assert watcher.seen[-1].state is State.COMPLETED
        await client.aclose()


async def test_an_absent_server_is_unavailable(
    valkey_server: Valkey, unused_tcp_port: int, prefix: str, job: str
) -> None:
    client = connect(f"redis://127.0.0.1:{unused_tcp_port}/0")
    progress_bus = RedisProgressBus(client, prefix)
    for ask in (
        progress_bus.publish(Progress(job)),
        progress_bus.report(Progress(job)),
        progress_bus.read(job),
        progress_bus.cancel(job),
        progress_bus.cancelled(job),
        progress_bus.take_back_cancel(job),
        anext(progress_bus.watch(job)),
    ):
        with pytest.raises(Unavailable):
            await ask
    await client.aclose()
