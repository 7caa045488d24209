"""A store is brought to this release's schema once, by one process; one that was cut off
is run again; a store of a newer release is refused.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.memories import QdrantMemories
from shared.adapters.qdrant.migrations.run_migrations import MIGRATIONS, migrate_store
from shared.adapters.qdrant.records import MEMORY, Payload, derived
from shared.adapters.qdrant.store_state import QdrantStoreState
from shared.domain.memory import Kind
from shared.domain.store_schema import SCHEMA
from shared.errors import LeaseLost, Unavailable
from tests.contract.conftest import drop
from tests.e2e.test_old_data import ARCHIVE, LISBON, USER
from tests.fakes.leases import FakeLeases
from tests.support.archives import unpack
from tests.support.vector_node import vector_node

PREFIX = "souvenir"
DERIVED = ["kind", "place", "marks", "comparable", "fast_of", "sequence"]


@pytest.fixture
async def empty(qdrant_url: str) -> AsyncIterator[tuple[AsyncQdrantClient, str]]:
    """A prepared store that has no number yet: its client and prefix."""
    client = AsyncQdrantClient(url=qdrant_url, timeout=60)
    prefix = f"test_{uuid4().hex}"
    await prepare(client, prefix)
    yield client, prefix
    await client.close()
    await drop(qdrant_url, prefix)


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[AsyncQdrantClient]:
    """The data of commit be2f8a9."""
    unpack(ARCHIVE, tmp_path)
    shutil.rmtree(tmp_path / "redis")
    with vector_node(tmp_path / "vectors") as node:
        client = AsyncQdrantClient(url=node.url, timeout=60)
        yield client
        await client.close()


def test_migrations_are_numbered_without_a_gap() -> None:
    assert list(MIGRATIONS) == list(range(1, SCHEMA + 1))
    folder = Path(__file__).parents[2] / "shared/adapters/qdrant/migrations"
    modules = sorted(path.name for path in folder.glob("m*.py"))
    assert [int(name[1:5]) for name in modules] == list(MIGRATIONS)


async def test_old_data_is_as_if_this_release_had_written_it(
    old: AsyncQdrantClient,
) -> None:
    """Its derived fields are taken away, as of a release that did not have them."""
    name = f"{PREFIX}_memories"
    before = {
        id: payload | derived(MEMORY.value(payload))
        for id, payload in (await payloads(old, name)).items()
    }
    everything = q.FilterSelector(filter=q.Filter())
    await old.delete_payload(name, keys=DERIVED, points=everything, wait=True)
    await prepare(old, PREFIX)
    memories = QdrantMemories(old, PREFIX)
    assert (await memories.page("default", USER, Kind.FACT, 0, 10))[1] == 0
    await migrate_store(old, PREFIX, FakeLeases())
    listed, total = await memories.page("default", USER, Kind.FACT, 0, 10)
    assert total == 3
    assert LISBON in {memory.id for memory in listed}
    assert await payloads(old, name) == before
    assert await QdrantStoreState(old, PREFIX).schema() == SCHEMA


async def test_it_is_run_again_without_harm(old: AsyncQdrantClient) -> None:
    await prepare(old, PREFIX)
    seen = []
    for _ in range(2):
        for migration in MIGRATIONS.values():
            await migration(old, PREFIX)
        seen.append(await payloads(old, f"{PREFIX}_memories"))
    assert seen[0] == seen[1] != {}


async def payloads(client: AsyncQdrantClient, name: str) -> dict[str, Payload]:
    points, _ = await client.scroll(name, limit=1000)
    return {str(point.id): point.payload or {} for point in points}


async def test_of_several_processes_one_migrates(
    empty: tuple[AsyncQdrantClient, str],
) -> None:
    client, prefix = empty
    runs: list[int] = []

    async def slow(*_: object) -> None:
        runs.append(1)
        await asyncio.sleep(0.1)

    leases = FakeLeases()
    await asyncio.gather(
        *(migrate_store(client, prefix, leases, {1: slow, 2: slow}) for _ in range(4))
    )
    assert len(runs) == 2
    assert await QdrantStoreState(client, prefix).schema() == 2


async def test_one_that_was_cut_off_goes_on_where_it_was(
    empty: tuple[AsyncQdrantClient, str],
) -> None:
    client, prefix = empty
    runs: list[str] = []

    async def first(*_: object) -> None:
        runs.append("first")

    async def breaks(*_: object) -> None:
        runs.append("second")
        if runs.count("second") == 1:
            raise Unavailable("the store is gone")

    given = {1: first, 2: breaks}
    with pytest.raises(Unavailable):
        await migrate_store(client, prefix, FakeLeases(), given)
    await migrate_store(client, prefix, FakeLeases(), given)
    assert runs == ["first", "second", "second"]


async def test_a_store_of_a_newer_release_is_refused(
    empty: tuple[AsyncQdrantClient, str],
) -> None:
    client, prefix = empty
    await QdrantStoreState(client, prefix).set_schema(SCHEMA + 1)
    with pytest.raises(Unavailable, match=f"newer release \\(schema {SCHEMA + 1}\\)"):
        await migrate_store(client, prefix, FakeLeases())


async def test_who_lost_the_lease_stops(
    empty: tuple[AsyncQdrantClient, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else goes on: two at once would undo each other's work."""
    client, prefix = empty
    module = "shared.adapters.qdrant.migrations.run_migrations"
    monkeypatch.setattr(f"{module}._RENEW_S", 0.01)
    leases = FakeLeases()

    async def lost(*_: object) -> bool:
        return False

    monkeypatch.setattr(leases, "renew", lost)

    async def long(*_: object) -> None:
        await asyncio.sleep(60)

    with pytest.raises(LeaseLost):
        await migrate_store(client, prefix, leases, {1: long})
    assert await QdrantStoreState(client, prefix).schema() == 0
