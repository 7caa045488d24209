"""Hands job ids to Celery workers by the name of their task: nothing of the workers is
imported here.

What both ends of the wire must agree on stands here too: the task's name, the queues,
the priorities, the broker's options.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

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

    def __init__(self, broker_url: str, prefix: str) -> None:
        self._prefix = prefix
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
