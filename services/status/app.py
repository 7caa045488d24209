"""The status service. Run it with `uvicorn services.status.app:create_app --factory`.

It tracks progress, sweeps jobs that nobody works on, deletes what was forgotten a day
ago, and delivers webhooks. It loads
neither an embedder nor a chat model.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from services.http import install_service_basics
from services.http.probes import release
from services.status.event_dispatcher import EventDispatcher, EventPorts
from services.status.job_figures import JobFigures
from services.status.model_figures import ModelFigures
from services.status.purge_extractions import PurgeExtractions
from services.status.purge_forgotten import PurgeForgotten
from services.status.routes import router
from services.status.sweeper import Sweeper
from services.status.webhook_dispatcher import WebhookDispatcher
from shared.logs import set_up
from shared.settings import Settings
from shared.wiring import StatusPorts, tracing, wire_status

_SWEEPS_PER_AGE = 3
"""Sweeps in the time after which a job counts as abandoned."""
_SHORTEST_PERIOD_S = 1.0


def create_app() -> FastAPI:
    """The service as the environment describes it."""
    settings = Settings.from_env_or_exit()
    set_up("status", settings.log_level)
    return build_app(settings)


def build_app(settings: Settings, ports: StatusPorts | None = None) -> FastAPI:
    """The service on given ports, then without its background tasks; or on those that
    it wires itself when it starts.
    """
    app = FastAPI(
        title="Souvenir: status",
        version=release(),
        docs_url=None,
        redoc_url=None,
        lifespan=None if ports else _lifespan,
    )
    app.state.settings = settings
    app.state.ports = ports
    install_service_basics(
        app,
        service="status",
        probes={
            "redis": lambda state: state.ports.progress_bus.read("ready"),
            "qdrant": lambda state: state.ports.keys.find("ready"),
        },
        optional=["redis"],
    )
    app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    registry = app.state.metrics.registry
    age = settings.sweep_after_s
    period = max(_SHORTEST_PERIOD_S, age / _SWEEPS_PER_AGE)
    async with tracing(settings, "status"), wire_status(settings) as ports:
        app.state.ports = ports
        sweeper = Sweeper(ports, age, period, registry)
        figures = ModelFigures(ports.model_usage, registry)
        job_figures = JobFigures(ports.tallies, ports.queue, registry)
        purge = PurgeForgotten(ports)
        extractions = PurgeExtractions(ports)
        background = (sweeper, figures, job_figures, purge, extractions)
        tasks = [asyncio.create_task(task.run()) for task in background]
        if ports.webhooks is not None:
            dispatcher = WebhookDispatcher(ports, ports.webhooks, registry=registry)
            tasks.append(asyncio.create_task(dispatcher.run()))
        if events := event_ports(ports):
            dispatching = EventDispatcher(
                events, ZoneInfo(settings.timezone), registry=registry
            )
            tasks.append(asyncio.create_task(dispatching.run()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def event_ports(ports: StatusPorts) -> EventPorts | None:
    """What delivering events to webhooks of projects needs; None where there are none."""
    if not (ports.webhook_endpoints and ports.outbox and ports.signed_calls):
        return None
    return EventPorts(
        ports.webhook_endpoints,
        ports.outbox,
        ports.memories,
        ports.leases,
        ports.signed_calls,
    )
