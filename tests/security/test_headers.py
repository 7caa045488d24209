"""Security headers on every answer; pages of other origins only where they are named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.http.security_headers import ANSWERS
from tests.api.world import World
from tests.security.canaries import Flat

ORIGIN = "https://app.example.com"
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}


@pytest.fixture
async def open_to_a_page() -> AsyncIterator[World]:
    async with World(Flat(), working=False, cors_origins=(ORIGIN,)) as world:
        yield world


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "/health"),
        ("GET", "/metrics"),
        ("GET", "/nothing/here"),
        ("POST", "/search/memory"),
        ("POST", "/product/search"),
        ("GET", "/openapi.json"),
        ("GET", "/docs"),
        ("GET", "/console"),
        ("GET", "/project/keys"),
        ("OPTIONS", "/search/memory"),
    ],
)
async def test_every_answer_has_them(world: World, method: str, path: str) -> None:
    response = await world.client.request(method, path)
    for name in ANSWERS:
        assert name in response.headers, name
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


async def test_a_refusal_and_a_large_body_have_them_too(world: World) -> None:
    refused = await world.client.post("/search/memory", headers={"Authorization": ""})
    large = await world.client.post(
        "/search/memory", headers={"Content-Length": str(10**12)}, content=b"{}"
    )
    assert (refused.status_code, large.status_code) == (401, 413)
    for response in (refused, large):
        assert response.headers["Cache-Control"] == "no-store"


async def asked(world: World, **headers: str) -> Any:
    return await world.client.get("/ping", headers=headers)


async def test_no_page_may_call_by_default(world: World) -> None:
    response = await asked(world, Origin=ORIGIN)
    assert "Access-Control-Allow-Origin" not in response.headers
    preflight = await world.client.options("/search/memory", headers=PREFLIGHT)
    assert "Access-Control-Allow-Origin" not in preflight.headers


async def test_a_named_origin_may(open_to_a_page: World) -> None:
    world = open_to_a_page
    response = await asked(world, Origin=ORIGIN)
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in response.headers
    preflight = await world.client.options("/search/memory", headers=PREFLIGHT)
    assert preflight.status_code == 200
    allowed = preflight.headers["Access-Control-Allow-Headers"].lower()
    assert "authorization" in allowed
    refused = await world.client.post(
        "/search/memory", headers={"Origin": ORIGIN, "Authorization": ""}
    )
    assert refused.headers["Access-Control-Allow-Origin"] == ORIGIN


async def test_another_origin_may_not(open_to_a_page: World) -> None:
    response = await asked(open_to_a_page, Origin="https://evil.example")
    assert "Access-Control-Allow-Origin" not in response.headers
