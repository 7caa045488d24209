"""What the vector node promises beside the API: fairness, indexing without a pause,
clean restarts, one process for one folder.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from tests.support.vector_node import free_port, vector_node

SIZE = 16
OF_ANN = q.Filter(must=[q.FieldCondition(key="user", match=q.MatchValue(value="ann"))])
_POLLS = 1500
_POLL_S = 0.02


def points(start: int, stop: int, **payload: object) -> list[q.PointStruct]:
    return [
        q.PointStruct(
            id=id,
            vector={"dense": direction(id)},
            payload={"user": "ann" if id % 2 else "bob", "n": id, **payload},
        )
        for id in range(start, stop)
    ]


def direction(id: int) -> list[float]:
    return [1.0 + (id * (place + 3)) % 17 for place in range(SIZE)]


async def prepared(
    client: AsyncQdrantClient, name: str, index_kb: int | None = None
) -> None:
    """A collection, indexed by the engine from `index_kb` kilobytes on."""
    optimizers = (
        q.OptimizersConfigDiff(indexing_threshold=index_kb) if index_kb else None
    )
    dense = {"dense": q.VectorParams(size=SIZE, distance=q.Distance.COSINE)}
    await client.create_collection(
        name, vectors_config=dense, optimizers_config=optimizers
    )
    await client.create_payload_index(name, "user", field_schema="keyword")


def engine_folder(data: Path, name: str) -> str:
    """Where the engine of a collection lives just now; indexing moves it."""
    return (
        (data / "collections" / name / "collection.json")
        .read_text()
        .split('"engine":"')[1]
        .split('"')[0]
    )


async def until(true: Callable[[], bool]) -> None:
    for _ in range(_POLLS):
        if true():
            return
        await asyncio.sleep(_POLL_S)
    raise AssertionError("never came true")


async def test_nobody_starves(tmp_path: Path) -> None:
    """Three writers of big batches and three readers, all hot: readers get their turn
    between the slices of a batch, so that each of them is answered several times while
    a writer is answered once; and the writers get on as well.
    """
    done: Counter[str] = Counter()

    async def hot(name: str, act: Callable[[], Awaitable[object]]) -> None:
        while sum(done.values()) < 600:
            await act()
            done[name] += 1

    with vector_node(tmp_path) as node:
        client = AsyncQdrantClient(url=node.url)
        await prepared(client, "c")
        batch = points(1, 1001)
        await client.upsert("c", batch)
        await asyncio.gather(
            *(
                hot(f"writer {number}", lambda: client.upsert("c", batch))
                for number in range(3)
            ),
            *(
                hot(
                    f"reader {number}",
                    lambda: client.query_points(
                        "c", query=direction(7), using="dense", query_filter=OF_ANN
                    ),
                )
                for number in range(3)
            ),
        )
    assert min(done[f"reader {number}"] for number in range(3)) >= 3 * max(
        done[f"writer {number}"] for number in range(3)
    )
    assert min(done[f"writer {number}"] for number in range(3)) > 0


async def test_indexing_loses_no_change_that_is_made_meanwhile(tmp_path: Path) -> None:
    with vector_node(tmp_path, "--index-after", "1500", "--quiet-s", "0.1") as node:
        client = AsyncQdrantClient(url=node.url)
        await prepared(client, "c", index_kb=1)
        before = engine_folder(tmp_path, "c")
        await client.upsert("c", points(1, 2001))
        await until(
            lambda: len(list((tmp_path / "collections" / "c").glob("engine-*"))) == 2
        )
        changes = 0
        while engine_folder(tmp_path, "c") == before and changes < 300:
            changes += 1
            await client.upsert("c", points(3000 + changes, 3001 + changes, late=True))
            await client.set_payload("c", {"seen": True}, points=[changes])
            await client.delete("c", [2001 - changes])
        assert changes > 0
        await until(lambda: engine_folder(tmp_path, "c") != before)
        assert (await client.get_collection("c")).indexed_vectors_count >= 1000

        async def check() -> None:
            assert (await client.count("c")).count == 2000
            everything, _ = await client.scroll("c", limit=5000)
            payloads = {number.id: number.payload for number in everything}
            assert set(payloads) == {
                *range(1, 2001 - changes),
                *range(3001, 3001 + changes),
            }
            assert all(
                payloads[id]
                == {"user": "ann" if id % 2 else "bob", "n": id, "seen": True}
                for id in range(1, changes + 1)
            )
            assert all(
                payloads[3000 + number]["late"] for number in range(1, changes + 1)
            )
            result = await client.query_points(
                "c", query=direction(3), using="dense", query_filter=OF_ANN, limit=3
            )
            assert result.points[0].payload["user"] == "ann"

        await check()
        node.kill()
        node.start()
        await check()
        assert len(list((tmp_path / "collections" / "c").glob("engine-*"))) == 1


async def test_a_collection_can_be_deleted_while_it_is_indexed(tmp_path: Path) -> None:
    with vector_node(tmp_path, "--index-after", "1500", "--quiet-s", "0.05") as node:
        client = AsyncQdrantClient(url=node.url)
        await prepared(client, "c", index_kb=1)
        await client.upsert("c", points(1, 2001))
        await until(
            lambda: len(list((tmp_path / "collections" / "c").glob("engine-*"))) == 2
        )
        await client.delete_collection("c")
        assert not await client.collection_exists("c")
        await prepared(client, "c")
        assert (await client.count("c")).count == 0
        assert node.stop() == 0


async def test_everything_is_there_after_a_clean_stop(tmp_path: Path) -> None:
    with vector_node(tmp_path) as node:
        client = AsyncQdrantClient(url=node.url)
        await prepared(client, "späces and dots.")
        await client.upsert("späces and dots.", points(1, 50))
        await client.create_collection("bare", vectors_config={})
        await client.upsert("bare", [q.PointStruct(id=1, vector={}, payload={"a": 1})])
        before = await client.get_collection("späces and dots.")
        assert node.stop() == 0
        node.start()
        after = await client.get_collection("späces and dots.")
        assert (after.config, after.payload_schema, after.points_count) == (
            before.config,
            before.payload_schema,
            49,
        )
        assert (await client.retrieve("bare", [1], with_vectors=True))[0].vector == {}


async def test_leftovers_of_a_cut_short_creation_are_removed(tmp_path: Path) -> None:
    leftover = tmp_path / "collections" / "half" / "engine-1"
    leftover.mkdir(parents=True)
    with vector_node(tmp_path) as node:
        client = AsyncQdrantClient(url=node.url)
        assert not await client.collection_exists("half")
        await prepared(client, "half")
    assert not leftover.exists()


def test_a_folder_has_one_node(tmp_path: Path) -> None:
    with vector_node(tmp_path) as node:
        command = [
            sys.executable,
            "-m",
            "services.vectors",
            "--data",
            str(tmp_path),
            "--port",
            str(free_port()),
        ]
        second = subprocess.run(command, capture_output=True, text=True, check=False)
        assert second.returncode != 0
        assert second.stderr.count("\n") == 1
        assert f"process {node.process.pid}" in second.stderr
