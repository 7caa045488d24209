"""Errors to envelopes: one handler for each family, and nothing leaks."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.http.envelope import failure
from services.http.lenient_routes import ProductRoute
from shared.contract import Code
from shared.errors import SouvenirError, TooMany, Transient, Unauthorized

log = logging.getLogger(__name__)

_CODE_OF_STATUS: Mapping[int, Code] = {
    404: Code.NOT_THERE,
    413: Code.FILES_TOO_LARGE,
    429: Code.TOO_MANY_CALLS,
}
_CODE_OF_TYPE: Mapping[str, Code] = {
    "missing": Code.MISSING,
    "string_too_short": Code.MISSING,
    "too_short": Code.EMPTY,
}
_WORDS_OF_CODE: Mapping[int, str] = {
    Code.MISSING: "required field missing or empty",
    Code.EMPTY: "must not be empty",
}
_PLACES = ("body", "query", "path", "header")


def handle_errors(app: FastAPI) -> None:
    """Make every error of `app` an envelope."""
    app.add_exception_handler(SouvenirError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def refused(message: str, code: int) -> PydanticCustomError:
    """To raise in a validator: the field is refused with a code of the contract."""
    return PydanticCustomError(
        "refused", "{message}", {"message": message, "code": code}
    )


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, SouvenirError)
    if isinstance(error, Transient) and not isinstance(error, TooMany):
        log.warning("%s", error.message, exc_info=error)
    return failure(
        error.status,
        _code(request, error.status, error.code),
        error.message,
        headers=_headers(error),
    )


def _headers(error: SouvenirError) -> Mapping[str, str] | None:
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": "Token"}
    if isinstance(error, TooMany):
        return {"Retry-After": str(ceil(error.after))}
    return {"Retry-After": "1"} if isinstance(error, Transient) else None


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = error.errors()
    first = problems[0]
    if first["type"] == "json_invalid":
        return failure(
            400,
            _code(request, 400, Code.MALFORMED),
            f"the body is not JSON: {first['ctx']['error']}",
        )
    code = first.get("ctx", {}).get("code") or _CODE_OF_TYPE.get(
        first["type"], Code.MALFORMED
    )
    detail = [_detail(problem) for problem in problems] if _genuine(request) else None
    return failure(422, _code(request, 422, code), _words(first, code), detail=detail)


def _words(problem: Mapping[str, Any], code: int) -> str:
    field = _field(problem["loc"])
    words = (
        _WORDS_OF_CODE.get(code, problem["msg"])
        if problem["type"] in _CODE_OF_TYPE
        else problem["msg"]
    )
    return f"{field}: {words}" if field else str(words)


def _field(place: Sequence[Any]) -> str:
    """`("body", "messages", 0, "role")` as `messages.0.role`; names in <> are those of
    a union's choices, not of fields.
    """
    parts = [
        str(part) for part in (place[1:] if place and place[0] in _PLACES else place)
    ]
    return ".".join(part for part in parts if not part.startswith("<"))


def _detail(problem: Mapping[str, Any]) -> dict[str, Any]:
    return {"loc": list(problem["loc"]), "msg": problem["msg"], "type": problem["type"]}


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _CODE_OF_STATUS.get(
        error.status_code, Code.BROKEN if error.status_code >= 500 else Code.MALFORMED
    )
    message = (
        f"no such route: {request.method} {request.url.path}"
        if error.status_code == 404
        else str(error.detail)
    )
    return failure(
        error.status_code,
        _code(request, error.status_code, code),
        message,
        headers=error.headers,
    )


def _code(request: Request, status: int, code: int) -> int:
    """The contract's code, or the HTTP status on the genuine /product routes."""
    return status if _genuine(request) else code


def _genuine(request: Request) -> bool:
    return isinstance(request.scope.get("route"), ProductRoute)
