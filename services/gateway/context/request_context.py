"""What a route works with: whose request it is, the ports, the settings."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Annotated

import httpx
from fastapi import Depends, Request
from fastapi.security import APIKeyHeader

from services.gateway.console.request_log import PROJECT, end_of_key
from services.gateway.context.kept_settings import KeptSettings
from services.gateway.context.rate_meter import METER, Meter
from services.gateway.context.recall_figures import RecallFigures
from services.gateway.context.recall_marks import RecallMarks
from services.gateway.context.route_access import require
from services.gateway.context.stored_usage import Usage
from services.gateway.context.thumb_renewal import ThumbRenewal
from services.gateway.recall.recall import Models
from services.gateway.wire.wire_times import Arrivals
from services.http.answer_remarks import remarks_of
from services.http.auth import Authenticator
from services.http.envelope import PRODUCT
from services.http.lenient_routes import body_digest
from shared.access.access import Access
from shared.access.guarded_ports import guarded
from shared.domain.api_key import ApiKey
from shared.domain.identity import computed_id
from shared.errors import KeyUsed, Unavailable
from shared.ports import InFlight
from shared.settings import Settings
from shared.wiring import GatewayPorts

log = logging.getLogger(__name__)

_header = APIKeyHeader(
    name="Authorization",
    scheme_name="API key",
    auto_error=False,
    description="`Token <key>`; `Bearer <key>` will do, under `/product` the bare key too.",
)

KEY, ACCESS = "key", "access"
"""The attributes of a request's state that hold its key, and what that opens."""
KEY_KNOWN_S = 24 * 3600.0
"""Seconds for which the body that came with an `Idempotency-Key` is known."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What the functions behind one route work with."""

    project: str
    """The project that the request's API key belongs to."""

    ports: GatewayPorts
    """They touch what the key opens, and nothing else."""

    settings: Settings

    status: httpx.AsyncClient
    """Reaches the status service."""

    meter: Meter
    """Counts the calls and tokens of this request."""

    recall_models: Models
    """What reads queries and memories, and its calibration."""

    figures: RecallFigures
    """Count what a search had to do without."""

    key_end: str = ""
    """The last characters of the API key, to tell keys apart."""

    arrivals: Arrivals = field(default_factory=Arrivals)
    """Gives every incoming request its time of arrival."""

    key: ApiKey = field(kw_only=True)
    """The API key of the request."""

    access: Access = field(kw_only=True)
    """What it opens."""

    unguarded: GatewayPorts = field(kw_only=True)
    """The ports that reach every project, for the few things that concern them all."""

    usage: Usage = field(kw_only=True)
    """What projects have stored."""

    recall_marks: RecallMarks = field(kw_only=True)
    """Write down which memories searches gave, where decay is on."""

    kept_settings: KeptSettings = field(kw_only=True)
    """Settings of projects, read some seconds ago at most."""

    thumb_renewal: ThumbRenewal = field(kw_only=True)
    """Gives thumbs that a search came upon a vector of the embedder in use."""

    remarks: list[str] = field(default_factory=list)
    """What could not be done for this request, for people; grows while it is answered."""


async def request_context(
    request: Request, header: Annotated[str | None, Depends(_header)]
) -> RequestContext:
    """What every route depends on: the API key is checked, the call counted. Raises
    `Unauthorized`, `Forbidden`, `TooMany`.
    """
    state = request.app.state
    authenticator: Authenticator = state.authenticator
    key = await authenticator.key(
        header, bare=request.scope["path"].startswith(PRODUCT)
    )
    access = Access(key.project, key.owner)
    meter = Meter(state.ports.rates, key.project, state.settings)
    setattr(request.state, METER, meter)
    setattr(request.state, PROJECT, key.project)
    setattr(request.state, KEY, key)
    setattr(request.state, ACCESS, access)
    require(key, request.method, request.scope["route"].path)
    await meter.call()
    ports: GatewayPorts = state.ports
    return RequestContext(
        project=key.project,
        ports=guarded(ports, access),
        settings=state.settings,
        key=key,
        access=access,
        unguarded=ports,
        usage=state.usage,
        recall_marks=state.recall_marks,
        kept_settings=state.kept_settings,
        thumb_renewal=state.thumb_renewal,
        status=state.status,
        meter=meter,
        recall_models=Models(ports.embedder, state.calibration, ports.reranker),
        figures=state.recall_figures,
        key_end=end_of_key(request.scope),
        arrivals=state.arrivals,
        remarks=remarks_of(request),
    )


Context = Annotated[RequestContext, Depends(request_context)]


async def fingerprint(request: Request, project: str, purpose: str) -> str:
    """An id that is the same when a request is sent again: computed from its
    `Idempotency-Key`, or else from its body. `purpose` keeps routes apart, and so do
    keys for different users. Raises `KeyUsed` for the key of a request with another
    body.
    """
    owner = getattr(request.state, ACCESS).owner
    purpose = f"{purpose} of {owner}" if owner else purpose
    body = await body_digest(request)
    key = request.headers.get("idempotency-key")
    if not key:
        return computed_id("body", project, purpose, body)
    sent = computed_id("key", project, purpose, key)
    await _require_same_body(request.app.state.ports.in_flight, sent, body)
    return sent


async def _require_same_body(in_flight: InFlight, key: str, body: str) -> None:
    """Raises `KeyUsed` where a key came with another body within a day. While the store
    of what came lately is away nobody knows: the request goes on.
    """
    try:
        first = await in_flight.claim(f"{key}:body", body, KEY_KNOWN_S)
    except Unavailable as error:
        log.warning("request_not_claimed", extra={"error": str(error)})
        return
    if first != body:
        raise KeyUsed("Idempotency-Key: it was used for another request")
