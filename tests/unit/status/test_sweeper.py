"""Lost work is found; work that is not lost is left alone."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from services.status import sweeper as sweeping
from services.status.sweeper import Sweeper
from shared.domain.job import State
from shared.domain.job_payload import Queue
from shared.domain.turn import Turn
from shared.errors import Unavailable
from shared.jobs.enqueue import enqueue
from tests.fakes.queue import FakeQueue
from tests.unit.status.status_bench import StatusBench

AFTER = 30.0


def sweeper(bench: StatusBench, period: float = 10.0, **ports: Any) -> Sweeper:
    return Sweeper(replace(bench.ports, **ports), AFTER, period, CollectorRegistry())


def ago(seconds: float) -> int:
    return round((time.time() - seconds) * 1000)


async def test_work_that_nobody_does_is_enqueued_again_in_its_queue() -> None:
    bench = StatusBench()
    waiting = await bench.job("a", updated_at=ago(1000))
    begun = await bench.job(
        "b", updated_at=ago(500), state=State.RUNNING, attempts=1, queue=Queue.FILES
    )
    assert await sweeper(bench).sweep() == 2
    assert bench.queue.waiting == [(waiting.id, "text"), (begun.id, "files")]


@pytest.mark.parametrize("state", [state for state in State if state.final])
async def test_what_has_ended_is_left_alone(state: State) -> None:
    bench = StatusBench()
    await bench.job(updated_at=ago(1000), state=state)
    assert await sweeper(bench).sweep() == 0


async def test_what_is_new_or_worked_on_is_left_alone() -> None:
    bench = StatusBench()
    await bench.job("new", updated_at=ago(0))
    busy = await bench.job("busy", updated_at=ago(1000), state=State.RUNNING)
    token = await bench.leases.acquire(f"job:{busy.id}", 600)
    assert await sweeper(bench).sweep() == 0
    assert token is not None
    await bench.leases.release(f"job:{busy.id}", token)
    assert await sweeper(bench).sweep() == 1


async def test_what_was_written_before_the_clock_was_set_back_is_found() -> None:
    bench = StatusBench()
    await bench.job("by a clock a little ahead", updated_at=ago(-1))
    tomorrow = await bench.job("tomorrow", updated_at=ago(-24 * 3600))
    assert await sweeper(bench).sweep() == 1
    assert bench.queue.waiting == [(tomorrow.id, "text")]


async def test_what_waits_in_a_queue_is_not_lost() -> None:
    bench = StatusBench()
    for number in range(100):
        job = await bench.job(str(number), updated_at=ago(1000))
        await enqueue(bench.queue, job)
    lost = await bench.job("lost", updated_at=ago(900))
    assert await sweeper(bench).sweep() == 1
    assert len(bench.queue.waiting) == 101
    assert bench.queue.waiting[-1] == (lost.id, "text")
    bench.leases.wipe()
    assert await sweeper(bench).sweep() == 0


async def test_a_long_queue_does_not_grow_by_being_swept() -> None:
    bench = StatusBench()
    await bench.job(updated_at=ago(1000))
    assert [await sweeper(bench).sweep() for _ in range(5)] == [1, 0, 0, 0, 0]


async def test_what_ended_while_the_queue_was_looked_through_is_not_lost() -> None:
    bench = StatusBench()
    job = await bench.job(updated_at=ago(1000))

    class EndsIt(FakeQueue):
        async def waiting_in(self, queue: str) -> frozenset[str]:
            await bench.jobs.put(job.ended(State.COMPLETED, ago(0)))
            return await super().waiting_in(queue)

    assert await sweeper(bench, queue=EndsIt()).sweep() == 0


async def test_what_was_worked_on_meanwhile_is_found_when_it_is_lost_then() -> None:
    bench = StatusBench()
    job = await bench.job(updated_at=ago(1000), state=State.RUNNING, attempts=1)

    class WorkedOn(FakeQueue):
        """While it is looked through, a worker saves how far it is."""

        async def waiting_in(self, queue: str) -> frozenset[str]:
            await bench.jobs.put(replace(job, updated_at=ago(40)))
            return await super().waiting_in(queue)

    assert await sweeper(bench, queue=WorkedOn()).sweep() == 0
    assert await sweeper(bench).sweep() == 1


async def test_lost_again_after_another_try_it_is_found_again() -> None:
    bench = StatusBench()
    job = await bench.job(updated_at=ago(1000), attempts=1)
    assert await sweeper(bench).sweep() == 1
    bench.queue.wipe()
    assert await sweeper(bench).sweep() == 0, "a worker may just have taken it"
    await bench.jobs.put(replace(job, attempts=2))
    assert await sweeper(bench).sweep() == 1


async def test_redis_wiped_everything_is_found() -> None:
    bench = StatusBench()
    jobs = [
        await bench.job(str(number), updated_at=ago(1000 - number))
        for number in range(20)
    ]
    await sweeper(bench).sweep()
    bench.queue.wipe()
    bench.leases.wipe()
    assert await sweeper(bench).sweep() == 20
    assert [job for job, _ in bench.queue.waiting] == [job.id for job in jobs]


async def test_what_was_lost_is_found_behind_many_that_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeping, "JOBS_PER_SWEEP", 10)
    bench = StatusBench()
    for number in range(25):
        job = await bench.job(
            str(number), updated_at=ago(1000 - number), queue=Queue.FILES
        )
        await enqueue(bench.queue, job)
    lost = await bench.job("lost", updated_at=ago(900))
    keeping = sweeper(bench)
    assert [await keeping.sweep() for _ in range(3)] == [0, 0, 1]
    assert (lost.id, "text") in bench.queue.waiting


async def test_redis_wiped_everything_is_found_however_much_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeping, "JOBS_PER_SWEEP", 10)
    bench = StatusBench()
    for number in range(25):
        await bench.job(str(number), updated_at=ago(1000 - number // 2))
    keeping = sweeper(bench)
    for _ in range(4):
        await keeping.sweep()
    assert len(bench.queue.waiting) == 25


async def test_after_the_newest_it_begins_with_the_oldest_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeping, "JOBS_PER_SWEEP", 10)
    bench = StatusBench()
    for number in range(10):
        job = await bench.job(str(number), updated_at=ago(1000 - number))
        await enqueue(bench.queue, job)
    keeping = sweeper(bench)
    assert await keeping.sweep() == 0
    await bench.job("older", updated_at=ago(2000))
    assert await keeping.sweep() == 0, "it goes on where it was"
    assert await keeping.sweep() == 1


async def test_many_of_one_moment_do_not_hold_it_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeping, "JOBS_PER_SWEEP", 10)
    bench, at = StatusBench(), ago(1000)
    for number in range(15):
        await enqueue(bench.queue, await bench.job(str(number), updated_at=at))
    await bench.job("lost", updated_at=ago(900))
    keeping = sweeper(bench)
    assert sum([await keeping.sweep() for _ in range(3)]) == 1


async def test_what_could_not_be_enqueued_is_found_the_next_time() -> None:
    class Away(FakeQueue):
        async def enqueue(self, job: str, queue: str, turn: Turn = Turn()) -> None:
            raise Unavailable("away")

    bench = StatusBench()
    await bench.job(updated_at=ago(1000))
    with pytest.raises(Unavailable):
        await sweeper(bench, queue=Away()).sweep()
    assert await sweeper(bench).sweep() == 1


async def test_of_several_replicas_one_sweeps() -> None:
    bench = StatusBench()
    replicas = [sweeper(bench) for _ in range(4)]
    await asyncio.gather(*(replica.sweep_in_turn() for replica in replicas))
    await bench.job(updated_at=ago(1000))
    await asyncio.gather(*(replica.sweep_in_turn() for replica in replicas))
    assert bench.queue.waiting == [], "one of them has just swept"
    bench.leases.wipe()
    await asyncio.gather(*(replica.sweep_in_turn() for replica in replicas))
    assert len(bench.queue.waiting) == 1


async def test_it_goes_on_after_what_did_not_answer() -> None:
    bench, calls = StatusBench(), 0

    class Comes(type(bench.jobs)):  # type: ignore[misc]
        async def unfinished(self, older_than: int, limit: int, since: int = 0) -> Any:
            nonlocal calls
            calls += 1
            if calls == 1:
                raise Unavailable("away")
            if calls == 2:
                raise ZeroDivisionError
            bench.leases.wipe()
            return await bench.jobs.unfinished(older_than, limit, since)

    await bench.job(updated_at=ago(1000))
    jobs = Comes()
    jobs.stored = bench.jobs.stored
    keeping = sweeper(bench, period=0.01, jobs=jobs)
    sweeping = asyncio.create_task(keeping.run())
    async with asyncio.timeout(60):
        while not bench.queue.waiting:
            await asyncio.sleep(0.01)
    sweeping.cancel()
    with suppress(asyncio.CancelledError):
        await sweeping
