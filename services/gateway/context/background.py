"""Work that goes on after the answer has been sent, or that several requests wait for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class Background:
    """Holds on to tasks until they are done, so that none is lost when a client leaves
    or the gateway is stopped.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._awaited: dict[str, asyncio.Task[Any]] = {}

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Begin; what it raises is logged, there is nobody left to tell."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def once(self, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of `work`; while it is going on, whoever comes with the same key
        waits for the same result. It goes on when they leave.
        """
        task: asyncio.Task[T] | None = self._awaited.get(key)
        if task is None:
            task = self._awaited[key] = asyncio.create_task(work())
            self._tasks.add(task)
            task.add_done_callback(lambda done: self._answered(key, done))
        return await asyncio.shield(task)

    def _answered(self, key: str, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        del self._awaited[key]

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("background work failed", exc_info=task.exception())

    async def close(self, seconds: float = 10.0) -> None:
        """Let everything end, for at most `seconds`."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
