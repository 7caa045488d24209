"""The one bridge from Celery's plain calls to coroutines: an event loop in a thread of
its own, one for each worker process. Several threads may call it at a time.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

Value = TypeVar("Value")


class Loop:
    """An event loop that runs until it is closed. What belongs to a loop (connections,
    locks) is made and used in it.
    """

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        self._started: set[asyncio.Task[Any]] = set()
        self._running: set[asyncio.Task[Any]] = set()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="loop", daemon=True
        )
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Value]) -> Value:
        """What the coroutine returns or raises. When the caller is interrupted
        meanwhile (Celery's soft time limit raises in it), the coroutine is cancelled
        and waited for, so that it releases its leases.
        """
        ended = threading.Event()

        async def run_and_signal() -> Value:
            own = asyncio.current_task()
            if own is not None:
                self._running.add(own)
            try:
                return await work
            finally:
                if own is not None:
                    self._running.discard(own)
                ended.set()

        future = asyncio.run_coroutine_threadsafe(run_and_signal(), self._loop)
        try:
            return future.result()
        except BaseException:
            if not future.done():
                future.cancel()
                ended.wait()
            raise

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Start the coroutine and do not wait; an error in it is logged by the loop."""

        def create_task() -> None:
            task = self._loop.create_task(work)
            self._started.add(task)  # the loop itself holds its tasks only weakly
            task.add_done_callback(self._started.discard)

        self._loop.call_soon_threadsafe(create_task)

    def cancel_all(self) -> None:
        """Cancel everything that `run` waits for: there it raises
        `concurrent.futures.CancelledError`. Returns at once.
        """

        def cancel() -> None:
            for task in self._running:
                task.cancel()

        self._loop.call_soon_threadsafe(cancel)

    def close(self) -> None:
        """Stop the loop and wait for its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
