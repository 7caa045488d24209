"""A call of an endpoint under its circuit breaker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shared.adapters.circuit_breaker import CircuitBreaker
from shared.errors import Unavailable

FAILURES = 3
"""In a row, from which an endpoint is left alone for which a search waits."""


@contextmanager
def guarded(breaker: CircuitBreaker) -> Iterator[None]:
    """Raises `ModelUnavailable` at once while the endpoint is left alone; the breaker
    learns how the call ends.
    """
    breaker.check()
    try:
        yield
    except Unavailable as error:
        breaker.failed(error.message)
        raise
    except BaseException:
        breaker.abandoned()
        raise
    breaker.succeeded()
