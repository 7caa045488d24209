"""A job from its id to its end, on fakes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from shared.domain.extraction import Extraction
from shared.domain.identity import computed_id
from shared.domain.job import Options, Outcome, Receipt, State, Step
from shared.domain.job_payload import UnknownPayload
from shared.domain.memory import LastChange, Status
from shared.domain.passage import Talk
from shared.domain.searched_text import Searched
from shared.errors import Permanent, Transient, Unavailable
from shared.jobs.cancel import cancel
from shared.jobs.replay import replay
from shared.memory_change import BY_HAND
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.extractor import FakeExtractor
from tests.fakes.inflight import FakeInFlight
from tests.fakes.judge import ScriptedJudge
from tests.fakes.memories import FakeMemories
from tests.unit.pipeline.worker_bench import ARRIVED, WorkerBench
from workers.pipeline.runner import back_off
from workers.pipeline.worker_context import Limits

FERRY = "The ferry to the island leaves at nine"
TIDES = ("Tides. " + "The tide comes in twice a day here. " * 30).encode() * 3
CELLO = "Her brother plays the cello in an orchestra"

USERS_LEASE = f"user:{computed_id('project', 'ana')}"


class FailingExtractor(FakeExtractor):
    """Fails so often with these errors before it works; `meanwhile` is done at each call."""

    def __init__(
        self, *errors: Exception, meanwhile: Callable[[], Awaitable[Any]] | None = None
    ) -> None:
        super().__init__()
        self.errors, self.meanwhile, self.calls = list(errors), meanwhile, 0

    async def from_talk(self, talk: Talk) -> Extraction:
        self.calls += 1
        if self.meanwhile:
            await self.meanwhile()
        if self.errors:
            raise self.errors.pop(0)
        return await super().from_talk(talk)


async def run_again(worker: WorkerBench, job: Any) -> float | None:
    """As a message that comes when the extended lease has run out."""
    worker.leases.wipe()
    return await worker.run(job)


async def test_messages_become_memories_and_take_the_place_of_the_fast_ones() -> None:
    worker = WorkerBench()
    job = await worker.accepted(FERRY, CELLO)
    assert await worker.run(job) is None
    assert worker.texts() == [FERRY, CELLO]
    done = worker.job(job)
    assert (done.state, done.error_code, done.attempts) == (State.COMPLETED, 0, 1)
    assert [(receipt.outcome, receipt.memory) for receipt in done.receipts] == [
        (Outcome.STORED, memory.id) for memory in worker.remembered()
    ]
    assert not await worker.leases.held(f"job:{job.id}")


async def test_what_went_less_well_is_noted_once_in_the_record() -> None:
    worker = WorkerBench(
        extractor=FakeExtractor(
            remark="read by the built-in extractor, since the model failed"
        )
    )
    job = await worker.accepted(FERRY)
    await worker.run(job)
    assert (worker.job(job).state, worker.job(job).remarks) == (
        State.COMPLETED,
        ("read by the built-in extractor, since the model failed",),
    )


async def test_what_went_through_is_counted() -> None:
    worker = WorkerBench()
    file = await worker.file(TIDES, "tides.txt")
    await worker.run(await worker.accepted(FERRY, files=(file,)))
    last = worker.progress_bus.published[-1]
    assert (last.state, last.step) == (State.COMPLETED, Step.DONE)
    assert (last.files, last.files_done) == (1, 1)
    assert last.passages == last.passages_done > 2
    assert last.memories == last.memories_done > 2


async def test_who_waits_is_notified_after_the_record_says_so() -> None:
    worker = WorkerBench()
    job = await worker.accepted(FERRY)
    states: list[State] = []

    async def wait() -> None:
        states.extend(
            [
                worker.job(job).state
                async for progress in worker.progress_bus.watch(job.id)
                if progress.state.final
            ]
        )

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0)
    await worker.run(job)
    await waiting
    assert states == [State.COMPLETED]


async def test_a_job_that_is_done_is_not_done_again() -> None:
    worker = WorkerBench()
    job = await worker.accepted(FERRY)
    await worker.run(job)
    before, talks = dict(worker.memories.stored), len(worker.extractor.talks)
    assert await worker.run(job) is None
    assert worker.memories.stored == before
    assert len(worker.extractor.talks) == talks


async def test_nobody_knows_the_job() -> None:
    worker = WorkerBench()
    job = await worker.accepted(FERRY)
    worker.jobs.stored.clear()
    assert await worker.run(job) is None
    assert worker.jobs.stored == {}


async def test_a_second_delivery_waits_while_the_first_is_worked_on() -> None:
    worker = WorkerBench()
    second: list[float | None] = []

    async def deliver() -> None:
        second.append(await worker.run(job))

    worker.extractor = FailingExtractor(meanwhile=deliver)
    job = await worker.accepted(FERRY)
    assert await worker.run(job) is None
    assert second == [worker.limits.lease]
    assert worker.extractor.calls == 1
    assert await run_again(worker, job) is None
    assert worker.texts() == [FERRY]


async def test_what_may_pass_is_tried_again_later() -> None:
    worker = WorkerBench(
        extractor=FailingExtractor(Unavailable("gone"), Transient("busy"))
    )
    job = await worker.accepted(FERRY)
    first = await worker.run(job)
    assert first is not None
    assert first > back_off(1, worker.limits) - 0.01
    assert worker.job(job).state is State.RUNNING
    assert await worker.leases.held(f"job:{job.id}"), "nobody begins before its time"
    assert "user: " + FERRY in worker.texts(), "the fast memory stays"
    second = await run_again(worker, job)
    assert second is not None
    assert second > first
    assert await run_again(worker, job) is None
    assert worker.job(job).state is State.COMPLETED
    assert (worker.job(job).error_code, worker.job(job).attempts) == (0, 3)
    assert worker.texts() == [FERRY]


async def test_out_of_tries_it_is_dead_and_its_fast_memory_stays() -> None:
    worker = WorkerBench(
        extractor=FailingExtractor(*[Unavailable("the model is away")] * 9)
    )
    job = await worker.accepted(FERRY)
    while await run_again(worker, job) is not None:
        pass
    dead = worker.job(job)
    assert (dead.state, dead.attempts, dead.error_code, dead.error_message) == (
        State.DEAD,
        3,
        Unavailable.code,
        "the model is away",
    )
    assert await worker.jobs.dead("project", 10) == [dead]
    assert worker.texts() == ["user: " + FERRY]
    assert worker.progress_bus.published[-1].state is State.DEAD


async def test_a_dead_job_can_be_replayed() -> None:
    worker = WorkerBench(extractor=FailingExtractor(*[Unavailable("away")] * 3))
    job = await worker.accepted(FERRY)
    while await run_again(worker, job) is not None:
        pass
    await worker.jobs.put(worker.job(job).replayed(ARRIVED))
    assert await run_again(worker, job) is None
    assert worker.texts() == [FERRY]


async def test_an_error_that_nobody_foresaw_is_tried_again_too_but_not_for_ever() -> (
    None
):
    worker = WorkerBench(extractor=FailingExtractor(*[ZeroDivisionError("0/0")] * 9))
    job = await worker.accepted(FERRY)
    assert await worker.run(job) is not None
    while await run_again(worker, job) is not None:
        pass
    assert worker.job(job).state is State.DEAD
    assert "ZeroDivisionError" in worker.job(job).error_message
    assert "0/0" not in worker.job(job).error_message, (
        "what an error says may be anybody's words"
    )


async def test_a_job_that_kills_its_workers_ends_dead() -> None:
    worker = WorkerBench()
    job = await worker.accepted(
        FERRY, state=State.RUNNING, attempts=worker.limits.attempts
    )
    assert await worker.run(job) is None
    assert worker.job(job).state is State.DEAD
    assert worker.extractor.talks == []


async def test_what_cannot_pass_fails_at_once_with_its_code() -> None:
    worker = WorkerBench(extractor=FailingExtractor(Permanent("no", code=40305)))
    job = await worker.accepted(FERRY)
    assert await worker.run(job) is None
    assert (
        worker.job(job).state,
        worker.job(job).error_code,
        worker.job(job).attempts,
    ) == (State.FAILED, 40305, 1)
    assert worker.texts() == ["user: " + FERRY]


async def test_work_that_nobody_knows_fails() -> None:
    worker = WorkerBench()
    job = await worker.accepted(FERRY, payload=UnknownPayload("juggle"))
    assert await worker.run(job) is None
    assert worker.job(job).state is State.FAILED


async def test_cancelled_between_steps_it_leaves_nothing() -> None:
    worker = WorkerBench()
    worker.extractor = FailingExtractor(
        meanwhile=lambda: worker.progress_bus.cancel(job.id)
    )
    job = await worker.accepted(FERRY)
    assert await worker.run(job) is None
    assert worker.job(job).state is State.CANCELLED
    assert (worker.texts(), worker.sources.stored) == ([], {})
    assert worker.progress_bus.published[-1].state is State.CANCELLED


async def test_cancelled_on_the_record_alone_it_leaves_nothing_either() -> None:
    """As when Redis was wiped, and with it the wish to stop."""
    worker = WorkerBench()

    async def cancel_jobs() -> None:
        await worker.jobs.put(
            worker.job(job).ended(State.CANCELLED, ARRIVED, message="deleted")
        )

    worker.extractor = FailingExtractor(meanwhile=cancel_jobs)
    job = await worker.accepted(FERRY)
    assert await worker.run(job) is None
    assert (worker.job(job).state, worker.job(job).error_message) == (
        State.CANCELLED,
        "deleted",
    )
    assert (worker.texts(), worker.sources.stored) == ([], {})


class CancelledWhileStored(FakeMemories):
    """Somebody calls the job off at the very moment when its memories are put."""

    def __init__(self, worker: WorkerBench) -> None:
        super().__init__()
        self.worker = worker

    async def put(self, memories: Any) -> None:
        await super().put(memories)
        for job in list(self.worker.jobs.stored.values()):
            if job.state is State.RUNNING:
                await self.worker.jobs.put(job.ended(State.CANCELLED, ARRIVED))


async def test_cancelled_while_it_is_stored_it_leaves_nothing() -> None:
    worker = WorkerBench()
    worker.memories = CancelledWhileStored(worker)
    job = await worker.accepted(FERRY)
    assert await worker.run(job) is None
    assert worker.job(job).state is State.CANCELLED
    assert (worker.texts(), worker.sources.stored) == ([], {})


async def test_a_job_deleted_meanwhile_does_not_come_back() -> None:
    worker = WorkerBench()

    async def delete() -> None:
        worker.jobs.stored.clear()

    worker.extractor = FailingExtractor(meanwhile=delete)
    job = await worker.accepted(FERRY)
    assert await worker.run(job) is None
    assert worker.jobs.stored == {}
    assert (worker.texts(), worker.sources.stored) == ([], {})


async def test_a_lease_lost_on_the_way_stops_the_work_before_anything_is_stored() -> (
    None
):
    worker = WorkerBench()

    async def lose() -> None:
        worker.leases.wipe()
        await worker.leases.acquire(f"job:{job.id}", 60)

    worker.extractor = FailingExtractor(meanwhile=lose)
    job = await worker.accepted(FERRY)
    assert await worker.run(job) == worker.limits.back_off
    assert await worker.run(job) == worker.limits.lease, (
        "by now it is known that another worker has it"
    )
    assert worker.texts() == ["user: " + FERRY]
    assert worker.job(job).state is State.RUNNING
    worker.extractor.meanwhile = None
    assert await run_again(worker, job) is None
    assert worker.texts() == [FERRY]


async def test_the_users_lease_lost_while_merging_nothing_is_stored() -> None:
    worker = WorkerBench()

    class Losing(FakeMemories):
        async def similar(self, *given: Any) -> Any:
            worker.leases.lose(USERS_LEASE)
            return await super().similar(*given)

    worker.memories = Losing()
    job = await worker.accepted(FERRY)
    assert await worker.run(job) == worker.limits.back_off
    assert worker.texts() == ["user: " + FERRY]


async def test_others_of_the_same_user_do_not_wait_while_it_embeds() -> None:
    worker = WorkerBench()
    held = []

    class Looking(FakeEmbedder):
        async def passages(self, texts: Sequence[Searched]) -> list[tuple[float, ...]]:
            held.append(await worker.leases.held(USERS_LEASE))
            return await super().passages(texts)

    worker.embedder = Looking()
    await worker.run(
        await worker.accepted(FERRY, CELLO, options=Options(tags=("music",)))
    )
    assert held
    assert not any(held)


async def test_redis_wiped_in_the_middle_costs_nothing_but_a_try() -> None:
    worker = WorkerBench()

    async def wipe() -> None:
        worker.leases.wipe()
        worker.progress_bus.wipe()

    worker.extractor = FailingExtractor(meanwhile=wipe)
    job = await worker.accepted(FERRY)
    assert await worker.run(job) is not None
    worker.extractor.meanwhile = None
    assert await worker.run(job) is None
    assert worker.job(job).state is State.COMPLETED
    assert worker.texts() == [FERRY]


class Absent:
    """A port whose service does not answer."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def ask(*_: Any, **__: Any) -> Any:
            raise Unavailable("away")

        return ask


async def test_without_a_progress_bus_the_work_goes_on() -> None:
    worker = WorkerBench()
    worker.progress_bus = Absent()  # type: ignore[assignment]
    job = await worker.accepted(FERRY)
    assert await worker.run(job) is None
    assert worker.texts() == [FERRY]


@pytest.mark.parametrize("port", ["jobs", "leases"])
async def test_while_a_service_is_away_no_try_is_counted(port: str) -> None:
    worker = WorkerBench()
    job = await worker.accepted(FERRY)
    port_itself = getattr(worker, port)
    setattr(worker, port, Absent())
    for _ in range(worker.limits.attempts + 1):
        assert await worker.run(job) is not None
    setattr(worker, port, port_itself)
    assert await run_again(worker, job) is None
    assert (worker.job(job).state, worker.job(job).attempts) == (State.COMPLETED, 1)


async def test_two_jobs_of_one_user_at_once_do_not_store_the_same_twice() -> None:
    worker = WorkerBench()
    jobs = [await worker.accepted(FERRY, name=f"job {number}") for number in range(4)]
    assert await asyncio.gather(*map(worker.run, jobs)) == [None] * 4
    assert worker.texts() == [FERRY]
    receipts: list[Receipt] = []
    for job in jobs:
        receipts += worker.job(job).receipts
    outcomes = sorted(receipt.outcome for receipt in receipts)
    assert outcomes == [Outcome.MERGED] * 3 + [Outcome.STORED]


async def test_it_waits_in_vain_for_the_user_and_tries_again() -> None:
    worker = WorkerBench(limits=Limits(lease_wait=0.0))
    job = await worker.accepted(FERRY)
    await worker.leases.acquire(USERS_LEASE, 60)
    assert await worker.run(job) is not None
    assert worker.job(job).state is State.RUNNING
    assert await run_again(worker, job) is None
    assert worker.texts() == [FERRY]


def test_it_waits_longer_each_time_up_to_a_limit() -> None:
    waits = [back_off(attempts, Limits()) for attempts in range(1, 8)]
    assert waits == sorted(waits)
    assert waits[0] == Limits().back_off
    assert waits[-1] == Limits().longest_back_off


async def test_a_replay_brings_back_nothing_that_was_deleted_and_undoes_no_change() -> (
    None
):
    worker = WorkerBench(extractor=FakeExtractor(remark="the model was away"))
    job = await worker.accepted(FERRY, CELLO, "She likes tea", "He likes rum")
    await worker.run(job)
    deleted, corrected, ordered, kept = worker.remembered()
    await worker.memories.delete("project", [deleted.id])
    by_hand = replace(corrected, text="A flute.", last_change=LastChange(BY_HAND))
    entry = worker.memories.stored[corrected.id]
    await worker.memories.put([replace(entry, memory=by_hand)])
    forgotten = LastChange(computed_id("an order"))
    gone = replace(ordered, status=Status.FORGOTTEN, last_change=forgotten)
    await worker.memories.archive([gone])
    await replay(worker, worker.job(job))
    await run_again(worker, job)
    assert worker.job(job).state is State.COMPLETED
    assert worker.texts() == ["A flute.", kept.text]
    assert [receipt.memory for receipt in worker.job(job).receipts] == [kept.id]


async def test_a_replay_that_is_interrupted_loses_nothing() -> None:
    worker = WorkerBench(extractor=FakeExtractor(remark="the model was away"))
    job = await worker.accepted(FERRY, CELLO)
    await worker.run(job)
    await replay(worker, worker.job(job))
    put, worker.memories.put = worker.memories.put, _fails  # type: ignore[method-assign]
    assert await run_again(worker, job) is not None
    assert worker.texts() == []
    worker.memories.put = put  # type: ignore[method-assign]
    await run_again(worker, job)
    assert worker.texts() == [FERRY, CELLO]


async def _fails(*_: Any) -> None:
    raise Unavailable("away")


def cancel_ports(worker: WorkerBench) -> Any:
    return SimpleNamespace(**vars(worker), in_flight=FakeInFlight())


@pytest.mark.parametrize("sure", [0.99, 0.75], ids=["archives", "annotates"])
async def test_a_job_that_is_cancelled_while_it_stores_leaves_all_as_it_was(
    sure: float,
) -> None:
    old, new = "I live in Rome.", "I live in Oslo."
    pairs = {(old, new): ("update", sure), ("", new): ("update", sure)}
    worker = WorkerBench(judge=ScriptedJudge(pairs))
    first = await worker.accepted(old, name="a")
    await worker.run(first)
    before = dict(worker.memories.stored)
    second = await worker.accepted(new, name="b", arrived=ARRIVED + 10**9)
    put = worker.memories.put

    async def put_and_cancelled(memories: Any) -> None:
        await put(memories)
        job = worker.job(second)
        if any(not entry.memory.fast for entry in memories):
            await cancel(cancel_ports(worker), [job], "called off")

    worker.memories.put = put_and_cancelled  # type: ignore[method-assign]
    await worker.run(second)
    assert worker.job(second).state is State.CANCELLED
    assert worker.memories.stored == before
