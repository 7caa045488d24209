"""Requests to Qdrant: which way they go, and that each of them ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from shared.adapters.qdrant.transport import transport

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("name", "url", "is_direct"),
    [
        ("HTTP_PROXY", "http://store.example:6333", False),
        ("ALL_PROXY", "http://store.example:6333", False),
        ("HTTPS_PROXY", "http://store.example:6333", True),
        ("HTTPS_PROXY", "https://store.example:6333", False),
    ],
)
def test_a_proxy_of_the_environment_is_left_to_httpx(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str, is_direct: bool
) -> None:
    monkeypatch.setenv(name, "http://proxy.example:3128")
    assert (transport(url) is not None) is is_direct
    monkeypatch.setenv("NO_PROXY", "store.example")
    assert transport(url) is not None


@asynccontextmanager
async def client_of(
    answers: bool,
) -> AsyncIterator[tuple[httpx.AsyncClient, list[str]]]:
    """A client of a server that answers each request, or reads nothing at all; and what
    has connected to it.
    """
    connected: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.append("once")
        while answers and await reader.readuntil(b"\r\n\r\n"):
            writer.write(ANSWER)
        await asyncio.Event().wait()  # until the client goes

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(
        base_url=url, transport=transport(url), timeout=0.2
    ) as client:
        yield client, connected
    server.close()


async def test_a_connection_is_used_again() -> None:
    async with client_of(answers=True) as (client, connected):
        for _ in range(3):
            assert (await client.get("/")).json() == {}
    assert connected == ["once"]


@pytest.mark.parametrize("size", [10, 20_000_000])
async def test_a_server_that_does_not_answer_is_given_up(size: int) -> None:
    async with client_of(answers=False) as (client, _):
        with pytest.raises((TimeoutError, httpx.TimeoutException)):
            await client.post("/", content=b"x" * size)
