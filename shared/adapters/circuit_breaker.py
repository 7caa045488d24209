"""A circuit breaker: an endpoint that has failed several times in a row is not asked for
a while, so that nobody waits for it in vain and it can recover.

    closed ── `failures` in a row ──> open ── after `pause` ──> half open: one call
    half open ── it answers ──> closed;  it fails ──> open, for twice as long

The pattern is Nygard's (Release It!, 2007).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from shared.errors import ModelUnavailable

FAILURES = 5
"""In a row, from which an endpoint is left alone."""
PAUSE_S, LONGEST_PAUSE_S = 15.0, 300.0


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long an endpoint is left alone, seconds: twice as long each time."""

    first: float = PAUSE_S
    longest: float = LONGEST_PAUSE_S


class CircuitBreaker:
    """Of one endpoint in one process. `clock` counts seconds; `what` names the endpoint
    in errors.
    """

    def __init__(
        self,
        failures: int = FAILURES,
        clock: Callable[[], float] = time.monotonic,
        *,
        pauses: Pauses = Pauses(),
        what: str = "the model's endpoint",
    ) -> None:
        self._limit, self._clock = failures, clock
        self._pauses, self._what = pauses, what
        self._failures = 0
        self._pause = pauses.first
        self._closed_at = 0.0
        self._trying = False
        self._reason = ""

    def check(self) -> None:
        """To be called before each call. Raises `ModelUnavailable` while the endpoint is
        left alone; when the pause is over, one call at a time passes.
        """
        if self._failures < self._limit:
            return
        remaining = self._closed_at - self._clock()
        if remaining > 0 or self._trying:
            raise ModelUnavailable(
                f"{self._what} is left alone after {self._failures} failures"
                f" in a row, the last: {self._reason}",
                after=max(1.0, remaining),
            )
        self._trying = True

    def succeeded(self) -> None:
        """It answered; a refusal is an answer too."""
        self._failures, self._pause, self._trying = 0, self._pauses.first, False

    def failed(self, reason: str) -> None:
        """It did not answer."""
        self._reason, self._trying = reason, False
        self._failures += 1
        if self._failures >= self._limit:
            self._closed_at = self._clock() + self._pause
            self._pause = min(self._pauses.longest, self._pause * 2)

    def abandoned(self) -> None:
        """The caller left before there was an answer: that says nothing."""
        self._trying = False
