"""Traces: what a request did, in which process, and how long it took.

    with span("remember", user="ana"):
        ...

Nothing happens, and no library is loaded, until a tracer is installed
(`shared/adapters/otel.py` has the one there is). A trace goes on in another process by
its `traceparent`, as W3C Trace Context writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Value = str | int | float | bool


class Tracer(Protocol):
    """What makes spans."""

    def span(
        self, name: str, parent: str, attributes: dict[str, Value]
    ) -> AbstractContextManager[None]:
        """A span around a block, below the current one or the `parent` (a traceparent)
        where one is given. What is raised in it is noted.
        """
        ...

    def past_span(
        self, name: str, begin: float, end: float, attributes: dict[str, Value]
    ) -> None:
        """A span that is over, below the current one; epoch seconds."""
        ...

    def note(self, attributes: dict[str, Value]) -> None:
        """Attributes of the current span."""
        ...

    def traceparent(self) -> str:
        """The current span, for another process; empty where there is none."""
        ...


_tracers: list[Tracer] = []
"""None, or the one of this process."""


def install(tracer: Tracer | None) -> None:
    """Let the tracer have all spans from now on; None: nobody."""
    _tracers[:] = [tracer] if tracer else []


@contextmanager
def span(name: str, parent: str = "", **attributes: Value) -> Iterator[None]:
    """A span around a block."""
    if not _tracers:
        yield
        return
    with _tracers[0].span(name, parent, attributes):
        yield


def past_span(name: str, begin: float, end: float, **attributes: Value) -> None:
    """A span that is over; epoch seconds."""
    if _tracers:
        _tracers[0].past_span(name, begin, end, attributes)


def note(**attributes: Value) -> None:
    """Attributes of the current span that are known only now."""
    if _tracers:
        _tracers[0].note(attributes)


def traceparent() -> str:
    """The current span, for another process; empty where there is none."""
    return _tracers[0].traceparent() if _tracers else ""
