"""What every route has in common: keys, paths, errors, request ids, probes, limits
(contract, section 0).
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.api.world import FIRST_KEY, KEY, Broken, World

SEARCH = {"user_id": "ann", "query": "x"}


async def search(world: World, path: str = "search/memory", **headers: str) -> Any:
    return await world.post(path, SEARCH, headers=headers)


@pytest.mark.parametrize(
    "header",
    [
        f"Token {KEY}",
        f"token {KEY}",
        f"Bearer {KEY}",
        f"Token  {KEY} ",
        f"Bearer {FIRST_KEY}",
    ],
)
async def test_keys_are_accepted(world: World, header: str, prefix: str) -> None:
    assert (
        await search(world, f"{prefix}/search/memory", Authorization=header)
    ).status == 200


@pytest.mark.parametrize(
    "header, code",
    [
        ("", 40100),
        ("Token", 40100),
        ("Basic abc", 40100),
        ("Token mpg-wrong", 40132),
        (f"Token {KEY}x", 40132),
    ],
)
async def test_keys_are_refused(
    world: World, header: str, code: int, prefix: str
) -> None:
    refused = await search(world, f"{prefix}/search/memory", Authorization=header)
    assert (refused.status, refused.code, refused.body["data"]) == (401, code, None)


async def test_a_bare_key_will_do_under_product(world: World) -> None:
    assert (
        await search(world, "/product/search/memory", Authorization=KEY)
    ).status == 200
    assert (await search(world, Authorization=KEY)).code == 40100


async def test_the_first_key_is_of_the_default_project(world: World) -> None:
    await world.post(
        "add/message",
        {"user_id": "ann", "messages": [{"role": "user", "content": "x"}]},
        headers={"Authorization": f"Token {FIRST_KEY}"},
    )
    assert {job.scope.project for job in world.jobs.stored.values()} == {"default"}


async def test_without_authentication_everybody_is_of_the_default_project(
    embedder: Any,
) -> None:
    async with World(embedder, auth=False) as world:
        for header in ("", "Token anything"):
            assert (await search(world, Authorization=header)).status == 200


async def test_a_key_is_looked_up_once(world: World) -> None:
    await search(world)
    world.keys.stored.clear()
    assert (await search(world)).status == 200, "remembered for a while"


@pytest.mark.parametrize(
    "path",
    [
        "//api//openmem/v1//search/memory",
        "/api/openmem/v1/search/memory/",
        "//product//search//memory",
        "//search/memory",
    ],
)
async def test_slashes_are_tolerated(world: World, path: str) -> None:
    assert (await world.post(f"http://gateway{path}", SEARCH)).status == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
    ],
)
async def test_json_under_any_content_type(world: World, content_type: str) -> None:
    response = await world.client.post(
        "/search/memory",
        content=json.dumps(SEARCH),
        headers={"Content-Type": content_type},
    )
    assert response.json()["code"] == 0


async def test_half_an_emoji_is_no_error(world: World) -> None:
    body = (
        b'{"user_id": "ann", "async_mode": false,'
        b' "messages": [{"role": "user", "content": "cut \\ud83d"}]}'
    )
    assert (await world.client.post("/add/message", content=body)).json()["code"] == 0
    (memory,) = [embedded.memory for embedded in world.memories.stored.values()]
    assert memory.text == "cut \ufffd"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b"\xff\xfe",
        b'{"user_id": "ann", "query": NaN}',
        b'{"user_id": "ann", "query": "x", "x": ' + b"[" * 260 + b"]" * 260 + b"}",
    ],
)
async def test_a_body_that_is_no_object(world: World, body: bytes) -> None:
    response = await world.client.post("/search/memory", content=body)
    assert response.status_code in (400, 422)
    answer = response.json()
    assert (
        answer["code"] in (40000, 40002)
        and answer["data"] is None
        and answer["message"]
    )


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("GET", "/nowhere", 404),
        ("POST", "/api/openmem/v1/nowhere", 404),
        ("GET", "/api/openmem/v1/add/message", 405),
        ("DELETE", "/product/chat", 405),
    ],
)
async def test_no_such_route_or_method(
    world: World, method: str, path: str, status: int
) -> None:
    response = await world.client.request(method, path)
    assert (
        response.status_code == status
        and response.json()["data"] is None
        and response.json()["code"] >= 40000
    )


async def test_what_breaks_is_not_disclosed(embedder: Any) -> None:
    async with World(embedder) as world:
        world.app.state.ports = None
        response = await world.client.post(
            "/search/memory", json=SEARCH, headers={"X-Request-Id": "r-1"}
        )
        assert (
            response.status_code,
            response.json()["code"],
            response.json()["data"],
        ) == (500, 50000, None)
        assert (
            "NoneType" not in response.text
            and response.headers["X-Request-Id"] == "r-1"
        )


async def test_request_ids_come_back_or_are_made(world: World) -> None:
    assert (await search(world, **{"X-Request-Id": "abc-1"})).response.headers[
        "X-Request-Id"
    ] == "abc-1"
    made = {
        (await search(world, **{"X-Request-Id": bad})).response.headers["X-Request-Id"]
        for bad in ("", "a b", "x" * 500)
    }
    assert len(made) == 3 and not made & {"", "a b"}


async def test_a_body_too_large_is_refused_before_it_is_read(embedder: Any) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 100_000

    async with World(embedder, max_body_mb=1) as world:
        for body in (b"x" * 1_000_001, endless()):
            response = await world.client.post("/add/message", content=body)
            assert (response.status_code, response.json()["code"]) == (413, 50105)


@pytest.mark.parametrize(
    "path", ["/ping", "/v1/ping/", "/v1/ping", "/api/openmem/v1/ping", "/product/ping"]
)
async def test_pings_need_no_key(world: World, path: str) -> None:
    response = await world.client.get(path, headers={"Authorization": ""})
    assert response.status_code == 200 and response.json()["code"] == (
        200 if path.startswith("/product") else 0
    )


async def test_health_and_readiness(world: World) -> None:
    health = (await world.client.get("/health", headers={"Authorization": ""})).json()
    assert (health["status"], health["service"]) == ("healthy", "gateway") and health[
        "version"
    ]
    ready = await world.client.get("/ready")
    assert (ready.status_code, ready.json()["checks"]) == (
        200,
        {"redis": "ok", "qdrant": "ok", "status": "ok"},
    )


async def test_without_the_status_service_it_is_ready_and_says_so(
    world: World,
) -> None:
    """Searches and adds go on; only get/status is refused."""
    unreachable = httpx.MockTransport(lambda request: httpx.Response(503))
    world.app.state.status = httpx.AsyncClient(
        transport=unreachable, base_url="http://status"
    )
    ready = await world.client.get("/ready")
    assert (ready.status_code, ready.json()["checks"]["status"]) == (
        200,
        "does not answer",
    )


@pytest.mark.parametrize(
    "port, check, status",
    [("progress_bus", "redis", 200), ("keys", "qdrant", 503)],
)
async def test_readiness_names_what_is_missing(
    world: World, port: str, check: str, status: int
) -> None:
    """Without Redis it searches and takes adds: not ready, nobody would ask it to."""
    setattr(world, port, Broken())
    world.app.state.ports = world.ports
    response = await world.client.get("/ready")
    assert response.status_code == status
    assert response.json()["status"] == ("ready" if status == 200 else "not ready")
    assert response.json()["checks"][check] == "does not answer"
    assert (await world.client.get("/health")).status_code == 200


async def test_figures(world: World) -> None:
    await search(world)
    text = (await world.client.get("/metrics")).text
    labels = 'method="POST",route="/search/memory",service="gateway",status="200"'
    assert f"souvenir_http_requests_total{{{labels}}} 1.0" in text
