"""The status service. Run it with `uvicorn services.status.app:create_app --factory`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from services.http import furnish
from services.http.probes import release
from services.status.routes import router
from services.status.sweeper import Sweeper
from shared.logs import set_up
from shared.settings import Settings
from shared.wiring import Ports, wire


def create_app() -> FastAPI:
    """The service as the environment describes it."""
    settings = Settings.from_env()
    set_up("status", settings.log_level)
    return build_app(settings)


def build_app(settings: Settings, ports: Ports | None = None) -> FastAPI:
    """The service on given ports, which are not swept, or on those that it wires itself when it starts."""
    app = FastAPI(title="Souvenir: status", version=release(), docs_url=None, redoc_url=None, lifespan=None if ports else _wired)
    app.state.settings = settings
    app.state.ports = ports
    app.state.metrics = furnish(app, service="status", probes={
        "redis": lambda state: state.ports.board.read("ready"),
        "qdrant": lambda state: state.ports.keys.project_of("ready")})
    app.include_router(router)
    return app


@asynccontextmanager
async def _wired(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    async with wire(settings) as ports:
        app.state.ports = ports
        sweeper = Sweeper(ports, settings.sweep_after_s, max(1.0, settings.sweep_after_s / 3), app.state.metrics.registry)
        sweeping = asyncio.create_task(sweeper.keep_sweeping())
        try:
            yield
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping
