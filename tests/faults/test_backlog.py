"""Behind a long queue nothing is taken for lost: ten thousand jobs wait on a real
server, workers take them, and the sweeper looks again and again.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from services.status.sweeper import Sweeper
from shared.adapters.celery_queue import CeleryQueue
from shared.adapters.redis.leases import RedisLeases
from shared.domain.identity import computed_id
from shared.domain.job import Job, State
from shared.domain.scope import Scope
from shared.jobs.clock import now
from tests.support.redis_ports import prefix, redis, valkey_server
from tests.support.valkey import Valkey
from tests.unit.status.status_bench import StatusBench

__all__ = ["prefix", "redis", "valkey_server"]

JOBS = 10_000
AT_ONCE = 2_000
"""Jobs that workers take between two sweeps."""
MOST_MESSAGES = 1.05
"""Messages a job."""
HOUR_MS = 3_600_000


async def test_messages_stay_as_many_as_jobs(
    valkey_server: Valkey, redis: Redis, prefix: str
) -> None:
    bench = StatusBench()
    queue = CeleryQueue(valkey_server.url, prefix)
    leases = RedisLeases(redis, prefix)
    ports = replace(bench.ports, queue=queue, leases=leases)
    sweeper = Sweeper(ports, age=0.0, period=10.0, registry=CollectorRegistry())
    jobs = [job(number) for number in range(JOBS)]
    for each in jobs:
        await bench.jobs.put(each)
    name = await enqueued(queue, redis, prefix, [each.id for each in jobs])
    assert await redis.llen(name) == JOBS

    messages, rounds = JOBS, 0
    while taken := await redis.rpop(name, AT_ONCE):
        ids = [job_of(message) for message in taken]
        for id in ids[:-1]:
            record = await bench.jobs.get("p", id)
            assert record is not None
            await bench.jobs.put(record.ended(State.COMPLETED, now()))
        # The last one was taken this very moment: in no queue, and no lease yet.
        messages += await sweeper.sweep()
        rounds += 1
    assert rounds >= JOBS / AT_ONCE
    assert messages <= MOST_MESSAGES * JOBS


def job(number: int) -> Job:
    """One that has waited for an hour."""
    at = now() - HOUR_MS + number
    id = computed_id("backlog", str(number))
    return Job(id=id, scope=Scope("p", "u"), created_at=at, updated_at=at)


async def enqueued(
    queue: CeleryQueue, redis: Redis, prefix: str, ids: Sequence[str]
) -> str:
    """Put them on the queue: one as it is done, the others as copies of its message;
    the name of the list.
    """
    await queue.enqueue(ids[0], "text")
    keys = await redis.keys(f"{prefix}:*text*")
    [name] = [key.decode() for key in keys if await redis.type(key) == b"list"]
    [message] = await redis.lrange(name, 0, -1)
    body = json.loads(message)
    await redis.lpush(name, *[with_job(body, id) for id in ids[1:]])
    return name


def with_job(message: dict[str, Any], id: str) -> str:
    content = json.dumps([[id], {}, {}]).encode()
    return json.dumps(message | {"body": base64.b64encode(content).decode()})


def job_of(message: bytes) -> str:
    content = json.loads(base64.b64decode(json.loads(message)["body"]))
    return str(content[0][0])
