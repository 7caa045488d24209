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
from shared.errors import BadRequest, NotFound, Permanent, Unavailable

log = logging.getLogger(__name__)

_SILENCE = httpx.Timeout(10.0, read=60.0)
"""A stream shows a sign of life every 15 s."""
_REFUSALS: dict[int, type[Permanent]] = {400: BadRequest, 404: NotFound}


async def asked(
    context: RequestContext, path: str, *, method: str = "GET", **query: Any
) -> Any:
    """The data of an answer. Raises `NotFound` 50131 for an unknown job, `BadRequest`,
    `Unavailable`.
    """
    try:
        reply = await context.status.request(
            method, path, params={"project": context.project, **query}
        )
        refusal = _REFUSALS.get(reply.status_code)
        if refusal is not None:
            told = reply.json()
            raise refusal(str(told["message"]), code=int(told["code"]))
        return reply.raise_for_status().json()["data"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"the status service does not answer: {error}") from error


async def pieces(context: RequestContext, path: str) -> AsyncIterator[bytes]:
    """A stream of the status service as it comes, to its end or until it is cut off.
    Whoever closes this closes the connection to it.
    """
    try:
        async with context.status.stream(
            "GET", path, params={"project": context.project}, timeout=_SILENCE
        ) as reply:
            async for piece in reply.raise_for_status().aiter_raw():
                yield piece
    except httpx.HTTPError as error:
        log.warning("a stream was cut off: %s", error)


def job(id: str, *more: str) -> str:
    """The path of a job. Raises `NotFound` 50131 for what can be none."""
    try:
        return "/".join(["/jobs", str(UUID(id)), *more])
    except ValueError:
        raise NotFound(f"no task {id}", code=Code.UNKNOWN_TASK) from None
