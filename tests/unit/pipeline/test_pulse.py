"""A job that does not get on."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from shared.domain.identity import computed_id
from shared.domain.job import State
from shared.domain.scope import Scope
from tests.fakes.leases import FakeLeases
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline import pulse as pulses
from workers.pipeline.pulse import Pulse, PulsedLeases, Stalled, while_it_gets_on

LONG = 600.0
OTHERS = Scope("project", "bob", "talk")


async def for_ever() -> None:
    await asyncio.Event().wait()


async def test_what_gets_on_ends_as_it_does() -> None:
    pulse = Pulse(0.6)

    async def slowly() -> str:
        for _ in range(8):
            await asyncio.sleep(0.1)
            pulse.note_progress()
        return "done"

    async def badly() -> None:
        raise ZeroDivisionError

    assert await while_it_gets_on(pulse, slowly()) == "done"
    with pytest.raises(ZeroDivisionError):
        await while_it_gets_on(Pulse(LONG), badly())


async def test_what_does_not_is_called_off_and_the_rest_goes_on() -> None:
    pulse = Pulse(0.02)
    with pytest.raises(Stalled):
        await while_it_gets_on(pulse, for_ever())
    assert pulse.left > 0


async def test_called_off_from_outside_the_work_ends_too() -> None:
    tidied = asyncio.Event()

    async def work() -> None:
        try:
            await for_ever()
        finally:
            tidied.set()

    watched = asyncio.create_task(while_it_gets_on(Pulse(LONG), work()))
    await asyncio.sleep(0.01)
    watched.cancel()
    await asyncio.wait([watched], timeout=60)
    assert watched.cancelled()
    assert tidied.is_set()


async def test_one_that_does_not_even_end_keeps_no_lease(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pulses, "CANCEL_S", 0.01)
    leases, released = FakeLeases(), asyncio.Event()
    pulse = Pulse(0.02)
    pulsed = PulsedLeases(leases, pulse)
    token = await pulsed.acquire("user", LONG)
    assert token is not None
    assert await pulsed.renew("user", token, LONG)

    async def deaf() -> None:
        while not released.is_set():
            with suppress(asyncio.CancelledError):
                await released.wait()

    with pytest.raises(Stalled):
        await while_it_gets_on(pulse, deaf())
    assert not await pulsed.renew("user", token, LONG)
    released.set()


async def test_a_job_that_hangs_with_its_user_s_lease_loses_it_and_is_done_in_the_end() -> (
    None
):
    bench = WorkerBench()
    bench.limits = replace(bench.limits, lease=LONG)
    warm = await bench.accepted("I have a dog.", name="warm", scope=OTHERS)
    assert await bench.run(warm) is None  # all that is loaded at first use is there
    bench.memories.stored.clear()
    bench.limits = replace(bench.limits, stall=3.0)
    put = bench.memories.put

    async def hang(memories: object) -> None:
        await for_ever()

    job = await bench.accepted("I live in Riga.")
    bench.memories.put = hang  # type: ignore[method-assign]
    assert await bench.run(job) is not None
    record = bench.job(job)
    assert record.state is State.RUNNING
    assert "not got on" in record.error_message
    assert not await bench.leases.held(f"user:{computed_id('project', 'ana')}")

    bench.memories.put = put  # type: ignore[method-assign]
    bench.leases.wipe()  # the pause is over
    bench.limits = replace(bench.limits, stall=LONG)
    await bench.run(job)
    assert bench.job(job).state is State.COMPLETED
    texts = [embedded.memory.text for embedded in bench.memories.stored.values()]
    assert len(texts) == 1


async def test_a_job_does_not_die_of_another_that_holds_its_user_s_lease() -> None:
    bench = WorkerBench()
    bench.limits = replace(bench.limits, lease=LONG, lease_wait=0.0)
    name = f"user:{computed_id('project', 'ana')}"
    token = await bench.leases.acquire(name, LONG)
    assert token is not None
    job = await bench.accepted("I live in Riga.")
    for _ in range(bench.limits.attempts + 1):
        assert await bench.run(job) is not None
        assert bench.job(job).attempts == 0
    await bench.leases.release(name, token)
    assert await bench.run(job) is None
    assert bench.job(job).state is State.COMPLETED
