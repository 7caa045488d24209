"""Routes that read what real clients send."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from shared.language.foreign_json import require_shallow

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class _JsonRequest(Request):
    """A request whose JSON is read by orjson, and leniently where orjson refuses."""

    async def json(self) -> Any:
        """The body's value; raises `json.JSONDecodeError`, also for one nested too deep."""
        value = self._value(await self.body())
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

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's hook for another kind of request."""
        handle = super().get_route_handler()

        async def with_json(request: Request) -> Response:
            return await handle(_JsonRequest(request.scope, request.receive))

        return with_json


class ProductRoute(TolerantRoute):
    """A genuine /product route: its errors say `code` = HTTP status (contract, section 2)."""
