"""Routes of other services' APIs: what is refused there has their form."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.http import Json, TolerantRoute
from services.http.answer_remarks import HEADER
from services.http.errors import (
    answer_http_error,
    answer_invalid_request,
    answer_souvenir_error,
)
from shared.errors import SouvenirError

KEPT_HEADERS = ("www-authenticate", "retry-after", HEADER.lower())
"""Of a refusal, whatever its form."""


class ForeignRoute(TolerantRoute):
    """A route whose refusals are put into the form of its API."""

    def in_its_form(self, refusal: Response) -> Json:
        """An envelope as the clients of that API read it."""
        raise NotImplementedError

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's hook, around everything that can be refused."""
        handle = super().get_route_handler()

        async def with_errors(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                return self.in_its_form(await answer_invalid_request(request, error))
            except SouvenirError as error:
                return self.in_its_form(await answer_souvenir_error(request, error))
            except HTTPException as error:
                return self.in_its_form(await answer_http_error(request, error))

        return with_errors


def kept_headers(refusal: Response) -> dict[str, str]:
    """The headers that say when to come again, how to authenticate, what means nothing."""
    return {
        name: refusal.headers[name] for name in KEPT_HEADERS if name in refusal.headers
    }
