"""What the HTTP side of the vector node costs: the same work through an unmodified
client and in the engine directly.

    python -m tests.benchmarks.vector_node [--points 10000] [--rounds 500]

Prints p50 and p95 in milliseconds, and how reads fare while others write. Compare the
ratios, not the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import httpx
import qdrant_edge as edge
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from services.vectors.translate import collections
from services.vectors.translate import read_requests as reads
from services.vectors.translate import write_requests as writes
from tests.support.vector_node import vector_node

SIZE = 384
USERS = 100
CREATE = {
    "vectors": {"dense": {"size": SIZE, "distance": "Cosine"}},
    "sparse_vectors": {"lexical": {"modifier": "idf"}},
}
KEPT = httpx.Limits(max_connections=None, max_keepalive_connections=20)
dice = random.Random(7)


def direction() -> list[float]:
    return [dice.gauss(0, 1) for _ in range(SIZE)]


def point(id: int) -> dict[str, Any]:
    message = sorted(dice.sample(range(20_000), 12))
    return {
        "id": id,
        "vector": {
            "dense": direction(),
            "lexical": {"indices": message, "values": [1.0] * 12},
        },
        "payload": {
            "user": f"user-{id % USERS}",
            "text": "a sentence of the usual length about something " * 2,
        },
    }


def search() -> dict[str, Any]:
    user = {
        "must": [{"key": "user", "match": {"value": f"user-{dice.randrange(USERS)}"}}]
    }
    return {
        "query": direction(),
        "using": "dense",
        "filter": user,
        "limit": 10,
        "with_payload": True,
    }


def show(name: str, seconds: list[float]) -> None:
    cuts = quantiles(seconds, n=20)
    print(f"{name:<58} p50 {cuts[9] * 1e3:7.2f} ms   p95 {cuts[18] * 1e3:7.2f} ms")


def timed(act: Callable[[Any], object], inputs: list[Any]) -> list[float]:
    took = []
    for each in inputs:
        started = perf_counter()
        act(each)
        took.append(perf_counter() - started)
    return took


async def timed_async(
    act: Callable[[Any], Awaitable[object]], inputs: list[Any]
) -> list[float]:
    took = []
    for each in inputs:
        started = perf_counter()
        await act(each)
        took.append(perf_counter() - started)
    return took


def in_the_engine(folder: Path, points: list[dict[str, Any]], rounds: int) -> None:
    """The engine alone, requests translated beforehand."""
    shard = edge.EdgeShard.create(str(folder), collections.engine_config(CREATE))
    for change in collections.field_index(
        {"field_name": "user", "field_schema": "keyword"}
    ):
        shard.update(change.operation)
    for change in writes.upsert({"points": points}):
        shard.update(change.operation)
    show(
        "engine: search by user",
        timed(shard.query, [reads.query(search()) for _ in range(rounds)]),
    )
    show(
        "engine: upsert one",
        timed(
            shard.update,
            [
                next(writes.upsert({"points": [point(each)]})).operation
                for each in range(rounds)
            ],
        ),
    )
    shard.close()


async def through_the_node(client: AsyncQdrantClient, name: str, rounds: int) -> None:
    """The same, asked by an unmodified client."""
    searches = [q.QueryRequest(**search()) for _ in range(rounds)]
    points = [q.PointStruct(**point(each)) for each in range(rounds)]

    async def ask(one: q.QueryRequest) -> object:
        return await client.query_points(
            "c",
            query=one.query,
            using=one.using,
            query_filter=one.filter,
            limit=one.limit,
        )

    show(f"{name}: search by user", await timed_async(ask, searches))
    show(
        f"{name}: 5 searches in one call",
        await timed_async(
            lambda five: client.query_batch_points("c", five),
            [searches[each : each + 5] for each in range(0, rounds, 5)],
        ),
    )
    show(
        f"{name}: upsert one",
        await timed_async(lambda one: client.upsert("c", [one]), points),
    )


async def bare(url: str, rounds: int) -> None:
    """The same without the client's models: what the node itself takes."""
    async with httpx.AsyncClient(base_url=url) as client:
        asked = [search() for _ in range(rounds)]
        show(
            "bare HTTP: search by user",
            await timed_async(
                lambda one: client.post("/collections/c/points/query", json=one), asked
            ),
        )
        show(
            "bare HTTP: nothing (GET /readyz)",
            await timed_async(lambda _: client.get("/readyz"), asked),
        )


async def in_a_crowd(url: str, rounds: int) -> None:
    """Searches while three others, in a process of their own, write batches of 100 as
    fast as they can.
    """
    writers = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.vector_node",
        "--write-to",
        url,
        stdout=asyncio.subprocess.PIPE,
    )
    assert writers.stdout is not None
    await writers.stdout.readline()
    async with httpx.AsyncClient(base_url=url) as reader:
        took = await timed_async(
            lambda one: reader.post("/collections/c/points/query", json=one),
            [search() for _ in range(rounds)],
        )
    writers.terminate()
    batches = len((await writers.communicate())[0].splitlines())
    show(f"bare HTTP: search by user, 3 writers ({batches} batches)", took)


async def write(url: str) -> None:
    """Three writers, a line for each batch; until terminated."""
    batches = [
        json.dumps({"points": [point(each) for each in range(start, start + 100)]})
        for start in range(0, 300, 100)
    ]

    async def keep_writing(batch: str) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            while True:
                (
                    await client.put("/collections/c/points?wait=true", content=batch)
                ).raise_for_status()
                print("written", flush=True)

    await asyncio.gather(*(keep_writing(batch) for batch in batches))


async def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--write-to", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write_to:
        return await write(options.write_to)
    points = [point(each) for each in range(options.points)]
    with TemporaryDirectory() as folder:
        in_the_engine(Path(folder) / "engine", points, options.rounds)
        with vector_node(Path(folder) / "node", "--index-after", "0") as node:
            client, kept = (
                AsyncQdrantClient(url=node.url),
                AsyncQdrantClient(url=node.url, limits=KEPT),
            )
            await kept.create_collection(
                "c",
                vectors_config={"dense": q.VectorParams(**CREATE["vectors"]["dense"])},
                sparse_vectors_config={
                    "lexical": q.SparseVectorParams(modifier=q.Modifier.IDF)
                },
            )
            await kept.create_payload_index("c", "user", field_schema="keyword")
            for start in range(0, options.points, 500):
                await kept.upsert(
                    "c", [q.PointStruct(**each) for each in points[start : start + 500]]
                )
            await through_the_node(client, "client", options.rounds)
            await through_the_node(kept, "client, connections kept", options.rounds)
            await bare(node.url, options.rounds)
            await in_a_crowd(node.url, options.rounds)


if __name__ == "__main__":
    asyncio.run(main())
