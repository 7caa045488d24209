"""An endpoint that does not answer is left alone for a while, so that nobody waits for it
in vain again and again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import Unavailable

FAILURES = 3
"""Failures in a row after which it is left alone."""
REST_S = 15.0
"""Seconds; then one request tries, and others go on only when it was answered."""


class EndpointRest:
    """The failures of one endpoint, as one process sees them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._failures = 0
        self._until = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Around a request. Raises `Unavailable` at once while the endpoint rests."""
        if time.monotonic() < self._until:
            raise Unavailable(f"{self._name}: did not answer a moment ago")
        if self._failures >= FAILURES:
            self._until = time.monotonic() + REST_S
        try:
            yield
        except Unavailable:
            self._failures += 1
            if self._failures >= FAILURES:
                self._until = time.monotonic() + REST_S
            raise
        self._failures, self._until = 0, 0.0
