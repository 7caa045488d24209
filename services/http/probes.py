"""/health: the process is there. /ready: what it cannot do without answers too. /metrics:
figures.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.datastructures import State
from starlette.responses import PlainTextResponse

from services.http.envelope import Json
from services.http.metrics import Metrics
from shared.errors import SouvenirError

log = logging.getLogger(__name__)

Probe = Callable[[State], Awaitable[object]]
_TIMEOUT_S = 2.0


def probe_routes(
    service: str,
    probes: Mapping[str, Probe],
    metrics: Metrics,
    optional: Collection[str] = (),
) -> APIRouter:
    """The three routes; they ask for no key. Without what `optional` names the service is
    ready all the same: taken out of service, it would refuse what it can do.
    """
    router = APIRouter(tags=["probes"])

    @router.get(
        "/health", summary="Is the process there?", response_model=dict[str, str]
    )
    async def health() -> Json:
        return Json({"status": "healthy", "service": service, "version": release()})

    @router.get(
        "/ready",
        summary="Can it do its work? Asks everything it uses.",
        response_model=dict[str, Any],
        responses={
            503: {"description": "Something that it cannot do without does not answer"}
        },
    )
    async def ready(request: Request) -> Json:
        checks = await checked(probes, request.app.state)
        good = all(
            word == "ok" for name, word in checks.items() if name not in optional
        )
        status = "ready" if good else "not ready"
        content = {"status": status, "service": service, "checks": checks}
        return Json(content, status_code=200 if good else 503)

    @router.get(
        "/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse
    )
    async def figures() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router


async def checked(probes: Mapping[str, Probe], state: State) -> dict[str, str]:
    """What each probe finds, all of them asked at once: "ok" or "does not answer"."""

    async def check(probe: Probe) -> str:
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                await probe(state)
        except (SouvenirError, TimeoutError) as error:
            log.warning("probe_failed", extra={"error": str(error)})
            return "does not answer"
        return "ok"

    answers = await asyncio.gather(*map(check, probes.values()))
    return dict(zip(probes, answers, strict=True))


@cache
def release() -> str:
    """The version of this program."""
    try:
        return version("souvenir-memory")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"
