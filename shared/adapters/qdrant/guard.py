"""A Qdrant server that does not answer is left alone for a moment: callers have one clear
error at once, instead of each waiting for its own timeout, and the server can recover.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from httpx import ConnectError, Request, Response
from qdrant_client.http.exceptions import ResponseHandlingException

from shared.adapters.circuit_breaker import CircuitBreaker, Pauses
from shared.errors import ModelUnavailable

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient

FAILURES = 5
"""Requests in a row without an answer, from which it is left alone. Any answer is one,
also that it is too busy.
"""
PAUSES = Pauses(first=1.0, longest=2.0)
"""Short: nothing works without it, and each process finds out by itself that the server is
back. One request in two seconds does not keep it from starting.
"""
Next = Callable[[Request], Awaitable[Response]]


def guard(client: AsyncQdrantClient, breaker: CircuitBreaker | None = None) -> None:
    """Put a circuit breaker before all requests of a client."""
    circuit = breaker or CircuitBreaker(
        FAILURES, pauses=PAUSES, what="the vector store"
    )

    async def guarded(request: Request, send: Next) -> Response:
        try:
            circuit.check()
        except ModelUnavailable as error:
            source = ConnectError(error.message, request=request)
            raise ResponseHandlingException(source) from error
        try:
            response = await send(request)
        except ResponseHandlingException as error:
            circuit.failed(repr(error.source))
            raise
        except BaseException:
            circuit.abandoned()
            raise
        circuit.succeeded()
        return response

    client.http.client.add_middleware(guarded)
