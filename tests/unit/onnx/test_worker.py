"""The one thread of all models."""

from __future__ import annotations

import asyncio
import threading

import pytest

from shared.adapters.onnx.worker import PriorityWorker


async def test_the_urgent_goes_before_what_waits() -> None:
    worker, begun, hold, order = (
        PriorityWorker(),
        threading.Event(),
        threading.Event(),
        [],
    )

    def first() -> None:
        begun.set()
        hold.wait(60)

    running = asyncio.create_task(worker.run(first))
    await asyncio.to_thread(begun.wait, 60)
    waiting = [
        asyncio.create_task(worker.run(lambda: order.append("ordinary"))),
        asyncio.create_task(worker.run(lambda: order.append("urgent"), urgent=True)),
    ]
    await asyncio.sleep(0.05)
    hold.set()
    await asyncio.gather(running, *waiting)
    assert order == ["urgent", "ordinary"]


async def test_errors_reach_the_caller_and_end_nothing() -> None:
    worker = PriorityWorker()
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0)
    assert await worker.run(lambda: 7) == 7


async def test_what_is_cancelled_is_not_computed() -> None:
    worker, begun, hold, done = (
        PriorityWorker(),
        threading.Event(),
        threading.Event(),
        [],
    )

    def first() -> None:
        begun.set()
        hold.wait(60)

    running = asyncio.create_task(worker.run(first))
    await asyncio.to_thread(begun.wait, 60)
    later = asyncio.create_task(worker.run(lambda: done.append(1)))
    await asyncio.sleep(0.05)
    later.cancel()
    await asyncio.gather(later, return_exceptions=True)
    hold.set()
    await running
    assert await worker.run(lambda: len(done)) == 0


def test_it_serves_several_loops() -> None:
    worker = PriorityWorker()
    assert [asyncio.run(worker.run(lambda: 1)) for _ in range(2)] == [1, 1]
