"""Large bodies are read only for whoever has a key: FastAPI reads a body before the route
asks for the key, and strangers could keep the process busy with what it then refuses.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.http.auth import Authenticator
from services.http.body_budget import NEVER_REFUSED
from shared.errors import Unauthorized, Unavailable


class KeyBeforeBody:
    """Gives the routes an empty body where a large one comes without a good key: they
    refuse it as they refuse any other, each in the form of its clients. The app's state
    must have its `authenticator` by then.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and not await _may_be_read(scope):
            MutableHeaders(scope=scope)["content-type"] = "application/json"
            receive = _nothing()
        await self._app(scope, receive, send)


async def _may_be_read(scope: Scope) -> bool:
    """Whether the body is small, or of somebody who has a key."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) <= NEVER_REFUSED:
        return True
    if not length and "transfer-encoding" not in headers:
        return True
    authenticator: Authenticator = scope["app"].state.authenticator
    try:
        await authenticator.key(headers.get("authorization"), bare=True)
    except (Unauthorized, Unavailable):  # the route says which, and how
        return False
    return True


def _nothing() -> Receive:
    """An empty body, and nobody who sends more."""
    messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    return receive
