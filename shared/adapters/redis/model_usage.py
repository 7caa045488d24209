"""What language models cost, counted in Redis.

<prefix>:tokens:<project>:2026-11-26    tokens of a day
<prefix>:tokens:<project>:2026-11       tokens of a month
<prefix>:model_usage                    hash, "<role> <outcome> <figure>" of all projects
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.adapters.redis.client import answering
from shared.domain.model_answer import Usage

if TYPE_CHECKING:
    from redis.asyncio import Redis

_DAY_S = 86_400
_KEEP_DAY_S = 2 * _DAY_S
_KEEP_MONTH_S = 40 * _DAY_S


def _utc() -> datetime:
    return datetime.now(UTC)


class RedisModelUsage:
    """The ModelUsage port; every method raises `Unavailable`."""

    def __init__(
        self, redis: Redis, prefix: str, clock: Callable[[], datetime] = _utc
    ) -> None:
        self._redis, self._prefix, self._clock = redis, prefix, clock

    async def record(self, project: str, role: str, outcome: str, usage: Usage) -> None:
        day, month = self._keys(project)
        with answering():
            async with self._redis.pipeline(transaction=True) as pipe:
                for key, seconds in ((day, _KEEP_DAY_S), (month, _KEEP_MONTH_S)):
                    pipe.incrby(key, usage.tokens)
                    pipe.expire(key, seconds)
                for figure, value in asdict(usage).items():
                    pipe.hincrby(self._totals, f"{role} {outcome} {figure}", value)
                pipe.expire(self._totals, _KEEP_MONTH_S)
                await pipe.execute()

    async def tokens(self, project: str) -> tuple[int, int]:
        with answering():
            day, month = await self._redis.mget(self._keys(project))
        return int(day or 0), int(month or 0)

    async def forget(self, project: str) -> None:
        with answering():
            for key in self._keys(project):
                await self._redis.delete(key)

    async def totals(self) -> Mapping[tuple[str, str], Usage]:
        with answering():
            stored = await self._redis.hgetall(self._totals)
        figures: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for name, value in stored.items():
            text = name.decode() if isinstance(name, bytes) else name
            role, outcome, figure = text.split(" ")
            figures[role, outcome][figure] = int(value)
        return {key: Usage(**values) for key, values in figures.items()}

    @property
    def _totals(self) -> str:
        return f"{self._prefix}:model_usage"

    def _keys(self, project: str) -> tuple[str, str]:
        at, start = self._clock(), f"{self._prefix}:tokens:{project}"
        return f"{start}:{at:%Y-%m-%d}", f"{start}:{at:%Y-%m}"
