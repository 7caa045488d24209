"""The worker processes that run, in one hash of Redis:

<prefix>:workers    name of the process -> the time and the heartbeat, as JSON

The time is that of Redis, so that the clocks of several machines need not agree.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from shared.adapters.redis.client import answering
from shared.domain.heartbeat import Heartbeat

if TYPE_CHECKING:
    from redis.asyncio import Redis

SILENT_S = 30
"""Seconds without a heartbeat after which a process counts as gone."""
_KEEP_S = 86_400


class RedisHeartbeats:
    """The Heartbeats port; every method raises `Unavailable`."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis, self._key = redis, f"{prefix}:workers"

    async def write(self, heartbeat: Heartbeat) -> None:
        with answering():
            seconds, _ = await self._redis.time()
            async with self._redis.pipeline(transaction=True) as pipe:
                record = json.dumps({"at": seconds, **asdict(heartbeat)})
                pipe.hset(self._key, heartbeat.name, record)
                pipe.expire(self._key, _KEEP_S)
                await pipe.execute()

    async def stop(self, heartbeat: Heartbeat) -> None:
        with answering():
            await self._redis.hdel(self._key, heartbeat.name)

    async def running(self) -> Sequence[Heartbeat]:
        with answering():
            seconds, _ = await self._redis.time()
            stored = await self._redis.hgetall(self._key)
            records = {name: json.loads(value) for name, value in stored.items()}
            silent = [
                name
                for name, record in records.items()
                if seconds - record["at"] > SILENT_S
            ]
            if silent:
                await self._redis.hdel(self._key, *silent)
        alive = [_heartbeat(records[name]) for name in records if name not in silent]
        return sorted(alive, key=_order)


def _heartbeat(record: dict[str, Any]) -> Heartbeat:
    return Heartbeat(
        queue=record["queue"],
        host=record["host"],
        pid=record["pid"],
        started_at=record["started_at"],
        jobs=tuple(record["jobs"]),
    )


def _order(heartbeat: Heartbeat) -> tuple[str, int, str]:
    return heartbeat.queue, heartbeat.started_at, heartbeat.name
