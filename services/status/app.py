"""The status service. Run it with `uvicorn services.status.app:create_app --factory`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from fastapi import FastAPI

from services.http import install_service_basics
from services.http.probes import release
from services.status.routes import router
from services.status.sweeper import Sweeper
from services.status.webhook_dispatcher import WebhookDispatcher
from shared.logs import set_up
from shared.settings import Settings
from shared.wiring import Ports, wire


def create_app() -> FastAPI:
    """The service as the environment describes it."""
    settings = Settings.from_env()
    set_up("status", settings.log_level)
    return build_app(settings)


def build_app(settings: Settings, ports: Ports | None = None) -> FastAPI:
    """The service on given ports, which are not swept, or on those that it wires itself
    when it starts.
    """
    app = FastAPI(
        title="Souvenir: status",
        version=release(),
        docs_url=None,
        redoc_url=None,
        lifespan=None if ports else _wired,
    )
    app.state.settings = settings
    app.state.ports = ports
    app.state.metrics = install_service_basics(
        app,
        service="status",
        probes={
            "redis": lambda state: state.ports.progress_bus.read("ready"),
            "qdrant": lambda state: state.ports.keys.project_of("ready"),
        },
    )
    app.include_router(router)
    return app


@asynccontextmanager
async def _wired(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    no_models = replace(
        settings, chat_models={}, chat_model="", extract_model="", vision_model=""
    )  # 14 MB for what is never asked here
    async with wire(no_models) as ports:
        app.state.ports = ports
        registry = app.state.metrics.registry
        errands = [
            Sweeper(
                ports,
                settings.sweep_after_s,
                max(1.0, settings.sweep_after_s / 3),
                registry,
            ).keep_sweeping()
        ]
        if ports.webhooks is not None:
            errands.append(
                WebhookDispatcher(
                    ports, ports.webhooks, registry=registry
                ).keep_telling()
            )
        running = [asyncio.create_task(errand) for errand in errands]
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
