"""What a route works with: whose request it is, the ports, the settings."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Annotated

import httpx
from fastapi import Depends, Request
from fastapi.security import APIKeyHeader

from services.gateway.context.rate_meter import METER, Meter
from services.gateway.wire.wire_times import Arrivals
from services.http.auth import Authenticator
from services.http.envelope import PRODUCT
from shared.domain.identity import computed_id, digest
from shared.settings import Settings
from shared.wiring import GatewayPorts

_header = APIKeyHeader(
    name="Authorization",
    scheme_name="API key",
    auto_error=False,
    description="`Token <key>`; `Bearer <key>` will do, under `/product` the bare key too.",
)

LARGE = 1_000_000  # bytes from which on hashing and decoding leave the loop


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One request's desk. `project` is whose key it came with; `status` reaches the
    status service, `arrivals` stamps what comes in, `meter` counts what it uses up.
    """

    project: str
    ports: GatewayPorts
    settings: Settings
    status: httpx.AsyncClient
    meter: Meter
    arrivals: Arrivals = field(default_factory=Arrivals)


async def _context(
    request: Request, header: Annotated[str | None, Depends(_header)]
) -> RequestContext:
    state = request.app.state
    authenticator: Authenticator = state.authenticator
    project = await authenticator.project(
        header, bare=request.scope["path"].startswith(PRODUCT)
    )
    meter = Meter(state.ports.rates, project, state.settings)
    setattr(request.state, METER, meter)
    await meter.call()
    return RequestContext(
        project, state.ports, state.settings, state.status, meter, state.arrivals
    )


Context = Annotated[RequestContext, Depends(_context)]


async def fingerprint(request: Request, project: str, what: str) -> str:
    """The same for a request that is sent again: its `Idempotency-Key`, or else its body."""
    key = request.headers.get("idempotency-key")
    if key:
        return computed_id("key", project, what, key)
    body = await request.body()
    return computed_id(
        "body",
        project,
        what,
        await asyncio.to_thread(digest, body) if len(body) > LARGE else digest(body),
    )
