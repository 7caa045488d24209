"""Hands job ids to Celery workers by the name of their task: nothing of the workers is
imported here.

What both ends of the wire must agree on stands here too: the task's name, the queues,
the priorities, the broker's options.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import redis
from celery import Celery
from kombu.exceptions import OperationalError

from shared.errors import Unavailable

WORK = "souvenir.work"
"""Name of the one Celery task, whose argument is a job's id."""
URGENT, NORMAL = 0, 5
"""Priorities of a message: on Redis kombu serves the lower number first."""
VISIBILITY_SECONDS = 3 * 3600
"""After this long without an acknowledgement a message is given out again. Longer than
any task may run, or it would run twice. The sweeper notices a lost job long before.
"""

_PUBLISH_SECONDS = 5.0
"""Longest wait for the broker to take a message."""
_PAGE = 2000
"""Messages that are looked through at once, about 2 MB."""
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


_CLIENT_OPTIONS = ("socket_connect_timeout", "socket_timeout", "socket_keepalive")


class CeleryQueue:
    """The Queue port."""

    def __init__(self, broker_url: str, prefix: str) -> None:
        self._prefix = prefix
        self._url = broker_url
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

    async def enqueue(self, job: str, queue: str, *, urgent: bool = False) -> None:
        send = partial(
            self._celery.send_task,
            WORK,
            args=[job],
            queue=queue_name(self._prefix, queue),
            priority=URGENT if urgent else NORMAL,
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

    async def waiting_in(self, queue: str) -> frozenset[str]:
        """The ids in the messages that no worker has taken. What comes or goes while the
        messages are looked through may be missing or still there.
        """
        look = partial(self._all_waiting, queue)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, look)
        except (redis.RedisError, OSError) as error:
            raise Unavailable(f"the broker does not answer: {error}") from error

    def _all_waiting(self, queue: str) -> frozenset[str]:
        return frozenset(self._waiting(queue))

    def _waiting(self, queue: str) -> Iterator[str]:
        options = broker_options(self._prefix)
        times = {name: options[name] for name in _CLIENT_OPTIONS}
        name = f"{options['global_keyprefix']}{queue_name(self._prefix, queue)}"
        with redis.Redis.from_url(self._url, **times) as client:
            for priority in options["priority_steps"]:
                suffix = f"{_PRIORITY_SEPARATOR}{priority}" if priority else ""
                yield from _ids(client, name + suffix)


def _ids(client: redis.Redis, name: str) -> Iterator[str]:
    """The ids in a list of messages, from its end, where workers take: new messages at
    its beginning move none of those that are still to be seen.
    """
    end = -1
    while messages := client.lrange(name, end - _PAGE + 1, end):
        for message in messages:
            arguments, _, _ = json.loads(base64.b64decode(json.loads(message)["body"]))
            yield arguments[0]
        end -= len(messages)
