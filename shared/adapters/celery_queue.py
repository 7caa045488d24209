"""Hands job ids to Celery workers by the name of their task: nothing of the workers is
imported here.

What both ends of the wire must agree on stands here too: the task's name, the queues,
the broker's options.

A message says only that something waits. Which job a worker gets for it is decided when
it asks (`FairLists`): so a thousand jobs of one user are no thousand messages that
everybody else stands behind.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from celery import Celery
from kombu.exceptions import OperationalError

from shared.adapters.redis.client import answering
from shared.adapters.redis.fair_lists import FairLists
from shared.domain.turn import Backlog, Taken, Turn
from shared.errors import Unavailable
from shared.tracing import traceparent

if TYPE_CHECKING:
    from redis.asyncio import Redis

WORK = "souvenir.work"
"""Name of the one Celery task, whose argument is a job's id."""
FAIR = "fair_queue"
"""Header of a message that is to be exchanged for a job, with the name of the queue;
those of earlier releases have none, and mean the job that they name.
"""
TRACE = "traceparent"
"""Header with the trace of the request that sent the message. The trace of a job stands
with the job, since its message may bring another.
"""
URGENT, NORMAL = 0, 5
"""Priorities of a message: on Redis kombu serves the lower number first. All messages
are alike now; earlier releases have used both.
"""
VISIBILITY_SECONDS = 3 * 3600
"""After this long without an acknowledgement a message is given out again. Longer than
any task may run, or it would run twice. The sweeper notices a lost job long before.
"""

_PUBLISH_SECONDS = 5.0
"""Longest wait for the broker to take a message."""
_LOOK_AGAIN_S = 0.5
"""Seconds in which a message that is just on its way arrives."""
_PRIORITY_SEPARATOR = "\x06\x16"
"""What kombu puts between a queue's name and a priority but the first: a list each."""
_THREADS = 2


def queue_name(prefix: str, queue: str) -> str:
    """The queue's name on the broker."""
    return f"{prefix}.{queue}"


def broker_options(prefix: str) -> dict[str, Any]:
    """kombu's options for Redis. `global_keyprefix` keeps two installations on one server apart."""
    return {
        "global_keyprefix": f"{prefix}:broker:",
        "priority_steps": [URGENT, NORMAL],
        "visibility_timeout": VISIBILITY_SECONDS,
        "unacked_restore_interval": 5,  # 10 s, of which kombu uses every tenth, by default
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2.0,
        "socket_timeout": 5.0,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }


class CeleryQueue:
    """The Queue port."""

    def __init__(self, broker_url: str, prefix: str, redis: Redis) -> None:
        """`redis` is a client of the broker's server."""
        self._prefix, self._redis = prefix, redis
        self._lists = FairLists(redis, prefix, VISIBILITY_SECONDS)
        self._celery = Celery("souvenir", broker=broker_url, set_as_current=False)
        self._celery.conf.update(
            broker_transport_options=broker_options(prefix),
            task_publish_retry_policy={
                "max_retries": 1,
                "interval_start": 0.05,
                "interval_step": 0.1,
                "interval_max": 0.2,
            },
            task_serializer="json",
            task_ignore_result=True,
            task_create_missing_queues=True,
        )
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="enqueue")

    async def enqueue(self, job: str, queue: str, turn: Turn = Turn()) -> None:
        # The message last: a worker that has it finds the job.
        if await self._lists.push(job, queue, turn, traceparent()):
            await self._send(job, queue)

    async def take(self, message: str, job: str, queue: str) -> Taken | None:
        return await self._lists.take(message, job, queue)

    async def done(self, message: str, queue: str) -> None:
        await self._lists.done(message, queue)

    async def put_back(self, message: str, queue: str, seconds: float) -> None:
        job = await self._lists.put_back(message, queue, seconds)
        if job is not None:
            await self._send(job, queue, seconds)

    async def waiting_in(self, queue: str) -> frozenset[str]:
        return await self._lists.waiting_in(queue)

    async def backlog(self, project: str | None = None) -> Backlog:
        return await self._lists.backlog(project)

    async def top_up(self, queue: str) -> int:
        lacking = await self._lacking(queue)
        if lacking:
            await asyncio.sleep(_LOOK_AGAIN_S)
            lacking = min(lacking, await self._lacking(queue))
        for _ in range(lacking):
            await self._send("", queue)
        return lacking

    async def _lacking(self, queue: str) -> int:
        """How many more jobs than messages wait."""
        options = broker_options(self._prefix)
        name = f"{options['global_keyprefix']}{queue_name(self._prefix, queue)}"
        messages = 0
        with answering():
            for priority in options["priority_steps"]:
                suffix = f"{_PRIORITY_SEPARATOR}{priority}" if priority else ""
                messages += await self._redis.llen(name + suffix)
        return max(0, await self._lists.lined_up(queue) - messages)

    async def _send(self, job: str, queue: str, seconds: float = 0.0) -> None:
        """A message, for a worker after `seconds`. Its job is for workers of earlier
        releases, which exchange nothing.
        """
        trace = traceparent()
        send = partial(
            self._celery.send_task,
            WORK,
            args=[job],
            queue=queue_name(self._prefix, queue),
            priority=NORMAL,
            countdown=seconds or None,
            headers={FAIR: queue} | ({TRACE: trace} if trace else {}),
            ignore_result=True,
            retry=True,
        )
        try:
            async with asyncio.timeout(_PUBLISH_SECONDS):
                await asyncio.get_running_loop().run_in_executor(self._threads, send)
        except (OperationalError, OSError, TimeoutError) as error:
            raise Unavailable(
                f"the broker does not take work: {str(error) or 'no answer'}"
            ) from error
