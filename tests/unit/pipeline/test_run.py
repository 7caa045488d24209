"""A job from its id to its end, on fakes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from shared.domain.extraction import Extraction
from shared.domain.job import Options, Outcome, State, Step
from shared.domain.passage import Talk
from shared.errors import Permanent, Transient, Unavailable
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.extractor import FakeExtractor
from tests.fakes.memories import FakeMemories
from tests.unit.pipeline.shop import ARRIVED, Shop
from workers.pipeline.run import back_off
from workers.pipeline.workshop import Limits

FERRY = "The ferry to the island leaves at nine"
CELLO = "Her brother plays the cello in an orchestra"


class Stubborn(FakeExtractor):
    """Fails so often with these errors before it works; `meanwhile` is done at each call."""

    def __init__(self, *errors: Exception, meanwhile: Callable[[], Awaitable[Any]] | None = None) -> None:
        super().__init__()
        self.errors, self.meanwhile, self.calls = list(errors), meanwhile, 0

    async def from_talk(self, talk: Talk) -> Extraction:
        self.calls += 1
        if self.meanwhile:
            await self.meanwhile()
        if self.errors:
            raise self.errors.pop(0)
        return await super().from_talk(talk)


async def again(shop: Shop, job: Any) -> float | None:
    """As a message that comes when the lease that was kept has run out."""
    shop.leases.wipe()
    return await shop.run(job)


async def test_messages_become_memories_and_take_the_place_of_the_fast_ones() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY, CELLO)
    assert await shop.run(job) is None
    assert shop.texts() == [FERRY, CELLO]
    done = shop.job(job)
    assert (done.state, done.error_code, done.attempts) == (State.COMPLETED, 0, 1)
    assert [(receipt.outcome, receipt.memory) for receipt in done.receipts] == [
        (Outcome.STORED, memory.id) for memory in shop.remembered()]
    assert not await shop.leases.held(f"job:{job.id}")


async def test_what_went_less_well_is_noted_once_in_the_record() -> None:
    shop = Shop(extractor=FakeExtractor(remark="read by rules, since the model failed"))
    job = await shop.accepted(FERRY)
    await shop.run(job)
    assert (shop.job(job).state, shop.job(job).remarks) == (State.COMPLETED, ("read by rules, since the model failed",))


async def test_progress_goes_through_the_steps_in_order_with_counts() -> None:
    shop = Shop()
    file = await shop.file(("Tides. " + "The tide comes in twice a day here. " * 30).encode() * 3, "tides.txt")
    job = await shop.accepted(FERRY, files=(file,))
    await shop.run(job)
    steps = [progress.step for progress in shop.board.told]
    assert [step for place, step in enumerate(steps) if place == 0 or steps[place - 1] is not step][:3] == [Step.PARSE, Step.SPLIT, Step.EXTRACT]
    assert [step for step in Step if step in steps] == [step for step in Step if step is not Step.QUEUED]
    last = shop.board.told[-1]
    assert (last.state, last.step, last.files, last.files_done) == (State.COMPLETED, Step.DONE, 1, 1)
    assert last.passages == last.passages_done > 2
    assert last.memories > 2


async def test_who_waits_is_told_after_the_record_says_so() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY)
    states: list[State] = []

    async def wait() -> None:
        states.extend([shop.job(job).state async for progress in shop.board.watch(job.id) if progress.state.final])

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0)
    await shop.run(job)
    await waiting
    assert states == [State.COMPLETED]


async def test_a_job_that_is_done_is_not_done_again() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY)
    await shop.run(job)
    before, talks = dict(shop.memories.stored), len(shop.extractor.talks)
    assert await shop.run(job) is None
    assert shop.memories.stored == before
    assert len(shop.extractor.talks) == talks


async def test_nobody_knows_the_job() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY)
    shop.jobs.stored.clear()
    assert await shop.run(job) is None
    assert shop.jobs.stored == {}


async def test_a_second_delivery_waits_while_the_first_is_worked_on() -> None:
    shop = Shop()
    second: list[float | None] = []

    async def deliver() -> None:
        second.append(await shop.run(job))

    shop.extractor = Stubborn(meanwhile=deliver)
    job = await shop.accepted(FERRY)
    assert await shop.run(job) is None
    assert second == [shop.limits.lease]
    assert shop.extractor.calls == 1
    assert await again(shop, job) is None
    assert shop.texts() == [FERRY]


async def test_what_may_pass_is_tried_again_later() -> None:
    shop = Shop(extractor=Stubborn(Unavailable("gone"), Transient("busy")))
    job = await shop.accepted(FERRY)
    first = await shop.run(job)
    assert first is not None
    assert first > back_off(1, shop.limits) - 0.01
    assert shop.job(job).state is State.RUNNING
    assert await shop.leases.held(f"job:{job.id}"), "nobody begins before its time"
    assert "user: " + FERRY in shop.texts(), "the fast memory stays"
    second = await again(shop, job)
    assert second is not None
    assert second > first
    assert await again(shop, job) is None
    assert shop.job(job).state is State.COMPLETED
    assert (shop.job(job).error_code, shop.job(job).attempts) == (0, 3)
    assert shop.texts() == [FERRY]


async def test_out_of_tries_it_is_dead_and_its_fast_memory_stays() -> None:
    shop = Shop(extractor=Stubborn(*[Unavailable("the model is away")] * 9))
    job = await shop.accepted(FERRY)
    while await again(shop, job) is not None:
        pass
    dead = shop.job(job)
    assert (dead.state, dead.attempts, dead.error_code, dead.error_message) == (State.DEAD, 3, Unavailable.code, "the model is away")
    assert await shop.jobs.dead("project", 10) == [dead]
    assert shop.texts() == ["user: " + FERRY]
    assert shop.board.told[-1].state is State.DEAD


async def test_a_dead_job_can_be_replayed() -> None:
    shop = Shop(extractor=Stubborn(*[Unavailable("away")] * 3))
    job = await shop.accepted(FERRY)
    while await again(shop, job) is not None:
        pass
    await shop.jobs.put(shop.job(job).replayed(ARRIVED))
    assert await again(shop, job) is None
    assert shop.texts() == [FERRY]


async def test_an_error_that_nobody_foresaw_is_tried_again_too_but_not_for_ever() -> None:
    shop = Shop(extractor=Stubborn(*[ZeroDivisionError("0/0")] * 9))
    job = await shop.accepted(FERRY)
    assert await shop.run(job) is not None
    while await again(shop, job) is not None:
        pass
    assert shop.job(job).state is State.DEAD
    assert "ZeroDivisionError" in shop.job(job).error_message
    assert "0/0" not in shop.job(job).error_message, "what an error says may be anybody's words"


async def test_a_job_that_kills_its_workers_ends_dead() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY, state=State.RUNNING, attempts=shop.limits.attempts)
    assert await shop.run(job) is None
    assert shop.job(job).state is State.DEAD
    assert shop.extractor.talks == []


async def test_what_cannot_pass_fails_at_once_with_its_code() -> None:
    shop = Shop(extractor=Stubborn(Permanent("no", code=40305)))
    job = await shop.accepted(FERRY)
    assert await shop.run(job) is None
    assert (shop.job(job).state, shop.job(job).error_code, shop.job(job).attempts) == (State.FAILED, 40305, 1)
    assert shop.texts() == ["user: " + FERRY]


async def test_work_that_nobody_knows_fails() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY, work="juggle")
    assert await shop.run(job) is None
    assert shop.job(job).state is State.FAILED


async def test_called_off_between_steps_it_leaves_nothing() -> None:
    shop = Shop()
    shop.extractor = Stubborn(meanwhile=lambda: shop.board.cancel(job.id))
    job = await shop.accepted(FERRY)
    assert await shop.run(job) is None
    assert shop.job(job).state is State.CANCELLED
    assert (shop.texts(), shop.sources.stored) == ([], {})
    assert shop.board.told[-1].state is State.CANCELLED


async def test_called_off_on_the_record_alone_it_leaves_nothing_either() -> None:
    """As when Redis was wiped, and with it the wish to stop."""
    shop = Shop()

    async def call_off() -> None:
        await shop.jobs.put(shop.job(job).ended(State.CANCELLED, ARRIVED, message="deleted"))

    shop.extractor = Stubborn(meanwhile=call_off)
    job = await shop.accepted(FERRY)
    assert await shop.run(job) is None
    assert (shop.job(job).state, shop.job(job).error_message) == (State.CANCELLED, "deleted")
    assert (shop.texts(), shop.sources.stored) == ([], {})


class CalledOffWhileStored(FakeMemories):
    """Somebody calls the job off at the very moment when its memories are put."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self.shop = shop

    async def put(self, memories: Any) -> None:
        await super().put(memories)
        for job in list(self.shop.jobs.stored.values()):
            if job.state is State.RUNNING:
                await self.shop.jobs.put(job.ended(State.CANCELLED, ARRIVED))


async def test_called_off_while_it_is_stored_it_leaves_nothing() -> None:
    shop = Shop()
    shop.memories = CalledOffWhileStored(shop)
    job = await shop.accepted(FERRY)
    assert await shop.run(job) is None
    assert shop.job(job).state is State.CANCELLED
    assert (shop.texts(), shop.sources.stored) == ([], {})


async def test_a_job_deleted_meanwhile_does_not_come_back() -> None:
    shop = Shop()

    async def delete() -> None:
        shop.jobs.stored.clear()

    shop.extractor = Stubborn(meanwhile=delete)
    job = await shop.accepted(FERRY)
    assert await shop.run(job) is None
    assert shop.jobs.stored == {}
    assert (shop.texts(), shop.sources.stored) == ([], {})


async def test_a_lease_lost_on_the_way_stops_the_work_before_anything_is_stored() -> None:
    shop = Shop()

    async def lose() -> None:
        shop.leases.wipe()
        await shop.leases.acquire(f"job:{job.id}", 60)

    shop.extractor = Stubborn(meanwhile=lose)
    job = await shop.accepted(FERRY)
    assert await shop.run(job) == shop.limits.back_off
    assert await shop.run(job) == shop.limits.lease, "by now it is known that another worker has it"
    assert shop.texts() == ["user: " + FERRY]
    assert shop.job(job).state is State.RUNNING
    shop.extractor.meanwhile = None
    assert await again(shop, job) is None
    assert shop.texts() == [FERRY]


async def test_the_users_lease_lost_while_merging_nothing_is_stored() -> None:
    shop = Shop()

    class Losing(FakeMemories):
        async def similar(self, *given: Any) -> Any:
            shop.leases.lose("user:project:ana")
            return await super().similar(*given)

    shop.memories = Losing()
    job = await shop.accepted(FERRY)
    assert await shop.run(job) == shop.limits.back_off
    assert shop.texts() == ["user: " + FERRY]


async def test_others_of_the_same_user_do_not_wait_while_it_embeds() -> None:
    shop = Shop()
    held = []

    class Looking(FakeEmbedder):
        async def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
            held.append(await shop.leases.held("user:project:ana"))
            return await super().passages(texts)

    shop.embedder = Looking()
    await shop.run(await shop.accepted(FERRY, CELLO, options=Options(tags=("music",))))
    assert held
    assert not any(held)


async def test_redis_wiped_in_the_middle_costs_nothing_but_a_try() -> None:
    shop = Shop()

    async def wipe() -> None:
        shop.leases.wipe()
        shop.board.wipe()

    shop.extractor = Stubborn(meanwhile=wipe)
    job = await shop.accepted(FERRY)
    assert await shop.run(job) is not None
    shop.extractor.meanwhile = None
    assert await shop.run(job) is None
    assert shop.job(job).state is State.COMPLETED
    assert shop.texts() == [FERRY]


class Absent:
    """A port whose service does not answer."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def ask(*_: Any, **__: Any) -> Any:
            raise Unavailable("away")
        return ask


async def test_without_a_board_the_work_goes_on() -> None:
    shop = Shop()
    shop.board = Absent()  # type: ignore[assignment]
    job = await shop.accepted(FERRY)
    assert await shop.run(job) is None
    assert shop.texts() == [FERRY]


@pytest.mark.parametrize("port", ["jobs", "leases"])
async def test_while_a_service_is_away_no_try_is_counted(port: str) -> None:
    shop = Shop()
    job = await shop.accepted(FERRY)
    kept = getattr(shop, port)
    setattr(shop, port, Absent())
    for _ in range(shop.limits.attempts + 1):
        assert await shop.run(job) is not None
    setattr(shop, port, kept)
    assert await again(shop, job) is None
    assert (shop.job(job).state, shop.job(job).attempts) == (State.COMPLETED, 1)


async def test_two_jobs_of_one_user_at_once_do_not_store_the_same_twice() -> None:
    shop = Shop()
    jobs = [await shop.accepted(FERRY, name=f"job {number}") for number in range(4)]
    assert await asyncio.gather(*map(shop.run, jobs)) == [None] * 4
    assert shop.texts() == [FERRY]
    outcomes = sorted(receipt.outcome for job in jobs for receipt in shop.job(job).receipts)
    assert outcomes == [Outcome.MERGED] * 3 + [Outcome.STORED]


async def test_it_waits_in_vain_for_the_user_and_tries_again() -> None:
    shop = Shop(limits=Limits(patience=0.0))
    job = await shop.accepted(FERRY)
    await shop.leases.acquire("user:project:ana", 60)
    assert await shop.run(job) is not None
    assert shop.job(job).state is State.RUNNING
    assert await again(shop, job) is None
    assert shop.texts() == [FERRY]


def test_it_waits_longer_each_time_up_to_a_limit() -> None:
    waits = [back_off(attempts, Limits()) for attempts in range(1, 8)]
    assert waits == sorted(waits)
    assert waits[0] == Limits().back_off
    assert waits[-1] == Limits().longest_back_off

