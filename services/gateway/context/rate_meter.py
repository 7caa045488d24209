"""Rate limits (contract 0.1, 0.2): calls and tokens of a project in a minute. A failed
request gives back what it has used.
"""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.contract import Code
from shared.errors import TooMany, Unavailable
from shared.ports import Rates
from shared.settings import Settings

log = logging.getLogger(__name__)

METER = "meter"
"""The attribute of a request's state that holds its meter."""


class Meter:
    """Counts what one request uses of its project's limits. Nothing is counted where
    there are no limits, nor while Redis does not answer.
    """

    def __init__(self, rates: Rates, project: str, settings: Settings) -> None:
        self._rates, self._project, self._settings = rates, project, settings
        self._taken: list[tuple[str, int]] = []

    async def call(self) -> None:
        """One call. Raises `TooMany` 40300."""
        await self._take(
            "calls", 1, self._settings.calls_per_minute, Code.TOO_MANY_CALLS
        )

    async def tokens(self, amount: int) -> None:
        """`amount` tokens that were sent. Raises `TooMany` 40309."""
        await self._take(
            "tokens", amount, self._settings.tokens_per_minute, Code.TOO_MANY_TOKENS
        )

    async def give_back(self) -> None:
        """Give back all that was taken: the request has failed."""
        while self._taken:
            try:
                await self._rates.give_back(*self._taken.pop())
            except Unavailable as error:
                log.warning("rate_not_given_back", extra={"error": str(error)})

    async def _take(self, what: str, amount: int, limit: int, code: int) -> None:
        if not (limit and amount):
            return
        name = f"{what}:{self._project}"
        try:
            wait = await self._rates.take(name, amount, limit)
        except Unavailable as error:
            log.warning("rate_not_limited", extra={"limit": what, "error": str(error)})
            return
        if wait:
            raise TooMany(
                f"more than {limit} {what} in a minute", code=code, after=wait
            )
        self._taken.append((name, amount))


class GiveBack:
    """Middleware: gives back what a request has used when its answer is an error."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        state = scope.setdefault("state", {})

        async def send_and_watch(message: Message) -> None:
            if (
                message["type"] == "http.response.start"
                and message["status"] >= 400
                and METER in state
            ):
                await state[METER].give_back()
            await send(message)

        try:
            await self._app(scope, receive, send_and_watch)
        except Exception:
            if METER in state:
                await state[METER].give_back()
            raise
