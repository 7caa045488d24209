"""Around every request: its id, its time, its size; and what clients get slightly wrong."""

from __future__ import annotations

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.http.envelope import failure
from services.http.metrics import Metrics
from shared.contract import Code
from shared.logs import bound

log = logging.getLogger("services.http.access")

_ID = re.compile(r"[\w.:/+=-]{1,128}", re.ASCII)
_SLASHES = re.compile("/{2,}")
_QUIET = frozenset(("/health", "/ready", "/metrics"))


class Frame:
    """Gives a request its id, measures it, and answers 500 with an envelope when something broke."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id = _request_id(scope)
        with bound(request=id):
            await self._measured(scope, receive, send, id)

    async def _measured(
        self, scope: Scope, receive: Receive, send: Send, id: str
    ) -> None:
        started, status = time.perf_counter(), 0

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = id
            await send(message)

        try:
            await self._app(scope, receive, tell)
        except Exception:
            log.exception("%s %s broke", scope["method"], scope["path"])
            if status:  # half an answer is out already: only closing the connection tells the client
                raise
            await failure(
                500,
                Code.BROKEN,
                "internal error; the log has it under this request's id",
            )(scope, receive, tell)
        finally:
            self._report(scope, status, time.perf_counter() - started)

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "-")
        self._metrics.request(scope["method"], route, status, seconds)
        level = logging.DEBUG if scope["path"] in _QUIET else logging.INFO
        log.log(
            level,
            "%s %s",
            scope["method"],
            scope["path"],
            extra={"status": status, "ms": round(seconds * 1000, 1)},
        )


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _ID.fullmatch(given) else uuid.uuid4().hex


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
            if scope["method"] == "POST":
                scope["headers"] = _as_json(scope["headers"])
        await self._app(scope, receive, send)


def _as_json(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """curl -d and some plugins send JSON as a form or as text; nothing but multipart is
    anything else here.
    """
    kind = next(
        (value for name, value in headers if name == b"content-type"), b""
    ).lower()
    if b"json" in kind or kind.startswith(b"multipart/"):
        return headers
    return [
        *(pair for pair in headers if pair[0] != b"content-type"),
        (b"content-type", b"application/json"),
    ]


class BodyLimit:
    """Refuses a body over `limit` bytes as soon as it is known to be, without reading the rest."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdecimal() and int(length) > self._limit:
            await failure(413, Code.FILES_TOO_LARGE, self._words())(
                scope, receive, send
            )
            return
        await self._app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if (
                read > self._limit
            ):  # an HTTPException, since FastAPI turns every other error of reading a body into 400
                raise HTTPException(413, self._words())
            return message

        return counted

    def _words(self) -> str:
        return f"the request is larger than {self._limit // 1_000_000} MB"
