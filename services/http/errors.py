"""Errors to envelopes: one handler for each family, and nothing leaks."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from math import ceil
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.http.answer_remarks import remarks_of, with_header
from services.http.envelope import failure
from services.http.lenient_routes import ProductRoute
from shared.contract import Code
from shared.errors import Overloaded, SouvenirError, TooMany, Transient, Unauthorized

log = logging.getLogger(__name__)

_Answering = Callable[[Request, Exception], Awaitable[Response]]

_CODE_OF_STATUS: Mapping[int, Code] = {
    404: Code.NOT_THERE,
    413: Code.FILES_TOO_LARGE,
    429: Code.TOO_MANY_CALLS,
    503: Code.UNAVAILABLE,
}
_CODE_OF_PROBLEM: Mapping[str, Code] = {
    "missing": Code.MISSING,
    "string_too_short": Code.MISSING,
    "too_short": Code.EMPTY,
}
"""By the type of a validation error; all others are MALFORMED."""
_TEXT_OF_CODE: Mapping[int, str] = {
    Code.MISSING: "required field missing or empty",
    Code.EMPTY: "must not be empty",
}
_PLACES = ("body", "query", "path", "header")


def handle_errors(app: FastAPI) -> None:
    """Make every error of `app` an envelope."""
    app.add_exception_handler(SouvenirError, answer_souvenir_error)
    app.add_exception_handler(RequestValidationError, answer_invalid_request)
    app.add_exception_handler(HTTPException, answer_http_error)


def refused(message: str, code: int) -> PydanticCustomError:
    """To raise in a validator: the field is refused with a code of the contract."""
    return PydanticCustomError(
        "refused", "{message}", {"message": message, "code": code}
    )


def _with_remarks(answer: _Answering) -> _Answering:
    """A refusal too says which parameters there are not: often that is why."""

    @wraps(answer)
    async def with_remarks(request: Request, error: Exception) -> Response:
        return with_header(await answer(request, error), remarks_of(request))

    return with_remarks


@_with_remarks
async def answer_souvenir_error(request: Request, error: Exception) -> Response:
    """An error of the program's own: it brings its status and code."""
    assert isinstance(error, SouvenirError)
    headers: Mapping[str, str] | None = None
    if isinstance(error, Unauthorized):
        headers = {"WWW-Authenticate": "Token"}
    elif isinstance(error, TooMany | Overloaded):
        headers = {"Retry-After": str(ceil(error.after))}
    elif isinstance(error, Transient):
        after = getattr(error, "after", 0.0)
        headers = {"Retry-After": str(max(1, ceil(after)))}
        details = {"reason": error.message}
        log.warning("request_failed_for_now", extra=details, exc_info=error)
    request.app.state.metrics.error(int(error.code))
    code = _code(request, error.status, error.code)
    return failure(error.status, code, error.message, headers=headers)


@_with_remarks
async def answer_invalid_request(request: Request, error: Exception) -> Response:
    """A request that its model refuses: 422 with the first problem, 400 for no JSON."""
    assert isinstance(error, RequestValidationError)
    problems = error.errors()
    first = problems[0]
    if first["type"] == "json_invalid":
        code = _code(request, 400, Code.MALFORMED)
        return failure(400, code, f"the body is not JSON: {first['ctx']['error']}")
    contract_code = first.get("ctx", {}).get("code")
    if not contract_code:
        contract_code = _CODE_OF_PROBLEM.get(first["type"], Code.MALFORMED)
    request.app.state.metrics.error(int(contract_code))
    detail = None
    if _is_product_route(request):
        detail = [
            {"loc": list(item["loc"]), "msg": item["msg"], "type": item["type"]}
            for item in problems
        ]
    return failure(
        422,
        _code(request, 422, contract_code),
        problem_text(first, contract_code),
        detail=detail,
    )


def problem_text(problem: Mapping[str, Any], code: int) -> str:
    """The message of a problem: `messages.0.role: required field missing or empty`."""
    place: Sequence[Any] = problem["loc"]
    if place and place[0] in _PLACES:
        place = place[1:]
    names = [str(part) for part in place]
    # Names in <> are those of a union's choices, not of fields.
    field = ".".join(name for name in names if not name.startswith("<"))
    text = str(problem["msg"])
    if problem["type"] in _CODE_OF_PROBLEM:
        text = _TEXT_OF_CODE.get(code, text)
    return f"{field}: {text}" if field else text


@_with_remarks
async def answer_http_error(request: Request, error: Exception) -> Response:
    """What routing, a body that is too large or Starlette itself refuses."""
    assert isinstance(error, HTTPException)
    status, message = error.status_code, str(error.detail)
    default = Code.BROKEN if status >= 500 else Code.MALFORMED
    if status == 404:
        message = f"no such route: {request.method} {request.url.path}"
    code = _code(request, status, _CODE_OF_STATUS.get(status, default))
    return failure(status, code, message, headers=error.headers)


def _code(request: Request, status: int, code: int) -> int:
    """The contract's code, or the HTTP status on the genuine /product routes."""
    return status if _is_product_route(request) else code


def _is_product_route(request: Request) -> bool:
    return isinstance(request.scope.get("route"), ProductRoute)
