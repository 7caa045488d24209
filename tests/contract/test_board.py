"""What every Board promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from shared.adapters.redis.board import RedisBoard
from shared.adapters.redis.client import connect
from shared.domain.job import Progress, State, Step
from shared.errors import Unavailable
from shared.ports import Board
from tests.fakes.board import FakeBoard
from tests.support.redis_ports import IMPLEMENTATIONS, assert_every_key_expires, prefix, redis, valkey_server
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


def watching(board: Board, job: str) -> Watching:
    seen: list[Progress] = []

    async def watch() -> None:
        async for progress in board.watch(job):
            seen.append(progress)  # noqa: PERF401 - each is seen as it comes

    return Watching(seen, asyncio.create_task(watch()))


@pytest.fixture(params=IMPLEMENTATIONS)
async def board(request: pytest.FixtureRequest, prefix: str) -> AsyncIterator[Board]:
    if request.param == "fake":
        yield FakeBoard()
        return
    client = connect(request.getfixturevalue("valkey_server").url)
    yield RedisBoard(client, prefix)
    await client.aclose()


@pytest.fixture
def job() -> str:
    return uuid4().hex


async def test_what_was_published_last_is_read(board: Board, job: str) -> None:
    assert await board.read(job) is None
    await board.publish(Progress(job, State.RUNNING, Step.PARSE, files=2))
    last = Progress(job, State.RUNNING, Step.EXTRACT, files=2, files_done=2, pages=7, passages=3, memories=1, file="café 报告.pdf")
    await board.publish(last)
    assert await board.read(job) == last


async def test_jobs_are_told_apart(board: Board, job: str) -> None:
    await board.publish(Progress(job, State.RUNNING))
    assert await board.read(f"{job}-other") is None


async def test_a_watcher_sees_every_change_to_the_end(board: Board, job: str) -> None:
    await board.publish(Progress(job, State.RUNNING, Step.PARSE))
    watcher = watching(board, job)
    assert (await watcher.until(1))[0].step is Step.PARSE
    for number in range(20):
        await board.publish(Progress(job, State.RUNNING, Step.EXTRACT, passages_done=number))
    await board.publish(Progress(job, State.COMPLETED, Step.DONE))
    await watcher.task
    assert [seen.passages_done for seen in watcher.seen if seen.step is Step.EXTRACT] == list(range(20))
    assert watcher.seen[-1].state is State.COMPLETED


async def test_who_comes_after_the_end_sees_the_end(board: Board, job: str) -> None:
    await board.publish(Progress(job, State.FAILED, Step.DONE))
    assert [progress.state async for progress in board.watch(job)] == [State.FAILED]


async def test_nothing_falls_between_looking_and_listening(board: Board) -> None:
    for round in range(30):
        job = f"race-{round}-{uuid4().hex}"
        watcher = watching(board, job)
        if round % 3:
            await asyncio.sleep(0.0005 * round)
        await board.publish(Progress(job, State.COMPLETED, Step.DONE))
        async with asyncio.timeout(60):
            await watcher.task
        assert watcher.seen[-1].state is State.COMPLETED


async def test_several_watch_the_same_job(board: Board, job: str) -> None:
    await board.publish(Progress(job, State.RUNNING))
    watchers = [watching(board, job) for _ in range(3)]
    for watcher in watchers:
        await watcher.until(1)
    await board.publish(Progress(job, State.COMPLETED, Step.DONE))
    async with asyncio.timeout(60):
        await asyncio.gather(*(watcher.task for watcher in watchers))


async def test_who_stops_watching_can_be_forgotten(board: Board, job: str) -> None:
    await board.publish(Progress(job, State.RUNNING))
    watcher = watching(board, job)
    await watcher.until(1)
    watcher.task.cancel()
    await asyncio.gather(watcher.task, return_exceptions=True)
    await board.publish(Progress(job, State.COMPLETED, Step.DONE))
    assert [seen.state for seen in watcher.seen] == [State.RUNNING]


async def test_a_job_is_called_off(board: Board, job: str) -> None:
    assert not await board.cancelled(job)
    await board.cancel(job)
    assert await board.cancelled(job)
    assert not await board.cancelled(f"{job}-other")


async def test_every_key_expires(redis: Redis, prefix: str, job: str) -> None:
    board = RedisBoard(redis, prefix)
    await board.publish(Progress(job))
    await board.cancel(job)
    await assert_every_key_expires(redis, prefix)


async def test_a_watcher_survives_the_loss_of_its_connection(tmp_path: Path, prefix: str, job: str) -> None:
    """The end is seen although it was published while nobody listened."""
    with valkey(tmp_path) as server:
        client = connect(server.url)
        board = RedisBoard(client, prefix)
        await board.publish(Progress(job, State.RUNNING))
        watcher = watching(board, job)
        await watcher.until(1)
        await client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await board.publish(Progress(job, State.COMPLETED, Step.DONE))
        async with asyncio.timeout(60):
            await watcher.task
        assert watcher.seen[-1].state is State.COMPLETED
        await client.aclose()


async def test_an_absent_server_is_told_of(valkey_server: Valkey, unused_tcp_port: int, prefix: str, job: str) -> None:
    client = connect(f"redis://127.0.0.1:{unused_tcp_port}/0")
    board = RedisBoard(client, prefix)
    for ask in (board.publish(Progress(job)), board.read(job), board.cancel(job), board.cancelled(job), anext(board.watch(job))):
        with pytest.raises(Unavailable):
            await ask
    await client.aclose()
