"""The HTTP side: Qdrant's envelope around results and errors."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.vectors.maintenance import MaintenanceSchedule, maintained
from services.vectors.registry import CollectionExists, Registry
from services.vectors.routes import ROUTES, Call, Handler
from services.vectors.shards import DiskFull, UnknownCollection
from services.vectors.translate.answers import to_json
from services.vectors.translate.validation import Malformed, Unsupported, as_object

log = logging.getLogger(__name__)

API_VERSION = "1.20.0"
"""The release of Qdrant's REST API that is spoken here; clients compare it with their own."""

_CLIENT_ERRORS = (
    "Vector dimension error",
    "Not existing vector name",
    "No range index",
    "No appropriate index",
    "Validation",
    "Missing ",
    "Conversion between",
    "Expected ",
    "Bad request",
    "Payload ",
    "Wrong ",
    "Invalid ",
)
"""Beginnings of the engine's messages about mistakes of the caller."""


def create_app(registry: Registry, schedule: MaintenanceSchedule) -> Starlette:
    """The node over an opened registry, which is kept up while it serves and closed with it."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with maintained(registry, schedule):
            yield
        registry.close()

    routes = [
        Route(path, _endpoint(registry, handler), methods=[method])
        for method, path, handler in ROUTES
    ]
    routes += [
        Route("/", version),
        *(Route(path, health) for path in ("/healthz", "/readyz", "/livez")),
    ]
    refuse = {404: _no_such_route, 405: _no_such_route}
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=refuse)


def _endpoint(
    registry: Registry, handler: Handler
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        started = perf_counter()
        try:
            raw = await request.body()
            try:
                body = as_object(orjson.loads(raw or b"{}"), "body")
            except orjson.JSONDecodeError as error:
                raise Malformed(f"Format error in JSON body: {error}") from error
            call = Call(registry, request.path_params, request.query_params, body)
            result = await handler(call)
        except Exception as error:
            status, message = to_http_error(error)
            answer: dict[str, Any] = {"status": {"error": message}}
        else:
            status, answer = 200, {"result": result, "status": "ok"}
        return _json(status, answer | {"time": perf_counter() - started})

    return endpoint


def to_http_error(error: Exception) -> tuple[int, str]:
    """HTTP status and message. The engine raises bare `Exception` for everything, so
    its message decides.
    """
    message = str(error)
    match error:
        case Malformed():
            return 400, message
        case Unsupported():
            return 501, f"the vector node does not do this: {message}"
        case UnknownCollection():
            return 404, message
        case CollectionExists():
            return 409, message
        case DiskFull():
            return 507, message
        case ClientDisconnect():
            return 400, "the client went away"
    if type(error) is Exception and message.startswith("No point with id"):
        return 404, f"Not found: {message} found"
    if type(error) is Exception and message.startswith(_CLIENT_ERRORS):
        return 400, f"Wrong input: {message}"
    log.exception("vector_request_failed")
    return 500, message


async def version(_request: Request) -> Response:
    """`GET /`: which release of the API is spoken."""
    return _json(200, {"title": "souvenir vector node", "version": API_VERSION})


async def health(_request: Request) -> Response:
    """The node serves."""
    return PlainTextResponse("healthz check passed")


async def _no_such_route(request: Request, _error: Exception) -> Response:
    message = f"the vector node has no route {request.method} {request.url.path}"
    return _json(501, {"status": {"error": message}, "time": 0.0})


def _json(status: int, value: Any) -> Response:
    return Response(to_json(value), status, media_type="application/json")
