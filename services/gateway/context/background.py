"""Work that goes on after the answer has been sent, or that several requests wait for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class Background:
    """Keeps a reference to every task until it is done, so that none is lost when a
    client disconnects or the gateway is stopped.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._by_key: dict[str, asyncio.Task[Any]] = {}

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Begin; an exception is only logged, since no request waits for the result."""

        def finish(task: asyncio.Task[Any]) -> None:
            self._tasks.discard(task)
            if not task.cancelled() and task.exception() is not None:
                log.error("background_task_failed", exc_info=task.exception())

        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(finish)

    async def once(self, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of `work`. While it runs, all callers with the same key wait for
        the same task; it goes on when they disconnect.
        """

        def finish(task: asyncio.Task[Any]) -> None:
            self._tasks.discard(task)
            del self._by_key[key]

        task: asyncio.Task[T] | None = self._by_key.get(key)
        if task is None:
            task = self._by_key[key] = asyncio.create_task(work())
            self._tasks.add(task)
            task.add_done_callback(finish)
        return await asyncio.shield(task)

    async def close(self, seconds: float = 10.0) -> None:
        """Let everything end, for at most `seconds`."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
