"""Routes whose errors have mem0's form: `detail` is what its clients show."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.http import Json, TolerantRoute
from services.http.errors import (
    answer_http_error,
    answer_invalid_request,
    answer_souvenir_error,
)
from shared.errors import SouvenirError

_UNPROCESSABLE, _BAD_REQUEST = 422, 400


M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], given: Any) -> M:
    """What a client sent, read by a model. Raises `RequestValidationError`."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


class Mem0Route(TolerantRoute):
    """A route of mem0's dialect."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's hook, around everything that can be refused."""
        handle = super().get_route_handler()

        async def with_errors(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                return in_mem0s_form(await answer_invalid_request(request, error))
            except SouvenirError as error:
                return in_mem0s_form(await answer_souvenir_error(request, error))
            except HTTPException as error:
                return in_mem0s_form(await answer_http_error(request, error))

        return with_errors


def in_mem0s_form(refusal: Response) -> Json:
    """An envelope as the clients of mem0 read it: the message as `detail` and as
    `error`, the contract's code beside. A request that its model refuses is a 400 there.
    """
    envelope = json.loads(bytes(refusal.body))
    status = refusal.status_code
    passed_on = ("www-authenticate", "retry-after")
    return Json(
        {
            "detail": envelope["message"],
            "error": envelope["message"],
            "code": envelope["code"],
        },
        status_code=_BAD_REQUEST if status == _UNPROCESSABLE else status,
        headers={
            name: refusal.headers[name] for name in passed_on if name in refusal.headers
        },
    )
