"""Large bodies: bounded in all, and let go of when they were read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Body, FastAPI, Request

from services.http import TolerantRoute, install_service_basics
from services.http.lenient_routes import body_digest
from shared.domain.identity import digest

MEGABYTE = 1_000_000


class Service:
    """Takes bodies of 3 MB, and of 4 MB together; each is worked on until `go`."""

    def __init__(self) -> None:
        self.begun, self.go = asyncio.Event(), asyncio.Event()
        router = APIRouter(route_class=TolerantRoute)

        @router.post("/work")
        async def work(request: Request, body: Any = Body()) -> dict[str, Any]:
            self.begun.set()
            await self.go.wait()
            return {
                "held": len(await request.body()),
                "digest": await body_digest(request),
                "characters": len(body["text"]),
            }

        app = FastAPI()
        install_service_basics(
            app, service="test", probes={}, max_body_mb=3, max_bodies_mb=4
        )
        app.include_router(router)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://test"
        )

    async def post(self, content: bytes | AsyncIterator[bytes]) -> httpx.Response:
        return await self.client.post("/work", content=content)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    made = Service()
    async with made.client:
        yield made


def body(size: int) -> bytes:
    return json.dumps({"text": "x" * size}).encode()


async def pieces(whole: bytes) -> AsyncIterator[bytes]:
    """Without a length that is said before."""
    for start in range(0, len(whole), 100_000):
        yield whole[start : start + 100_000]


async def test_what_would_be_too_much_together_is_sent_again_later(
    service: Service,
) -> None:
    large = body(5 * MEGABYTE // 2)
    first = asyncio.ensure_future(service.post(large))
    await service.begun.wait()
    for sent in (large, pieces(large)):
        refused = await service.post(sent)
        assert (refused.status_code, refused.json()["code"]) == (503, 50004)
        assert refused.headers["Retry-After"] == "5"
    service.go.set()
    assert (await service.post(body(10))).status_code == 200
    assert (await first).status_code == 200
    for sent in (large, pieces(large)):  # what was refused takes no room
        assert (await service.post(sent)).status_code == 200


async def test_small_ones_are_always_read(service: Service) -> None:
    sent = [asyncio.ensure_future(service.post(body(900_000))) for _ in range(8)]
    await service.begun.wait()
    service.go.set()
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {200}


async def test_a_single_one_is_read_up_to_its_own_limit(service: Service) -> None:
    service.go.set()
    assert (await service.post(body(3 * MEGABYTE - 100))).status_code == 200
    assert (await service.post(body(3 * MEGABYTE))).status_code == 413


async def test_a_large_body_is_let_go_of_before_it_is_worked_on(
    service: Service,
) -> None:
    service.go.set()
    for size, kept in ((1000, True), (2 * MEGABYTE, False)):
        sent = body(size)
        answer = (await service.post(sent)).json()
        assert answer["held"] == (len(sent) if kept else 0)
        assert answer["digest"] == digest(sent)
        assert answer["characters"] == size
