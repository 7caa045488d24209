"""Connecting to Redis, and its errors translated into those of the ports."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from shared.errors import Unavailable

_RETRIES = 1
_RETRY_PAUSE_SECONDS, _LONGEST_RETRY_PAUSE_SECONDS = 0.05, 0.2
_CONNECT_SECONDS = 2.0
_ANSWER_SECONDS = 2.0
_HEALTH_CHECK_SECONDS = 30
"""A connection that was idle for longer is tested before it is used."""


def connect(url: str) -> Redis:
    """A client that gives up within seconds: callers wait for it, and nothing in Redis
    is worth a long wait.
    """
    backoff = ExponentialBackoff(
        cap=_LONGEST_RETRY_PAUSE_SECONDS, base=_RETRY_PAUSE_SECONDS
    )
    return Redis.from_url(
        url,
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_ANSWER_SECONDS,
        retry=Retry(backoff, _RETRIES),
        health_check_interval=_HEALTH_CHECK_SECONDS,
    )


async def refuse_cluster(redis: Redis) -> None:
    """Raise ValueError where Redis runs in cluster mode: Celery's broker sends and takes
    messages by several keys at once, which lie on several nodes there, so no job would
    ever be worked on. Raises `Unavailable` where it does not say.
    """
    with answering():
        answer = await redis.info("cluster")
    if answer.get("cluster_enabled"):
        raise ValueError(
            "REDIS_URL names a Redis in cluster mode, in which no job would be worked on: "
            "take one Redis, with a replica where it should fail over (cluster mode off)"
        )


@contextmanager
def answering() -> Iterator[None]:
    """Turn every failure of Redis inside into `Unavailable`.

    A cancellation is raised here if the client has forgotten it: it sends each command by
    `asyncio.wait_for`, which until Python 3.12 returns its result where a cancellation
    comes at the same moment. Who was called off would go on, and wait for ever.
    """
    task = _current_task()
    before = task.cancelling() if task else 0

    def is_called_off() -> bool:
        # What is suspended inside may go on in another task.
        return (
            task is not None and task is _current_task() and task.cancelling() > before
        )

    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        if is_called_off():
            raise asyncio.CancelledError from error
        raise Unavailable(f"Redis does not answer: {error}") from error
    if is_called_off():
        raise asyncio.CancelledError


def _current_task() -> asyncio.Task[object] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # no event loop
        return None
