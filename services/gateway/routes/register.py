"""Registers the routes: those of the Cloud contract under three prefixes, those of the
open-source server under one.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from services.gateway.routes import (
    add,
    audit,
    backup,
    chat,
    completions,
    console,
    erasure,
    keys,
    knowledge,
    mcp,
    mem0,
    mem0_project,
    memories,
    messages,
    probe,
    product,
    profiles,
    project,
    quotas,
    rating,
    reindex,
    search,
    skills,
    status,
    tasks,
    tools,
    transfer,
    webhooks,
)
from services.http import Failure, TolerantRoute

CLOUD = "/api/openmem/v1"
_OTHER_PREFIXES = ("/product", "")
"""Where the Cloud's routes are found as well, out of the documentation."""

REFUSALS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "model": Failure,
        "description": (
            "Refused: the code and the message say why. 429 says in "
            "Retry-After when to come again."
        ),
    },
    "5XX": {
        "model": Failure,
        "description": "It went wrong here, or cannot be done by this set-up.",
    },
}


_CLOUD_MODULES = (
    add,
    search,
    messages,
    memories,
    rating,
    status,
    tasks,
    knowledge,
    chat,
    tools,
    transfer,
    profiles,
    project,
    keys,
    audit,
    quotas,
    reindex,
    backup,
    erasure,
    webhooks,
    console,
)


def mount(app: FastAPI) -> None:
    """All routes; the documentation shows each once."""
    app.router.routes.extend(_routes())
    app.router.routes.extend(mcp.mcp_routes())


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Those of every app, made once: reading the signatures of all of them takes longer
    than the rest of an app.
    """
    cloud = APIRouter()
    for module in _CLOUD_MODULES:
        cloud.include_router(module.router)
    routes = APIRouter(route_class=TolerantRoute)
    routes.include_router(cloud, prefix=CLOUD, responses=REFUSALS)
    routes.include_router(console.page)
    for prefix in _OTHER_PREFIXES:
        routes.include_router(cloud, prefix=prefix, include_in_schema=False)
    routes.include_router(chat.product, responses=REFUSALS)
    routes.include_router(product.router, responses=REFUSALS)
    routes.include_router(probe.router)
    routes.include_router(skills.router, responses=REFUSALS)
    routes.add_api_route(
        "/v1/get/memory/{memory_id}",
        memories.get_memory_by_id,
        methods=["GET"],
        include_in_schema=False,
    )
    routes.include_router(completions.router)
    routes.include_router(mem0.router)
    routes.include_router(mem0_project.router)
    return tuple(routes.routes)
