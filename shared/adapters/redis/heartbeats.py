"""The worker processes that run, in one hash of Redis:

<prefix>:workers    name of the process -> seconds, a blank, the heartbeat as JSON

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
_WRITE = """
local seconds = redis.call('TIME')[1]
redis.call('HSET', KEYS[1], ARGV[1], seconds .. ' ' .. ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""


class RedisHeartbeats:
    """The Heartbeats port; every method raises `Unavailable`."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis, self._key = redis, f"{prefix}:workers"
        self._write = redis.register_script(_WRITE)

    async def write(self, heartbeat: Heartbeat) -> None:
        with answering():
            await self._write(
                keys=[self._key],
                args=[heartbeat.name, json.dumps(asdict(heartbeat)), _KEEP_S],
            )

    async def stop(self, heartbeat: Heartbeat) -> None:
        with answering():
            await self._redis.hdel(self._key, heartbeat.name)

    async def running(self) -> Sequence[Heartbeat]:
        with answering():
            now, _ = await self._redis.time()
            stored: dict[Any, Any] = await self._redis.hgetall(self._key)
            records = {name: value.split(b" ", 1) for name, value in stored.items()}
            silent = [
                name for name, (at, _) in records.items() if now - int(at) > SILENT_S
            ]
            if silent:
                await self._redis.hdel(self._key, *silent)
        alive = [
            _heartbeat(json.loads(value))
            for name, (_, value) in records.items()
            if name not in silent
        ]
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
