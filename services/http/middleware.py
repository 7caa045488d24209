"""Around every request: its id, its time, its size; and what clients get slightly wrong."""

from __future__ import annotations

import logging
import re
import time
import uuid
from contextlib import nullcontext

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.http.envelope import failure
from services.http.metrics import Metrics
from shared.contract import Code
from shared.logs import bound
from shared.tracing import note, span

log = logging.getLogger("services.http.access")

_REQUEST_ID = re.compile(r"[\w.:/+=-]{1,128}", re.ASCII)
_SLASHES = re.compile("/{2,}")
_QUIET_PATHS = frozenset(("/health", "/ready", "/metrics"))
"""Asked every few seconds: logged at DEBUG only."""


class Frame:
    """Gives a request its id, measures it, and answers 500 with an envelope when
    something broke.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id = Headers(scope=scope).get("x-request-id", "")
        if not _REQUEST_ID.fullmatch(id):
            id = uuid.uuid4().hex
        started, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = id
            await send(message)

        parent = Headers(scope=scope).get("traceparent", "")
        quiet = scope["path"] in _QUIET_PATHS
        around = nullcontext() if quiet else span("request", parent, request=id)
        with bound(request=id), around:
            try:
                await self._app(scope, receive, send_with_id)
            except Exception:
                request = {"method": scope["method"], "path": scope["path"]}
                log.exception("request_broke", extra=request)
                if status:
                    # Half an answer is out already: only closing the connection tells
                    # the client.
                    raise
                message = "internal error; the log has it under this request's id"
                response = failure(500, Code.BROKEN, message)
                await response(scope, receive, send_with_id)
            finally:
                note(method=scope["method"], route=route_of(scope), status=status)
                self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        method, path = scope["method"], scope["path"]
        route = route_of(scope)
        self._metrics.request(method, route, status, seconds)
        details = {
            "method": method,
            "path": path,
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        level = logging.DEBUG if path in _QUIET_PATHS else logging.INFO
        log.log(level, "request_answered", extra=details)


def route_of(scope: Scope) -> str:
    """The route that answers, without what is variable in it."""
    return str(getattr(scope.get("route"), "path", "-"))


class TolerantRequests:
    """Puts right before routing: `//` in a path, a slash at its end, JSON sent under
    another content type.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http":
            scope["path"] = _SLASHES.sub("/", scope["path"]).rstrip("/") or "/"
            kind = Headers(scope=scope).get("content-type", "").lower()
            is_readable = "json" in kind or kind.startswith("multipart/")
            if scope["method"] == "POST" and not is_readable:
                # curl -d and some plugins send JSON as a form or as text; nothing but
                # multipart is anything else here.
                MutableHeaders(scope=scope)["content-type"] = "application/json"
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses a body over `limit` bytes as soon as it is known to be, without reading
    the rest.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit
        self._message = f"the request is larger than {limit // 1_000_000} MB"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdecimal() and int(length) > self._limit:
            response = failure(413, Code.FILES_TOO_LARGE, self._message)
            await response(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                # An HTTPException, since FastAPI turns every other error of reading a
                # body into 400.
                raise HTTPException(413, self._message)
            return message

        await self._app(scope, counted, send)
