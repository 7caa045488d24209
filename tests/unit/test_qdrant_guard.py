"""A vector store that does not answer is left alone, and found again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from shared.adapters.circuit_breaker import CircuitBreaker
from shared.adapters.qdrant.error_translation import translated
from shared.adapters.qdrant.guard import PAUSES, guard
from shared.errors import Unavailable

PATIENCE_S = 3
"""How long one call waits: a busy machine may take a second to answer itself."""


class Store:
    """A server on loopback that hangs, answers or refuses."""

    def __init__(self) -> None:
        self.hangs = True
        self.asked = 0
        self.status = b"200 OK"
        self.body = b'{"result": {"exists": true}, "status": "ok", "time": 0}'

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        if self.hangs:
            await asyncio.sleep(3600)
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\n" % self.status
        writer.write(head + b"Content-Length: %d\r\n\r\n" % len(self.body) + self.body)
        await writer.drain()
        writer.close()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    yield Store()


@pytest.fixture
async def client(
    store: Store, unused_tcp_port: int
) -> AsyncIterator[AsyncQdrantClient]:
    server = await asyncio.start_server(store.serve, "127.0.0.1", unused_tcp_port)
    url = f"http://127.0.0.1:{unused_tcp_port}"
    client = AsyncQdrantClient(url=url, timeout=PATIENCE_S, check_compatibility=False)
    yield client
    await client.close()
    server.close()


async def ask(client: AsyncQdrantClient) -> bool:
    with translated():
        return await client.collection_exists("c")


async def test_one_that_hangs_is_asked_a_few_times_and_then_left_alone(
    store: Store, client: AsyncQdrantClient
) -> None:
    clock = Clock()
    guard(client, CircuitBreaker(2, clock, pauses=PAUSES, what="the vector store"))
    for _ in range(2):
        with pytest.raises(Unavailable):
            await ask(client)
    for _ in range(50):
        with pytest.raises(Unavailable, match="left alone after 2 failures"):
            await ask(client)
    assert store.asked == 2
    store.hangs = False
    clock.now += PAUSES.first
    assert await ask(client)
    assert await ask(client)


async def test_a_refusal_is_an_answer(store: Store, client: AsyncQdrantClient) -> None:
    guard(client, CircuitBreaker(2))
    store.hangs, store.status, store.body = False, b"400 Bad Request", b"{}"
    for _ in range(5):
        with pytest.raises(UnexpectedResponse):
            await ask(client)
    assert store.asked == 5


async def test_who_leaves_says_nothing_about_the_store(
    store: Store, client: AsyncQdrantClient
) -> None:
    guard(client, CircuitBreaker(1))
    asking = asyncio.ensure_future(ask(client))
    while not store.asked:
        await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    store.hangs = False
    assert await ask(client)


async def test_the_error_names_its_reason(client: AsyncQdrantClient) -> None:
    guard(client, CircuitBreaker(1, what="the vector store"))
    with pytest.raises(ResponseHandlingException):
        await client.collection_exists("c")
    with pytest.raises(Unavailable, match=r"the vector store is left alone.*Timeout"):
        await ask(client)
