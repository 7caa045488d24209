"""Calls that are begun before their turn: a language model that takes minutes is asked
for several groups of passages at a time, while their results are used in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Generic, TypeVar

from shared.errors import ModelUnavailable, TurnOver

T = TypeVar("T")


class ReadAhead(Generic[T]):
    """`limit` is how many calls are under way at most. What is left over when the block
    ends is called off; but where a model is away, what was asked is waited for, since
    the answers are saved for the next try.
    """

    def __init__(self, calls: Sequence[Callable[[], Awaitable[T]]], limit: int) -> None:
        self._calls, self._limit = calls, limit
        self._begun: dict[int, asyncio.Task[T]] = {}

    async def result(self, position: int) -> T:
        """What a call returns; the next ones are under way as well then."""
        for place in range(position, min(len(self._calls), position + self._limit)):
            if place not in self._begun:
                work = _awaited(self._calls[place])
                self._begun[place] = asyncio.create_task(work)
        return await self._begun[position]

    async def __aenter__(self) -> ReadAhead[T]:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, ModelUnavailable | TurnOver):
            for task in self._begun.values():
                task.cancel()
        await asyncio.gather(*self._begun.values(), return_exceptions=True)


async def _awaited(call: Callable[[], Awaitable[T]]) -> T:
    return await call()
