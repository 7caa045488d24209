"""Behind a long queue nothing is taken for lost: ten thousand jobs wait on a real
server, workers take them, and the sweeper looks again and again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from services.status.sweeper import Sweeper
from shared.adapters.celery_queue import CeleryQueue
from shared.adapters.redis.fair_lists import FairLists
from shared.adapters.redis.leases import RedisLeases
from shared.domain.identity import computed_id
from shared.domain.job import Job, State
from shared.domain.scope import Scope
from shared.jobs.clock import now
from shared.jobs.enqueue import turn_of
from tests.support.redis_ports import prefix, redis, valkey_server
from tests.support.valkey import Valkey
from tests.unit.status.status_bench import StatusBench

__all__ = ["prefix", "redis", "valkey_server"]

Thing = TypeVar("Thing")

JOBS, USERS = 10_000, 7
AT_ONCE = 2_000
"""Jobs that workers take between two sweeps."""
MOST_MESSAGES = 1.05
"""Messages a job."""
HOUR_MS = 3_600_000
_CALLS = 64
"""Calls to the server under way at a time."""


async def test_messages_stay_as_many_as_jobs(
    valkey_server: Valkey, redis: Redis, prefix: str
) -> None:
    bench = StatusBench()
    queue = CeleryQueue(valkey_server.url, prefix, redis)
    leases = RedisLeases(redis, prefix)
    ports = replace(bench.ports, queue=queue, leases=leases)
    sweeper = Sweeper(ports, age=0.0, period=10.0, registry=CollectorRegistry())
    jobs = [job(number) for number in range(JOBS)]
    for each in jobs:
        await bench.jobs.put(each)
    name = await enqueued(queue, redis, prefix, jobs)
    assert await redis.llen(name) == JOBS

    async def work(message: str) -> None:
        taken = await queue.take(message, "", "text")
        record = await bench.jobs.get("p", taken.job) if taken else None
        assert record is not None
        await bench.jobs.put(record.ended(State.COMPLETED, now()))
        await queue.done(message, "text")

    messages, number = JOBS, 0
    while given := len(await redis.rpop(name, AT_ONCE) or ()):
        # The last one is taken this very moment: in no queue, and no lease yet.
        await side_by_side(work, (f"m{number + n}" for n in range(given - 1)))
        await queue.take(f"m{number + given}", "", "text")
        number += given
        before = await redis.llen(name)
        await sweeper.sweep()
        messages += await redis.llen(name) - before
    assert number == messages >= JOBS
    assert messages <= MOST_MESSAGES * JOBS
    unfinished = await bench.jobs.unfinished(now() + 1, JOBS)
    assert len(unfinished) <= messages - JOBS + 1, "only those that were never ended"


def job(number: int) -> Job:
    """One that has waited for an hour."""
    at = now() - HOUR_MS + number
    id = computed_id("backlog", str(number))
    scope = Scope("p", f"u{number % USERS}")
    return Job(id=id, scope=scope, created_at=at, updated_at=at)


async def enqueued(
    queue: CeleryQueue, redis: Redis, prefix: str, jobs: list[Job]
) -> str:
    """Put them on the queue: one as it is done, the others with copies of its message,
    since all messages say the same; the name of their list.
    """
    first, *others = jobs
    await queue.enqueue(first.id, "text", turn_of(first))
    keys = await redis.keys(f"{prefix}:broker:*text*")
    [name] = [str(key, "utf-8") for key in keys if await redis.type(key) == b"list"]
    [message] = await redis.lrange(name, 0, -1)
    lists = FairLists(redis, prefix)

    async def line_up(job: Job) -> None:
        assert await lists.push(job.id, "text", turn_of(job))

    await side_by_side(line_up, others)
    await redis.lpush(name, *[message] * len(others))
    return name


async def side_by_side(
    work: Callable[[Thing], Awaitable[None]], things: Iterable[Thing]
) -> None:
    """Some of them at a time."""
    rest = iter(things)

    async def one_after_another() -> None:
        for thing in rest:
            await work(thing)

    await asyncio.gather(*(one_after_another() for _ in range(_CALLS)))
