"""How long a client waits, and how often it tries: what both clients share. Pure."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from souvenir_client.values import ApiError, Call

Answer = httpx.Response | httpx.TransportError

PAUSES = (0.25, 0.5, 1.0)
"""Seconds between the tries of a request that may be sent again."""

BUSY = frozenset({429, 502, 503, 504})
"""HTTP statuses after which the same request may succeed."""

LONGEST_RETRY_AFTER_S = 30.0
"""A server that asks for a longer pause is not waited for: its refusal is the answer."""

CONNECT_SHARE = 0.4
"""Of the time that is left to a call, what the connection may take; the rest is the answer's."""

OUTAGE_S = 60.0
"""Seconds for which a task is followed though nobody answers: longer than a restart takes."""

LONGEST_PAUSE_S = 5.0
"""Seconds between two looks for a server that does not answer, at most."""

UNSENT = (httpx.LocalProtocolError, httpx.UnsupportedProtocol)
"""Requests that cannot be sent as they are, now or later."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Of a client, for every call."""

    timeout: float | httpx.Timeout = 30.0
    """Seconds until one try counts as unanswered."""

    pauses: Sequence[float] = PAUSES
    """Seconds before each further try of what failed in passing."""

    longest: float = math.inf
    """Seconds for a call with all its tries."""


class Tries:
    """The tries of one call."""

    def __init__(
        self,
        call: Call[Any],
        patience: Patience,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._call, self._patience, self._clock = call, patience, clock
        self._pauses = iter(patience.pauses)
        self._end = clock() + patience.longest

    def timeout(self) -> httpx.Timeout:
        """How long the next try may take."""
        given = httpx.Timeout(self._patience.timeout)
        left = max(self._end - self._clock(), 0.001)
        if math.isinf(left):
            return given
        connecting, answering = left * CONNECT_SHARE, left * (1 - CONNECT_SHARE)
        return httpx.Timeout(
            connect=min(_seconds(given.connect), connecting),
            read=min(_seconds(given.read), answering),
            write=min(_seconds(given.write), answering),
            pool=min(_seconds(given.pool), connecting),
        )

    def pause(self, answer: Answer) -> float | None:
        """Seconds until the call is sent again; None where the answer stands."""
        if not may_repeat(self._call, answer):
            return None
        pause = next(self._pauses, None)
        if pause is None:
            return None
        asked = _retry_after(answer)
        pause = max(pause, asked)
        fits = self._clock() + pause < self._end
        return pause if fits and asked <= LONGEST_RETRY_AFTER_S else None


class Outage:
    """How long a server has been away while a task is followed."""

    def __init__(
        self, task_id: str, longest: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._task_id, self._longest, self._clock = task_id, longest, clock
        self.over()

    def over(self) -> None:
        """The server has given a sign of life."""
        self._since: float | None = None
        self._pause = PAUSES[0]

    def pause(self, error: ApiError) -> float:
        """Seconds until the next look. Raises the error where it does not pass, and where
        the server has been away too long: then with the id of the task.
        """
        if not passes(error):
            raise error
        now = self._clock()
        self._since = now if self._since is None else self._since
        if now - self._since >= self._longest:
            message = f"{error.message}; task {self._task_id} is on the server"
            raise ApiError(error.code, message, error.status) from error
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE_S)
        return pause


def passes(error: ApiError) -> bool:
    """Whether the same request may succeed later: no answer came, or a busy server's."""
    return error.status == 0 or error.status in BUSY


def may_repeat(call: Call[Any], answer: Answer) -> bool:
    """Whether a call failed in passing and may be sent again. What never reached the
    server always may.
    """
    if isinstance(answer, UNSENT):
        return False
    if isinstance(answer, httpx.TransportError):
        return call.idempotent or isinstance(
            answer, httpx.ConnectError | httpx.ConnectTimeout
        )
    return call.idempotent and answer.status_code in BUSY


def _retry_after(answer: Answer) -> float:
    """The pause in seconds that a server asks for; 0 where it says none in seconds."""
    if isinstance(answer, httpx.TransportError):
        return 0.0
    asked = answer.headers.get("Retry-After", "").strip()
    return float(asked) if asked.isascii() and asked.isdigit() else 0.0


def _seconds(given: float | None) -> float:
    return math.inf if given is None else given
