"""Connecting to Redis, and its errors translated into those of the ports."""

from __future__ import annotations

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


@contextmanager
def answering() -> Iterator[None]:
    """Turn every failure of Redis inside into `Unavailable`."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        raise Unavailable(f"Redis does not answer: {error}") from error
