"""Logs: one JSON object a line on stderr, each with the request and the job it belongs to.

{"time": "2026-01-02T03:04:05.678+00:00", "level": "WARNING", "logger":
"services.gateway.ingest.accept",
 "message": "...", "service": "gateway", "request": "6f0a...", "job": "5b7c..."}
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

_bound: ContextVar[dict[str, str]] = ContextVar("bound", default={})  # noqa: B039 - never mutated, always replaced
_BUILT_IN = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


@contextmanager
def bound(**names: str) -> Iterator[None]:
    """Everything logged inside carries these names, e.g. `request` or `job`."""
    token = _bound.set(
        {**_bound.get(), **{name: value for name, value in names.items() if value}}
    )
    try:
        yield
    finally:
        _bound.reset(token)


def bound_to(name: str) -> str:
    """What `name` is bound to here, or ''."""
    return _bound.get().get(name, "")


class JsonLines(logging.Formatter):
    """A record as one line of JSON; what is given as `extra=` becomes fields of its own."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "service": self._service,
            **_bound.get(),
            **{
                name: value
                for name, value in vars(record).items()
                if name not in _BUILT_IN
            },
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(service: str, level: str = "WARNING") -> None:
    """Send every logger of this process through JSON lines, those of the web server too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(service))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = (
            name != "uvicorn.access"
        )  # our own line about a request says more
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
