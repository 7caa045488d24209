"""Routes that read what real clients send."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Any, ClassVar, cast

import orjson
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from services.http.answer_remarks import begin_remarks, remarks_of, with_remarks
from services.http.sent_query import SentQuery
from shared.domain.identity import digest
from shared.language.foreign_json import require_shallow

LARGE = 1_000_000
"""Bytes from which on a body is worked on beside the event loop, and then let go of."""
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


async def body_digest(request: Request) -> str:
    """A digest of a request's body, also after its JSON was read."""
    if isinstance(request, _JsonRequest) and request.digest:
        return request.digest
    return await _digest(await request.body())


async def _digest(body: bytes) -> str:
    return await asyncio.to_thread(digest, body) if _is_large(body) else digest(body)


def _is_large(body: bytes) -> bool:
    return len(body) > LARGE


class _JsonRequest(Request):
    """A request whose JSON is read by orjson, and leniently where orjson refuses. A large
    body is let go of when it was read: its value has all that is in it.
    """

    digest = ""
    """Of a body that was let go of."""

    async def body(self) -> bytes:
        """The whole body. Whoever called keeps it, but not what was let go of (`json`)."""
        if not hasattr(self, "_body"):
            self._held = bytearray()
            async for piece in self.stream():
                self._held += piece
            # Nobody changes it but `json`, which empties it for all who hold it.
            self._body = cast(bytes, self._held)
        return self._body

    async def json(self) -> Any:
        """The body's value; raises `json.JSONDecodeError`, also for one nested too deep."""
        body = await self.body()
        if not _is_large(body):
            return self._shallow(body)
        value = await asyncio.to_thread(self._shallow, body)
        self.digest = await _digest(body)
        self._held.clear()
        return value

    def _shallow(self, body: bytes) -> Any:
        value = self._value(body)
        try:
            require_shallow(value)
        except ValueError as error:
            raise json.JSONDecodeError(str(error), "", 0) from error
        return value

    def _value(self, body: bytes) -> Any:
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            if not _SURROGATE.search(body):
                raise
        # JavaScript cuts emoji in half (`"\ud83d"`): such halves become U+FFFD instead
        # of an error.
        text = json.dumps(json.loads(body), ensure_ascii=False)
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return orjson.loads(whole)


class TolerantRoute(APIRoute):
    """A route of the gateway. See also `middleware.TolerantRequests` for what is put right
    before routing.
    """

    sent_in_vain: ClassVar[frozenset[str]] = frozenset()
    """Parameters that clients of its dialect send anyway: nothing is said of them."""

    @cached_property
    def _sent_query(self) -> SentQuery:
        return SentQuery(self.dependant, self.sent_in_vain)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's hook for another kind of request, and around every answer."""
        handle = super().get_route_handler()

        async def with_json(request: Request) -> Response:
            of_query = self._sent_query.remarks(request.query_params)
            begin_remarks(request, of_query.copy())
            request = self._sent_query.without_empty(request)
            answer = await handle(_JsonRequest(request.scope, request.receive))
            remarks = remarks_of(request)
            return with_remarks(answer, self.response_model, of_query, remarks)

        return with_json


class ProductRoute(TolerantRoute):
    """A genuine /product route: its errors say `code` = HTTP status (contract, section 2)."""
