"""What is kept of work in flight, on the fakes and on a real server: fixtures for the
contract tests.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from shared.adapters.redis.client import connect
from tests.support.valkey import Valkey, valkey

IMPLEMENTATIONS = ("fake", "valkey")


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """One server for the whole run of this worker; each test has a prefix of its own."""
    with valkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
def prefix() -> str:
    """Starts the keys of one test."""
    return f"test-{uuid4().hex}"


@pytest.fixture
async def redis(valkey_server: Valkey) -> AsyncIterator[Redis]:
    """A client of the server."""
    client = connect(valkey_server.url)
    yield client
    await client.aclose()


async def assert_every_key_expires(redis: Redis, prefix: str) -> None:
    """And there is at least one."""
    keys = [key async for key in redis.scan_iter(f"{prefix}:*")]
    assert keys
    assert all([await redis.ttl(key) > 0 for key in keys]), keys
