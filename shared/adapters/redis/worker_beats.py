"""The worker processes that run, in one hash of Redis:

<prefix>:workers    name of the process -> the time and the beat, as JSON

The time is that of Redis, so that the clocks of several machines need not agree.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from shared.adapters.redis.client import answering
from shared.domain.worker_beat import WorkerBeat

if TYPE_CHECKING:
    from redis.asyncio import Redis

SILENT_S = 30
"""Seconds without a beat after which a process counts as gone."""
_KEEP_S = 86_400


class RedisWorkerBeats:
    """The WorkerBeats port; every method raises `Unavailable`."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis, self._key = redis, f"{prefix}:workers"

    async def beat(self, beat: WorkerBeat) -> None:
        with answering():
            seconds, _ = await self._redis.time()
            async with self._redis.pipeline(transaction=True) as pipe:
                record = json.dumps({"at": seconds, **asdict(beat)})
                pipe.hset(self._key, beat.name, record)
                pipe.expire(self._key, _KEEP_S)
                await pipe.execute()

    async def stop(self, beat: WorkerBeat) -> None:
        with answering():
            await self._redis.hdel(self._key, beat.name)

    async def running(self) -> Sequence[WorkerBeat]:
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
        beats = [_beat(records[name]) for name in records if name not in silent]
        return sorted(beats, key=lambda beat: (beat.queue, beat.started_at, beat.name))


def _beat(record: dict[str, Any]) -> WorkerBeat:
    return WorkerBeat(
        queue=record["queue"],
        host=record["host"],
        pid=record["pid"],
        started_at=record["started_at"],
        jobs=tuple(record["jobs"]),
    )
