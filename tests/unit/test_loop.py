"""The bridge from plain calls to coroutines."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator

import pytest

from workers.loop import Loop


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


async def _where() -> tuple[int, int]:
    return id(asyncio.get_running_loop()), threading.get_ident()


async def _broken() -> None:
    raise ZeroDivisionError


def test_every_call_runs_in_the_same_loop_outside_the_caller(loop: Loop) -> None:
    first, second = loop.run(_where()), loop.run(_where())
    assert first == second
    assert first[1] != threading.get_ident()


def test_errors_come_through(loop: Loop) -> None:
    with pytest.raises(ZeroDivisionError):
        loop.run(_broken())


def test_tasks_go_on_between_calls(loop: Loop) -> None:
    async def begin() -> asyncio.Event:
        told = asyncio.Event()
        asyncio.get_running_loop().call_later(0.01, told.set)
        return told

    told = loop.run(begin())
    assert loop.run(asyncio.wait_for(told.wait(), 60))


def test_what_is_begun_goes_on_by_itself(loop: Loop) -> None:
    done = threading.Event()

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.set()

    loop.start(work())
    assert done.wait(60)


def test_an_interrupted_caller_leaves_no_work_behind(loop: Loop) -> None:
    """As Celery's soft time limit does: a signal raises in the caller, and the work is
    cancelled and cleans up first.
    """
    cleaned = []

    class Interrupted(Exception):
        pass

    def interrupt(*_: object) -> None:
        raise Interrupted

    async def work() -> None:
        await asyncio.sleep(0.05)  # the caller waits by now
        try:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            cleaned.append(True)

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with pytest.raises(Interrupted):
            loop.run(work())
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert cleaned == [True]
