"""Logs: one JSON object a line on stderr, each with the request and the job it belongs to.

    log.warning("enqueue_failed", extra={"queue": job.queue, "error": str(error)})

becomes (on one line)

    {"time": "2026-01-02T03:04:05.678+00:00", "level": "WARNING",
     "logger": "services.gateway.ingest.accept", "message": "enqueue_failed",
     "service": "gateway", "request": "6f0a...", "job": "5b7c...",
     "queue": "text", "error": "the broker does not take work: no answer"}

The message is the name of an event, in snake_case and without variable parts: operators
search for it, so it stays as it is once released. Everything variable is given as
`extra`, under a name that is none of logging's own (`name`, `args`, `message`, `module`
and the other attributes of a LogRecord raise KeyError). `docs/log-events.md` lists the
events.
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

_bound: ContextVar[dict[str, str]] = ContextVar("bound", default={})  # noqa: B039 - replaced, never mutated
_ATTRIBUTES_OF_A_RECORD = frozenset(vars(logging.makeLogRecord({})))
_NOT_EXTRA = _ATTRIBUTES_OF_A_RECORD | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}
"""What a record has beside its `extra` fields: `taskName` since Python 3.12,
`color_message` from uvicorn.
"""


@contextmanager
def bound(**names: str) -> Iterator[None]:
    """Everything logged inside has these fields, e.g. `request` or `job`; an empty one
    is left out.
    """
    given = {name: value for name, value in names.items() if value}
    token = _bound.set(_bound.get() | given)
    try:
        yield
    finally:
        _bound.reset(token)


def bound_to(name: str) -> str:
    """What `name` is bound to here, or ''."""
    return _bound.get().get(name, "")


class JsonLines(logging.Formatter):
    """A record as one line of JSON, with a field for each name in its `extra`. The
    traceback of an error stands in `error` or, where `extra` has that, in `traceback`.
    """

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end. What JSON has no type for is written as text."""
        time = datetime.fromtimestamp(record.created, UTC)
        extra = {
            name: value
            for name, value in vars(record).items()
            if name not in _NOT_EXTRA
        }
        line: dict[str, Any] = {
            "time": time.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "service": self._service,
            **_bound.get(),
            **extra,
        }
        if record.exc_info:
            traceback = self.formatException(record.exc_info)
            line["traceback" if "error" in extra else "error"] = traceback
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(service: str, level: str = "WARNING") -> None:
    """Send every logger of this process through JSON lines, those of the web server too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(service))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        # the middleware logs every request itself, with more than uvicorn knows
        logger.propagate = name != "uvicorn.access"
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
