"""The status service, as the gateway asks it: its answers are passed on, its refusals
are raised as they came.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx

from services.gateway.context.request_context import RequestContext
from shared.contract import Code
from shared.errors import BadRequest, Forbidden, NotFound, Permanent, Unavailable

log = logging.getLogger(__name__)

_STREAM_TIMEOUT = httpx.Timeout(10.0, read=60.0)
"""Seconds; a stream shows a sign of life every 15 s."""
_REFUSALS: dict[int, type[Permanent]] = {
    400: BadRequest,
    403: Forbidden,
    404: NotFound,
}


async def ask(
    context: RequestContext, path: str, *, method: str = "GET", **query: Any
) -> Any:
    """The data of an answer. Raises `NotFound` with UNKNOWN_TASK for an unknown job,
    `BadRequest`, `Forbidden` for another user's, `Unavailable`.
    """
    try:
        response = await context.status.request(
            method, path, params={**query, **_access(context)}
        )
        refusal = _REFUSALS.get(response.status_code)
        if refusal is not None:
            failure = response.json()
            raise refusal(str(failure["message"]), code=int(failure["code"]))
        return response.raise_for_status().json()["data"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"the status service does not answer: {error}") from error


async def check_ready(status: httpx.AsyncClient) -> None:
    """Raises `Unavailable` while the service is not ready to answer."""
    try:
        (await status.get("/ready")).raise_for_status()
    except httpx.HTTPError as error:
        raise Unavailable(f"the status service does not answer: {error}") from error


async def stream(context: RequestContext, path: str) -> AsyncIterator[bytes]:
    """A stream of the status service as it comes, to its end or until it is cut off.
    Whoever closes this closes the connection to it.
    """
    try:
        async with context.status.stream(
            "GET", path, params=_access(context), timeout=_STREAM_TIMEOUT
        ) as response:
            async for chunk in response.raise_for_status().aiter_raw():
                yield chunk
    except httpx.HTTPError as error:
        log.warning("status_stream_cut_off", extra={"error": str(error)})


def _access(context: RequestContext) -> dict[str, str]:
    """What the key of the request opens: the status service holds to it."""
    return {"project": context.project, "owner": context.access.owner}


def job_path(id: str, *more: str) -> str:
    """The path of a job. Raises `NotFound` with UNKNOWN_TASK for what is no job id."""
    try:
        return "/".join(["/jobs", str(UUID(id)), *more])
    except ValueError:
        raise NotFound(f"no task {id}", code=Code.UNKNOWN_TASK) from None
