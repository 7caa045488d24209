"""Installs on an app all that the services share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from services.http.answer_remarks import HEADER
from services.http.body_budget import BodyBudget
from services.http.errors import handle_errors
from services.http.metrics import Metrics
from services.http.middleware import BodyLimit, Frame, TolerantRequests
from services.http.probes import Probe, probe_routes
from services.http.security_headers import SecurityHeaders

CORS_HEADERS = ["Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id"]
"""What a page may send. No cookies: a key is in the header, or there is none."""


def install_service_basics(
    app: FastAPI,
    *,
    service: str,
    probes: Mapping[str, Probe],
    optional: Collection[str] = (),
    max_body_mb: int = 16,
    max_bodies_mb: int = 0,
    cors_origins: Sequence[str] = (),
) -> Metrics:
    """Errors as envelopes, request ids, access log, /health, /ready, /metrics, a limit on
    bodies, security headers; pages of `cors_origins` may call it from a browser.

    `probes` name what the service uses; each is given `app.state` and raises when it
    does not answer. It can do without those that `optional` names. `max_body_mb` is in
    megabytes, and so is `max_bodies_mb`, of all bodies at the same time: 0 is no bound, and
    one of the largest is always read. Returns the metrics, for the service to register its
    own.
    """
    metrics = Metrics(service)
    app.state.metrics = metrics
    handle_errors(app)
    app.include_router(probe_routes(service, probes, metrics, optional))
    if max_bodies_mb:
        together = max(max_bodies_mb, max_body_mb) * 1_000_000
        app.add_middleware(BodyBudget, limit=together)
    app.add_middleware(BodyLimit, limit=max_body_mb * 1_000_000)
    app.add_middleware(TolerantRequests)
    if cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(cors_origins),
            allow_methods=["GET", "POST", "PUT"],
            allow_headers=CORS_HEADERS,
            expose_headers=["Retry-After", "X-Request-Id", HEADER],
        )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Frame, metrics=metrics)  # added last: the outermost
    return metrics
