"""One way to connect, one way to fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from shared.errors import Unavailable

_TRIES_AGAIN = 1
_CONNECT_SECONDS = 2.0
_ANSWER_SECONDS = 2.0


def connect(url: str) -> Redis:
    """A client that gives up within seconds: callers wait, and what we keep in Redis is
    not worth their waiting long.
    """
    retry = Retry(ExponentialBackoff(cap=0.2, base=0.05), _TRIES_AGAIN)
    return Redis.from_url(
        url,
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_ANSWER_SECONDS,
        retry=retry,
        health_check_interval=30,
    )


@contextmanager
def answering() -> Iterator[None]:
    """Turn every failure of Redis inside into `Unavailable`."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        raise Unavailable(f"Redis does not answer: {error}") from error
