"""Vectors of a second embedder beside those that are there, asked for by an unmodified
client: of the vector node, and of a real server where QDRANT_TEST_URL names one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q
from qdrant_client.http.exceptions import UnexpectedResponse

from tests.support.vector_node import vector_node

OLD, NEW = "dense", "dense_2"
LACKING = q.Filter(must_not=[q.HasVectorCondition(has_vector=NEW)])


def room(size: int = 6) -> q.DenseVectorNameConfig:
    return q.DenseVectorNameConfig(
        dense=q.DenseVectorConfig(
            size=size,
            distance=q.Distance.COSINE,
            datatype=q.VectorStorageDatatype.TURBO16,
        )
    )


def vector(id: int, size: int) -> list[float]:
    return [1.0 + (id * (place + 3)) % 17 for place in range(size)]


@pytest.fixture
async def client(qdrant_url: str) -> AsyncIterator[AsyncQdrantClient]:
    made = AsyncQdrantClient(url=qdrant_url, timeout=60)
    yield made
    await made.close()


@pytest.fixture
async def name(client: AsyncQdrantClient) -> AsyncIterator[str]:
    name = f"test_{uuid4().hex}"
    await filled(client, name)
    yield name
    await client.delete_collection(name)


async def filled(client: AsyncQdrantClient, name: str, **options: object) -> None:
    """A collection of ten points with a vector of four numbers each."""
    dense = {OLD: q.VectorParams(size=4, distance=q.Distance.COSINE)}
    await client.create_collection(name, vectors_config=dense, **options)
    await client.upsert(name, [point(id) for id in range(10)], wait=True)


def point(id: int) -> q.PointStruct:
    return q.PointStruct(id=id, vector={OLD: vector(id, 4)}, payload={"at": id})


async def lacking(client: AsyncQdrantClient, name: str) -> int:
    return (await client.count(name, LACKING, exact=True)).count


async def fill(client: AsyncQdrantClient, name: str, *ids: int) -> None:
    points = [q.PointVectors(id=id, vector={NEW: vector(id, 6)}) for id in ids]
    await client.update_vectors(name, points, wait=True)


async def test_room_for_other_vectors_is_made_once_and_described(
    client: AsyncQdrantClient, name: str
) -> None:
    await client.create_vector_name(name, NEW, room())
    await client.create_vector_name(name, NEW, room())
    described = (await client.get_collection(name)).config.params.vectors
    assert isinstance(described, dict)
    assert {key: params.size for key, params in described.items()} == {OLD: 4, NEW: 6}
    assert described[NEW].datatype is q.Datatype.TURBO16
    with pytest.raises(UnexpectedResponse) as refused:
        await client.create_vector_name(name, NEW, room(size=7))
    assert 400 <= (refused.value.status_code or 0) < 500


async def test_points_get_them_one_by_one_and_are_found_by_either(
    client: AsyncQdrantClient, name: str
) -> None:
    await client.create_vector_name(name, NEW, room())
    assert await lacking(client, name) == 10
    await fill(client, name, *range(8))
    assert await lacking(client, name) == 2
    for using, size in ((OLD, 4), (NEW, 6)):
        found = await client.query_points(
            name, vector(5, size), using=using, limit=1, with_payload=True
        )
        assert (found.points[0].id, found.points[0].payload) == (5, {"at": 5})


async def test_a_point_that_changed_meanwhile_gets_none(
    client: AsyncQdrantClient, name: str
) -> None:
    await client.create_vector_name(name, NEW, room())
    unchanged = q.Filter(must=[q.FieldCondition(key="at", match=q.MatchValue(value=3))])
    points = [q.PointVectors(id=id, vector={NEW: vector(id, 6)}) for id in (3, 4)]
    await client.update_vectors(name, points, wait=True, update_filter=unchanged)
    assert await lacking(client, name) == 9


async def test_a_point_that_is_written_anew_lacks_them_again(
    client: AsyncQdrantClient, name: str
) -> None:
    await client.create_vector_name(name, NEW, room())
    await fill(client, name, *range(10))
    await client.upsert(name, [point(4)], wait=True)
    assert await lacking(client, name) == 1


async def test_the_old_ones_go_and_are_refused_from_then_on(
    client: AsyncQdrantClient, name: str
) -> None:
    await client.create_vector_name(name, NEW, room())
    await fill(client, name, *range(10))
    await client.delete_vector_name(name, OLD)
    with pytest.raises(UnexpectedResponse, match="Not existing vector name"):
        await client.upsert(name, [point(4)], wait=True)
    with pytest.raises(UnexpectedResponse, match="Not existing vector name"):
        await client.query_points(name, vector(4, 4), using=OLD)
    assert await lacking(client, name) == 0
    described = (await client.get_collection(name)).config.params.vectors
    assert isinstance(described, dict) and set(described) == {NEW}


async def test_the_node_knows_them_after_kill_9_and_after_indexing(
    tmp_path: Path,
) -> None:
    optimizers = q.OptimizersConfigDiff(indexing_threshold=1)
    with vector_node(
        tmp_path / "data", "--index-after", "500", "--quiet-s", "0"
    ) as node:
        client = AsyncQdrantClient(url=node.url, timeout=60)
        await filled(client, "c", optimizers_config=optimizers)
        await client.create_vector_name("c", NEW, room())
        await fill(client, "c", *range(7))
        node.kill()
        node.start()
        assert await lacking(client, "c") == 3
        many = [point(id) for id in range(100, 2000)]
        await client.upsert("c", many, wait=True)
        await fill(client, "c", *range(100, 2000))
        while not (await client.get_collection("c")).indexed_vectors_count:
            await asyncio.sleep(0.05)
        node.kill()
        node.start()
        assert await lacking(client, "c") == 3
        found = await client.query_points("c", vector(150, 6), using=NEW, limit=1)
        assert found.points[0].score > 0.999
        await client.close()
