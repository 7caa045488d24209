"""The latest requests of each project, and how many there were in each minute of the
last day. In memory: every gateway process has its own, empty when it starts.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from statistics import median, quantiles

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.http.auth import key_in

PROJECT = "project"
"""The attribute of a request's state that holds its project, once its key is checked."""
MAX_REQUESTS = 500
"""Requests that are remembered of one project."""
MAX_PROJECTS = 100
"""Projects that are remembered, those that asked last."""
MAX_MINUTES = 24 * 60
"""Minutes for which figures are remembered."""
MAX_DURATIONS = 200
"""Durations that are remembered of one minute and operation; those after are counted only."""
KEY_END = 4
"""Characters at the end of a key that are remembered, to tell keys apart."""
UNLOGGED = "/console"
"""A part of the paths that only the console asks: they would bury all others."""

ADD, SEARCH, OTHER = "add", "search", "other"
_OPERATIONS = {
    "/add/message": ADD,
    "/add/feedback": ADD,
    "/product/add": ADD,
    "/search/memory": SEARCH,
    "/product/search": SEARCH,
}
"""By the end of a path."""


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request that was answered."""

    at: int
    """Epoch milliseconds at its end."""
    method: str
    path: str
    status: int
    """0 when the client left before there was an answer."""
    ms: float
    """Milliseconds to the end of the answer."""
    key: str
    """The last characters of its API key."""


@dataclass(slots=True)
class Operation:
    """What was asked in one minute of one kind."""

    count: int = 0
    failed: int = 0
    """Of these, answered with a status of 500 or more, or not at all."""
    durations: list[float] = field(default_factory=list)
    """Milliseconds."""

    def add(self, request: LoggedRequest) -> None:
        """Count a request in."""
        self.count += 1
        self.failed += request.status == 0 or request.status >= 500
        if len(self.durations) < MAX_DURATIONS:
            self.durations.append(request.ms)


Minute = dict[str, Operation]
"""Operations by name."""


@dataclass(frozen=True, slots=True)
class Period:
    """Some minutes together."""

    at: int
    """Its beginning, epoch milliseconds."""
    counts: dict[str, int]
    failed: int
    p50: dict[str, float]
    """Median milliseconds by operation; an operation that was not asked is missing."""
    p95: dict[str, float]


@dataclass(slots=True)
class _Traffic:
    requests: deque[LoggedRequest] = field(
        default_factory=lambda: deque(maxlen=MAX_REQUESTS)
    )
    minutes: OrderedDict[int, Minute] = field(default_factory=OrderedDict)


class RequestLog:
    """What was asked of this process lately, by project."""

    def __init__(self) -> None:
        self._by_project: OrderedDict[str, _Traffic] = OrderedDict()

    def add(self, project: str, request: LoggedRequest) -> None:
        """Remember a request."""
        traffic = self._by_project.setdefault(project, _Traffic())
        self._by_project.move_to_end(project)
        if len(self._by_project) > MAX_PROJECTS:
            self._by_project.popitem(last=False)
        traffic.requests.append(request)
        operations = traffic.minutes.setdefault(request.at // 60_000, {})
        operations.setdefault(operation_of(request.path), Operation()).add(request)
        while len(traffic.minutes) > MAX_MINUTES:
            traffic.minutes.popitem(last=False)

    def latest(self, project: str, limit: int) -> list[LoggedRequest]:
        """At most `limit` requests, the latest first."""
        requests = self._by_project.get(project, _Traffic()).requests
        return list(reversed(requests))[:limit]

    def periods(self, project: str, now: int, minutes: int, count: int) -> list[Period]:
        """The last `count` periods of so many minutes each, the earliest first, the
        last of them around `now` (epoch milliseconds).
        """
        traffic = self._by_project.get(project, _Traffic())
        last = now // 60_000 // minutes
        return [
            _period(traffic, number * minutes, minutes)
            for number in range(last - count + 1, last + 1)
        ]


class RequestLogging:
    """Middleware: remembers every request whose key opened a project."""

    def __init__(self, app: ASGIApp, log: RequestLog) -> None:
        self._app, self._log = app, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started, status = time.perf_counter(), 0

        async def send_and_watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        state = scope.setdefault("state", {})
        try:
            await self._app(scope, receive, send_and_watch)
        finally:
            if PROJECT in state and UNLOGGED not in scope["path"]:
                ms = round((time.perf_counter() - started) * 1000, 1)
                at = round(time.time() * 1000)
                path, key = path_without_ids(scope), end_of_key(scope)
                request = LoggedRequest(at, scope["method"], path, status, ms, key)
                self._log.add(state[PROJECT], request)


def operation_of(path: str) -> str:
    """Which figures a request counts in."""
    ends = (name for end, name in _OPERATIONS.items() if path.endswith(end))
    return next(ends, OTHER)


def path_without_ids(scope: Scope) -> str:
    """The path with the names of its parameters in their places: an id of a user or of
    what is deleted later stays in no log.
    """
    path: str = scope["path"]
    for name, value in scope.get("path_params", {}).items():
        path = path.replace(f"/{value}", f"/{{{name}}}", 1) if value else path
    return path


def end_of_key(scope: Scope) -> str:
    """The end of the API key that came with a request; '' without one."""
    headers = dict(scope["headers"])
    header = headers.get(b"authorization", b"").decode("latin-1")
    return key_in(header, bare=True)[-KEY_END:]


def _period(traffic: _Traffic, first: int, minutes: int) -> Period:
    operations = dict(_operations(traffic, first, minutes))
    durations = {
        name: list(chain.from_iterable(operation.durations for operation in parts))
        for name, parts in operations.items()
    }
    every = list(chain.from_iterable(operations.values()))
    return Period(
        at=first * 60_000,
        counts={
            name: sum(operation.count for operation in parts)
            for name, parts in operations.items()
        },
        failed=sum(operation.failed for operation in every),
        p50={name: median(values) for name, values in durations.items()},
        p95={name: percentile_95(values) for name, values in durations.items()},
    )


def _operations(
    traffic: _Traffic, first: int, minutes: int
) -> Iterator[tuple[str, list[Operation]]]:
    """What was asked in some minutes, by operation."""
    asked = [traffic.minutes.get(first + offset, {}) for offset in range(minutes)]
    for name in (ADD, SEARCH, OTHER):
        parts = [minute[name] for minute in asked if name in minute]
        if parts:
            yield name, parts


def percentile_95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed; of a single one, that."""
    if len(values) < 2:
        return values[0]
    return round(quantiles(values, n=20, method="inclusive")[-1], 1)
