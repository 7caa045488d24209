"""What language models cost, counted in Redis.

<prefix>:tokens:<project>:2026-11-26    tokens of a day
<prefix>:tokens:<project>:2026-11       tokens of a month
<prefix>:model_usage                    hash, "<role> <outcome> <figure>" of all projects
<prefix>:model_calls:<project>          list, its latest calls as JSON, the latest first
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import orjson

from shared.adapters.redis.client import answering
from shared.domain.model_answer import Usage
from shared.domain.model_call import ModelCall

if TYPE_CHECKING:
    from redis.asyncio import Redis

_DAY_S = 86_400
_KEEP_DAY_S = 2 * _DAY_S
_KEEP_MONTH_S = 40 * _DAY_S
_KEEP_CALLS_S = 7 * _DAY_S
_MOST_CALLS = 200
"""Calls that are remembered of one project."""


def _utc() -> datetime:
    return datetime.now(UTC)


class RedisModelUsage:
    """The ModelUsage port; every method raises `Unavailable`."""

    def __init__(
        self, redis: Redis, prefix: str, clock: Callable[[], datetime] = _utc
    ) -> None:
        self._redis, self._prefix, self._clock = redis, prefix, clock

    async def record(
        self, project: str, role: str, outcome: str, usage: Usage, model: str = ""
    ) -> None:
        day, month = self._keys(project)
        calls = self._calls(project)
        at = round(self._clock().timestamp() * 1000)
        call = orjson.dumps([at, role, model, outcome, asdict(usage)])
        with answering():
            async with self._redis.pipeline(transaction=True) as pipe:
                for key, seconds in ((day, _KEEP_DAY_S), (month, _KEEP_MONTH_S)):
                    pipe.incrby(key, usage.tokens)
                    pipe.expire(key, seconds)
                for figure, value in asdict(usage).items():
                    pipe.hincrby(self._totals, f"{role} {outcome} {figure}", value)
                pipe.expire(self._totals, _KEEP_MONTH_S)
                pipe.lpush(calls, call)
                pipe.ltrim(calls, 0, _MOST_CALLS - 1)
                pipe.expire(calls, _KEEP_CALLS_S)
                await pipe.execute()

    async def latest(self, project: str, limit: int) -> list[ModelCall]:
        with answering():
            stored = await self._redis.lrange(self._calls(project), 0, limit - 1)
        calls = map(orjson.loads, stored)
        return [
            ModelCall(at, role, model, outcome, Usage(**usage))
            for at, role, model, outcome, usage in calls
        ]

    async def tokens(self, project: str) -> tuple[int, int]:
        with answering():
            day, month = await self._redis.mget(self._keys(project))
        return int(day or 0), int(month or 0)

    async def forget(self, project: str) -> None:
        now = self._clock()
        ages = range(0, _KEEP_MONTH_S + _DAY_S, _DAY_S)
        keys = {self._calls(project)}
        for ago in ages:
            keys.update(self._keys(project, now - timedelta(seconds=ago)))
        with answering():
            await self._redis.delete(*sorted(keys))

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

    def _calls(self, project: str) -> str:
        return f"{self._prefix}:model_calls:{project}"

    def _keys(self, project: str, at: datetime | None = None) -> tuple[str, str]:
        """Those of the day and the month of a time, by default of now."""
        at, start = at or self._clock(), f"{self._prefix}:tokens:{project}"
        return f"{start}:{at:%Y-%m-%d}", f"{start}:{at:%Y-%m}"
