"""Cancelling a job has the same effects whoever cancels it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.contract import Code
from shared.domain.identity import computed_id
from shared.domain.job import Checkpoint, Job, Outcome, Receipt, State
from shared.domain.job_payload import DocumentPayload
from shared.domain.knowledge import KnowledgeFile
from shared.domain.memory import Embedded, Memory, Type
from shared.domain.scope import Scope
from shared.errors import NotFound, Unavailable
from shared.jobs.cancel import acknowledge_cancel, cancel
from shared.jobs.replay import read_again, replay
from shared.language.lexical import weigh
from tests.fakes.progress_bus import FakeProgressBus
from tests.unit.status.status_bench import StatusBench

REASON = "no longer wanted"


async def running_job(bench: StatusBench) -> Job:
    """A job that has left something of every kind."""
    source = await bench.ports.sources.put(b"what the model found")
    file = computed_id("file")
    job = await bench.job(
        state=State.RUNNING,
        fingerprint="f",
        payload=DocumentPayload(file=file),
        checkpoint=Checkpoint(extractions=(source,)),
    )
    await bench.in_flight.claim("f", job.id, 60)
    await bench.knowledge_bases.put_file(
        KnowledgeFile(file, computed_id("base"), "one", "a.pdf", job=job.id)
    )
    memory = Memory(
        computed_id("fast"),
        Scope("one", "ana"),
        Type.WORKING,
        "user: hello",
        fast=True,
        job=job.id,
    )
    await bench.memories.put([Embedded(memory, weigh(memory.text))])
    return job


async def assert_nothing_left(bench: StatusBench, job: Job) -> None:
    record = bench.jobs.stored[job.id]
    assert (record.state, record.error_message) == (State.CANCELLED, REASON)
    assert record.checkpoint == Checkpoint()
    assert bench.memories.stored == {}
    with pytest.raises(NotFound):
        await bench.ports.sources.get(job.checkpoint.extractions[0])
    (file,) = await bench.knowledge_bases.files("one")
    assert (file.status, file.code, file.message) == ("failed", Code.FAILED, REASON)
    states = [progress.state async for progress in bench.progress_bus.watch(job.id)]
    assert states == [State.CANCELLED]


async def test_from_outside() -> None:
    bench = StatusBench()
    job = await running_job(bench)
    await cancel(bench.ports, [job], REASON)
    await assert_nothing_left(bench, job)
    assert await bench.progress_bus.cancelled(job.id)
    assert await bench.in_flight.claim("f", "another", 60) == "another"


async def test_in_the_worker_that_notices() -> None:
    bench = StatusBench()
    job = await running_job(bench)
    await acknowledge_cancel(bench.ports, job, REASON)
    await assert_nothing_left(bench, job)


async def test_a_worker_leaves_the_end_that_was_written_as_it_is() -> None:
    bench = StatusBench()
    job = await running_job(bench)
    ended = job.ended(State.CANCELLED, 2, message="by a user")
    await bench.jobs.put(ended)
    await acknowledge_cancel(bench.ports, job, REASON)
    assert bench.jobs.stored[job.id] == ended
    assert bench.memories.stored == {}


async def test_a_worker_does_not_bring_back_a_deleted_job() -> None:
    bench = StatusBench()
    job = await running_job(bench)
    bench.jobs.stored.clear()
    await acknowledge_cancel(bench.ports, job, REASON)
    assert bench.jobs.stored == {}


async def test_jobs_that_have_ended_stay_as_they_ended() -> None:
    bench = StatusBench()
    completed = await bench.job("a", state=State.COMPLETED)
    running = await bench.job("b", state=State.RUNNING)
    await cancel(bench.ports, [completed, running], REASON)
    assert bench.jobs.stored[completed.id] == completed
    record = bench.jobs.stored[running.id]
    assert record == replace(
        running,
        state=State.CANCELLED,
        error_message=REASON,
        updated_at=record.updated_at,
    )


async def test_a_job_that_has_ended_since_it_was_read_stays_as_it_ended() -> None:
    bench = StatusBench()
    job = await running_job(bench)
    receipts = (Receipt(computed_id("what came of it"), Outcome.STORED),)
    ended = replace(job.ended(State.COMPLETED, 2), receipts=receipts)
    await bench.jobs.put(ended)
    await cancel(bench.ports, [job], REASON)
    assert bench.jobs.stored[job.id] == ended


async def test_a_cancel_that_came_too_late_does_not_cancel_the_replay() -> None:
    bench = StatusBench()
    job = await running_job(bench)
    dead = job.ended(State.DEAD, 2)
    await bench.jobs.put(dead)
    await cancel(bench.ports, [job], REASON)
    assert not await bench.progress_bus.cancelled(job.id)
    await replay(bench.ports, dead)
    assert not await bench.progress_bus.cancelled(job.id)


async def test_a_mark_that_stayed_does_not_cancel_the_replay() -> None:
    bench = StatusBench()
    dead = await bench.job(state=State.DEAD)
    await bench.progress_bus.cancel(dead.id)
    await replay(bench.ports, dead)
    assert not await bench.progress_bus.cancelled(dead.id)


async def test_a_mark_that_stayed_does_not_cancel_what_is_read_again() -> None:
    bench = StatusBench()
    completed = await bench.job(state=State.COMPLETED)
    await bench.progress_bus.cancel(completed.id)
    await read_again(bench.ports, completed, ())
    assert not await bench.progress_bus.cancelled(completed.id)


async def test_what_was_cancelled_stays_so_where_it_would_be_read_again() -> None:
    bench = StatusBench()
    job = await running_job(bench)
    await cancel(bench.ports, [job], REASON)
    await read_again(bench.ports, bench.jobs.stored[job.id], ())
    assert bench.jobs.stored[job.id].state is State.CANCELLED
    assert await bench.progress_bus.cancelled(job.id)


async def test_without_redis_a_job_is_replayed_all_the_same() -> None:
    class Away(FakeProgressBus):
        async def take_back_cancel(self, job: str) -> None:
            raise Unavailable("away")

    bench = StatusBench()
    dead = await bench.job(state=State.DEAD)
    await replay(replace(bench.ports, progress_bus=Away()), dead)
    assert bench.jobs.stored[dead.id].state is State.QUEUED
