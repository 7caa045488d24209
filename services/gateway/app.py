"""The gateway: the HTTP interface of the contract. Run it with `uvicorn
services.gateway.app:create_app --factory`.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from services.gateway.admin.audit_writer import Auditing, AuditWriter
from services.gateway.chat.turn_slots import TurnSlots
from services.gateway.console.map import MemoryMaps
from services.gateway.console.request_log import RequestLog, RequestLogging
from services.gateway.context.background import Background
from services.gateway.context.embedder_following import (
    calibration_for,
    keep_following,
)
from services.gateway.context.kept_settings import KeptSettings
from services.gateway.context.rate_meter import GiveBack
from services.gateway.context.recall_figures import RecallFigures
from services.gateway.context.recall_marks import RecallMarks
from services.gateway.context.stored_usage import Usage
from services.gateway.context.thumb_renewal import ThumbRenewal
from services.gateway.jobs.status_client import check_ready
from services.gateway.recall.calibration import Calibration, calibration_of
from services.gateway.routes.register import mount
from services.gateway.wire.wire_times import Arrivals
from services.http import Authenticator, install_service_basics
from services.http.key_before_body import KeyBeforeBody
from services.http.probes import release
from shared.logs import set_up
from shared.settings import Settings
from shared.wiring import GatewayPorts, tracing, warn_of_models, wire_gateway

_ABOUT = (
    "A self-hosted memory service for AI agents. It speaks the MemOS Cloud API: clients "
    "written for it work here unchanged.\n\n"
    "Every path below `/api/openmem/v1` is also there below `/product` (where success is "
    "`code: 200`) and at the root.\n"
    "Unknown fields are ignored, `null` means absent, numbers may come as text, limits "
    "above their maximum count as the maximum.\n"
    "Times in memories are epoch milliseconds."
)

STATUS_TIMEOUT = 10.0
"""Seconds until the status service counts as unavailable."""


def create_app() -> FastAPI:
    """The gateway as the environment describes it."""
    settings = Settings.from_env_or_exit()
    set_up("gateway", settings.log_level)
    return build_app(settings)


def build_app(
    settings: Settings,
    ports: GatewayPorts | None = None,
    status: httpx.AsyncClient | None = None,
) -> FastAPI:
    """The gateway on given ports, or on those that it wires itself when it starts.
    `status` is a client of the status service; by default that of the settings.
    """
    app: FastAPI = FastAPIOffline(
        title="Souvenir",
        summary="Memory for AI agents",
        description=_ABOUT,
        version=release(),
        redoc_url=None,
        lifespan=None if ports else _wired,
    )
    _set_state(app, settings, status)
    if ports:
        _set_ports(app, ports, calibration_of(ports.embedder.name))
    app.add_middleware(KeyBeforeBody)
    app.add_middleware(GiveBack)
    app.add_middleware(Auditing, writer=app.state.audit_writer, what=settings.audit)
    app.add_middleware(RequestLogging, log=app.state.request_log)
    metrics = install_service_basics(
        app,
        service="gateway",
        max_body_mb=settings.max_body_mb,
        max_bodies_mb=settings.max_bodies_mb,
        cors_origins=settings.cors_origins,
        probes={
            "redis": lambda state: state.ports.progress_bus.read("ready"),
            "qdrant": lambda state: state.ports.keys.find("ready"),
            "status": lambda state: check_ready(state.status),
        },
        optional=["redis", "status"],
    )
    app.state.recall_figures = RecallFigures(metrics.registry)
    mount(app)
    return app


def _set_state(
    app: FastAPI, settings: Settings, status: httpx.AsyncClient | None
) -> None:
    """What the requests of this process share, besides the ports."""
    state = app.state
    state.settings = settings
    state.background = Background()
    state.turn_slots = TurnSlots()
    state.arrivals = Arrivals()
    state.status = status or httpx.AsyncClient(
        base_url=settings.status_url, timeout=STATUS_TIMEOUT
    )
    state.usage = Usage()
    state.recall_marks = RecallMarks(state.background.start)
    state.thumb_renewal = ThumbRenewal(state.background.start)
    state.kept_settings = KeptSettings()
    state.request_log = RequestLog()
    state.audit_writer = AuditWriter(state.background.start, settings.audit_entries)
    state.memory_maps = MemoryMaps()


@asynccontextmanager
async def _wired(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    async with (
        tracing(settings, "gateway"),
        wire_gateway(settings) as ports,
        app.state.status,
    ):
        _set_ports(app, ports, await calibration_for(ports.embedder, settings))
        following = asyncio.create_task(keep_following(app.state, settings))
        app.state.background.start(warn_of_models(settings, "chat"))
        _spare_collector()
        yield
        following.cancel()
        await app.state.background.close()


def _spare_collector() -> None:
    """What was loaded until now stays as long as the process: without this the collector
    goes through all 240,000 objects of it now and then, and the event loop stands still
    meanwhile (measured under load: 150 to 180 ms).
    """
    gc.collect()
    gc.freeze()


def _set_ports(app: FastAPI, ports: GatewayPorts, calibration: Calibration) -> None:
    settings: Settings = app.state.settings
    app.state.ports, app.state.calibration = ports, calibration
    app.state.authenticator = Authenticator(
        ports.keys,
        first_key=settings.api_key,
        enabled=settings.auth,
        start=app.state.background.start,
    )
