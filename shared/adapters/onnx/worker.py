"""One thread for all models of a process, where the urgent goes first.

A model occupies a processor core while it computes; two at once only make both slower. Whoever
has much to compute gives it in small pieces, and what is urgent waits for one piece at most.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from typing import Any, TypeVar

Result = TypeVar("Result")

URGENT = 0
ORDINARY = 1


class PriorityWorker:
    """Runs functions one after the other on a thread of its own, which starts at first use."""

    def __init__(self, name: str = "models") -> None:
        self._name = name
        self._numbers = itertools.count()
        self._starting = threading.Lock()
        self._process = 0
        self._waiting: queue.PriorityQueue[
            tuple[int, int, Future[Any], Callable[[], Any]]
        ]
        self._waiting = queue.PriorityQueue()

    async def run(
        self, function: Callable[[], Result], *, urgent: bool = False
    ) -> Result:
        """What `function` returns or raises; nothing is computed once the caller is cancelled."""
        self._start()
        future: Future[Result] = Future()
        priority = URGENT if urgent else ORDINARY
        self._waiting.put((priority, next(self._numbers), future, function))
        return await asyncio.wrap_future(future)

    def _start(self) -> None:
        """Starts the thread; again in a forked process, which inherits none."""
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                self._waiting = queue.PriorityQueue()
                threading.Thread(
                    target=self._work, name=self._name, daemon=True
                ).start()

    def _work(self) -> None:
        waiting = self._waiting
        while True:
            _priority, _number, future, function = waiting.get()
            if future.set_running_or_notify_cancel():
                _fulfil(future, function)
            del future, function


class CallersThread(PriorityWorker):
    """Runs functions at once where they are asked for: in a process that is to be forked
    and may have no thread.
    """

    async def run(
        self, function: Callable[[], Result], *, urgent: bool = False
    ) -> Result:
        """What `function` returns or raises."""
        return function()


def _fulfil(future: Future[Any], function: Callable[[], Any]) -> None:
    try:
        result = function()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)


@cache
def shared_worker() -> PriorityWorker:
    """The worker of this process."""
    return PriorityWorker()
