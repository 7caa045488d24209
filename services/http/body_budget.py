"""Bounds the memory that the bodies of all requests take at the same time: each by itself
may be allowed, and several together end the process, with everything that it had in hand.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.http.envelope import failure
from shared.contract import Code

NEVER_REFUSED = 1_000_000
"""Bytes up to which a body is always read: who sends large ones slowly takes the room of
others who do, and keeps nobody else out.
"""
RETRY_AFTER_S = 5


class BodyBudget:
    """Refuses what of a large body is beyond `limit` bytes of all that are being read or
    worked on. `limit` must be at least what a single one may have.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit
        self._taken = 0
        self._message = (
            f"requests of more than {limit // 1_000_000} MB together are being read: "
            f"send it again in {RETRY_AFTER_S} seconds"
        )
        self._headers = {"Retry-After": str(RETRY_AFTER_S)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. Its bytes count until it is answered: what is made of them, files
        for instance, is about as large.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdecimal() and self._is_beyond(int(length), int(length)):
            response = failure(
                503, Code.UNAVAILABLE, self._message, headers=self._headers
            )
            await response(scope, receive, send)
            return
        own = 0

        async def counted() -> Message:
            nonlocal own
            message = await receive()
            size = len(message.get("body", b""))
            if self._is_beyond(own + size, size):
                raise HTTPException(503, self._message, headers=self._headers)
            own += size
            self._taken += size
            return message

        try:
            await self._app(scope, counted, send)
        finally:
            self._taken -= own

    def _is_beyond(self, body: int, more: int) -> bool:
        """Whether there is no room for `more` bytes of a body that has `body` with them."""
        return body > NEVER_REFUSED and self._taken + more > self._limit
