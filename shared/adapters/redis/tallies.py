"""Counters that processes share, in one hash of Redis:

<prefix>:tallies    name -> amount
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shared.adapters.redis.client import answering

if TYPE_CHECKING:
    from redis.asyncio import Redis

_KEEP_S = 40 * 86_400


class RedisTallies:
    """The Tallies port; every method raises `Unavailable`."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis, self._key = redis, f"{prefix}:tallies"

    async def add(self, amounts: Mapping[str, int]) -> None:
        with answering():
            async with self._redis.pipeline(transaction=True) as pipe:
                for name, amount in amounts.items():
                    pipe.hincrby(self._key, name, amount)
                pipe.expire(self._key, _KEEP_S)
                await pipe.execute()

    async def totals(self) -> Mapping[str, int]:
        with answering():
            stored = await self._redis.hgetall(self._key)
        return {_text(name): int(value) for name, value in stored.items()}


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
