"""The wall cannot be forgotten: every route has its line and its key, every port its
guard, every method of a port is in the guard.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from services.gateway.context.request_context import request_context
from services.gateway.context.route_access import NEEDS, need_of, require
from shared import ports
from shared.access.guarded_ports import GUARDED_PROTOCOLS, GUARDS, UNGUARDED
from shared.domain.api_key import ApiKey, KeyScope
from shared.errors import Forbidden
from shared.wiring import GatewayPorts, StatusPorts
from tests.api.world import World
from tests.security.canaries import Flat

ROOT = Path(__file__).parents[2]
OPEN = {
    "/health",
    "/ready",
    "/metrics",
    "/ping",
    "/v1/ping",
    "/api/openmem/v1/ping",
    "/api/openmem/v1/v1/ping",
    "/product/ping",
    "/docs",
    "/docs/oauth2-redirect",
    "/console",
    "/console/{path:path}",
    "/v1/{path:path}",
    "/users/{user_id}/v1/{path:path}",
}
"""Routes that ask for no key: they give nothing of anybody."""
REACH_EVERY_PROJECT = {
    "services/gateway/ingest/extract_preview.py",
    "services/gateway/admin/administered.py",
    "services/gateway/context/request_context.py",
    "services/gateway/context/storage_quota.py",
    "services/gateway/knowledge/delete_files.py",
    "services/gateway/knowledge/knowledge_bases.py",
    "services/gateway/memories/delete_memories.py",
    "services/gateway/memories/delete_project.py",
    "services/gateway/routes/audit.py",
}
"""Modules that use `RequestContext.unguarded`, each for what concerns all projects."""


def routes(found: Iterable[Any]) -> Iterator[APIRoute]:
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        inner = getattr(route, "original_router", None) or getattr(route, "app", None)
        yield from routes(getattr(inner, "routes", ()))


def calls(dependant: Any) -> Iterator[Any]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from calls(inner)


def all_routes() -> list[APIRoute]:
    return list(routes(World(Flat(), working=False).app.routes))


def test_every_route_needs_a_key_and_has_its_line() -> None:
    guarded = [route for route in all_routes() if route.path not in OPEN]
    assert len(guarded) > 60
    used = set()
    for route in guarded:
        assert request_context in calls(route.dependant), (
            f"{route.path}: asks for no key"
        )
        for method in route.methods:
            assert need_of(method, route.path), f"{method} {route.path}: add its line"
            used.add(f"{method} {route.path.removeprefix('/product')}")
    assert used == set(NEEDS)


def test_what_has_no_line_is_for_administrators_only() -> None:
    reader = ApiKey("k", "p", scopes=(KeyScope.READ, KeyScope.WRITE))
    with pytest.raises(Forbidden):
        require(reader, "GET", "/something/new")
    with pytest.raises(Forbidden):
        require(ApiKey("k", "p", user="ann"), "GET", "/something/new")
    require(ApiKey("k", "p"), "GET", "/something/new")


@pytest.mark.parametrize("bundle", [GatewayPorts, StatusPorts])
def test_every_port_has_its_guard_or_a_reason(bundle: type) -> None:
    names = {item.name for item in fields(bundle)}
    assert names <= {*GUARDS, *UNGUARDED}
    assert not set(GUARDS) & set(UNGUARDED)


@pytest.mark.parametrize("name", sorted(GUARDS))
def test_a_guard_has_every_method_of_its_port(name: str) -> None:
    """A method that a port gets later is no hole: without its guard it is not there."""
    protocol = getattr(ports, GUARDED_PROTOCOLS[name])
    wanted = methods(protocol)
    assert wanted == methods(GUARDS[name])
    source = inspect.getsource(GUARDS[name])
    for method in wanted:
        body = source.partition(f"async def {method}(")[2].partition("async def ")[0]
        asks = "_access" in body or "_require_own" in body or "_own(" in body
        assert asks or "raise Forbidden" in body, f"{name}.{method} asks nobody"


def methods(kind: type) -> set[str]:
    found = inspect.getmembers(kind, inspect.iscoroutinefunction)
    return {name for name, _ in found if not name.startswith("_")}


def test_few_modules_reach_every_project() -> None:
    users = set()
    for path in (ROOT / "services").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = (n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute))
        keywords = (n.arg for n in ast.walk(tree) if isinstance(n, ast.keyword))
        if "unguarded" in {*names, *keywords}:
            users.add(str(path.relative_to(ROOT)))
    assert users == REACH_EVERY_PROJECT
