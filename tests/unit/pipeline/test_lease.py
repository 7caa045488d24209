"""Holding a lease while working."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from shared.errors import LeaseLost, Unavailable
from tests.fakes.leases import FakeLeases
from workers.pipeline.lease import LeaseBusy, hold_lease, hold_leases

LONG = 600.0


class Flaky(FakeLeases):
    """Does not answer renewals while `away`."""

    away = False
    renewed = 0

    async def renew(self, name: str, token: int, seconds: float) -> bool:
        self.renewed += 1
        if self.away:
            raise Unavailable("away")
        return await super().renew(name, token, seconds)


async def test_it_is_held_for_the_block_and_free_afterwards() -> None:
    leases = FakeLeases()
    async with hold_lease(leases, "job", LONG):
        assert await leases.held("job")
        with pytest.raises(LeaseBusy):
            async with hold_lease(leases, "job", LONG):
                pass
    assert not await leases.held("job")


async def test_it_is_let_go_of_when_the_block_breaks() -> None:
    leases = FakeLeases()
    with pytest.raises(ZeroDivisionError):
        async with hold_lease(leases, "job", LONG):
            raise ZeroDivisionError
    assert not await leases.held("job")


async def test_it_is_let_go_of_when_the_block_is_cancelled() -> None:
    leases, inside = FakeLeases(), asyncio.Event()

    async def work() -> None:
        async with hold_lease(leases, "job", LONG):
            inside.set()
            await asyncio.Event().wait()

    working = asyncio.create_task(work())
    await inside.wait()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert not await leases.held("job")


class Deaf(FakeLeases):
    """Forgets a cancellation that comes while it renews, as a library may."""

    def __init__(self) -> None:
        super().__init__()
        self.renewing = asyncio.Event()

    async def renew(self, name: str, token: int, seconds: float) -> bool:
        self.renewing.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0.05)
        return await super().renew(name, token, seconds)


async def test_the_block_ends_although_a_renewal_forgets_that_it_was_called_off() -> (
    None
):
    leases = Deaf()
    async with asyncio.timeout(60):
        async with hold_lease(leases, "job", 0.9):
            await leases.renewing.wait()
        assert not await leases.held("job")


async def test_who_is_called_off_while_the_last_renewal_ends_hears_of_it() -> None:
    leases, ending = Deaf(), asyncio.Event()

    async def work() -> None:
        async with hold_lease(leases, "job", 0.9):
            await leases.renewing.wait()
            ending.set()

    working = asyncio.create_task(work())
    await ending.wait()
    working.cancel()
    await asyncio.wait([working], timeout=60)
    assert working.cancelled()
    assert not await leases.held("job")


async def test_it_is_renewed_while_the_block_lasts() -> None:
    leases = Flaky()
    async with hold_lease(leases, "job", 1.5), asyncio.timeout(60):
        while leases.renewed < 5:
            await asyncio.sleep(0.01)


async def test_a_lost_one_is_noticed_when_asked_and_by_itself() -> None:
    leases = FakeLeases()
    async with hold_lease(leases, "job", 0.3) as lease:
        leases.wipe()
        with pytest.raises(LeaseLost):
            await lease.renew()
        with pytest.raises(LeaseLost):
            lease.check()
    async with hold_lease(leases, "job", 0.03) as lease:
        leases.wipe()
        with pytest.raises(LeaseLost):
            async with asyncio.timeout(60):
                while True:
                    lease.check()
                    await asyncio.sleep(0.01)


async def test_what_could_not_be_renewed_in_time_counts_as_lost() -> None:
    leases = Flaky()
    async with hold_lease(leases, "job", 0.5) as lease:
        leases.away = True
        lease.check()
        with pytest.raises(LeaseLost):
            async with asyncio.timeout(60):
                while True:
                    lease.check()
                    await asyncio.sleep(0.01)


async def test_kept_it_is_held_after_the_block() -> None:
    leases = FakeLeases()
    async with hold_lease(leases, "job", LONG) as lease:
        lease.extend_on_exit(LONG)
    assert await leases.held("job")


async def test_several_at_once_never_wait_in_a_circle() -> None:
    leases, most, within = FakeLeases(), 0, 0

    async def work(names: tuple[str, ...]) -> None:
        nonlocal most, within
        async with hold_leases(leases, names, LONG, LONG):
            within += 1
            most = max(most, within)
            await asyncio.sleep(0)
            within -= 1

    async with asyncio.timeout(60):
        await asyncio.gather(
            *(
                work(("a", "b") if number % 2 else ("b", "a", "b"))
                for number in range(10)
            )
        )
    assert most == 1
    assert not await leases.held("a")


async def test_who_waits_too_long_holds_nothing() -> None:
    leases = FakeLeases()
    await leases.acquire("b", LONG)
    with pytest.raises(LeaseBusy):
        async with hold_leases(leases, ("a", "b"), LONG, 0.05):
            pass
    assert not await leases.held("a")


async def test_what_was_confirmed_a_moment_ago_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leases = Flaky()
    async with hold_lease(leases, "job", LONG) as lease:
        await lease.confirm()
        assert leases.renewed == 0
        monkeypatch.setattr("workers.pipeline.lease.CONFIRMED_S", 0.0)
        await lease.confirm()
        assert leases.renewed == 1
        leases.wipe()
        with pytest.raises(LeaseLost):
            await lease.confirm()
