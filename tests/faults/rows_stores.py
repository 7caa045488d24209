"""Redis, the vector store and the disks fail in the middle of the work."""

from __future__ import annotations

import time

from qdrant_client import QdrantClient
from qdrant_client import models as q

from shared.domain.vector_space import DENSE, SIZE
from tests.faults.bench import Bench
from tests.faults.disks import fill
from tests.faults.load import Load
from tests.faults.proxy import Mode
from tests.support.system import until

AWAY_S = 60.0
FULL_S = 10.0
_MEMORIES = "souvenir_memories"
_OTHERS = 12_000
"""Memories of others: enough for the engine to index them."""
_BATCH = 500


def redis_killed(bench: Bench, load: Load) -> None:
    """kill -9 of Redis, twice"""
    load.start()
    for share in (0.2, 0.5):
        load.ended_at_least(int(load.jobs * share))
        bench.system.kill("redis")


def redis_wiped(bench: Bench, load: Load) -> None:
    """FLUSHALL with jobs waiting and running, three times"""
    client = bench.system.redis()
    load.start()
    for share in (0.1, 0.3, 0.6):
        load.ended_at_least(int(load.jobs * share))
        client.flushall()


def vectors_killed(bench: Bench, load: Load) -> None:
    """kill -9 of the vector node during upserts, three times"""
    load.start()
    for share in (0.1, 0.3, 0.6):
        load.ended_at_least(int(load.jobs * share))
        bench.system.kill("vectors")
        bench.ready()


def vectors_killed_indexing(bench: Bench, load: Load) -> None:
    """kill -9 of the vector node while it indexes"""
    client = _client(bench)
    _put_others(client, range(_OTHERS))
    load.start()
    _kill_in_upkeep(bench)


def vectors_killed_compacting(bench: Bench, load: Load) -> None:
    """kill -9 of the vector node while it removes what was deleted"""
    client = _client(bench)
    _put_others(client, range(_OTHERS))
    half = q.Filter(must=[q.FieldCondition(key="n", range=q.Range(gte=_OTHERS // 2))])
    load.start()
    client.delete(_MEMORIES, q.FilterSelector(filter=half), wait=True)
    _kill_in_upkeep(bench)


def _client(bench: Bench) -> QdrantClient:
    assert bench.node is not None
    return QdrantClient(url=bench.node.url, check_compatibility=False, timeout=120)


def _put_others(client: QdrantClient, ids: range) -> None:
    for start in range(ids.start, ids.stop, _BATCH):
        points = [
            q.PointStruct(
                id=id,
                vector={DENSE: [1.0 + (id * place) % 17 for place in range(SIZE)]},
                payload={"scope": {"project": "others", "user": "others"}, "n": id},
            )
            for id in range(start, min(start + _BATCH, ids.stop))
        ]
        client.upsert(_MEMORIES, points, wait=True)


def _kill_in_upkeep(bench: Bench) -> None:
    """Kill the node when the copy of a collection is being worked on."""
    node = bench.node
    assert node is not None
    folder = node.data / "collections" / _MEMORIES
    until(lambda: len(list(folder.glob("engine-*/segments"))) > 1, "indexing")
    node.kill()
    node.start()


def qdrant_refusing(bench: Bench, load: Load) -> None:
    """the vector store refuses connections for a minute"""
    _away(bench, load, "refuse")


def qdrant_hanging(bench: Bench, load: Load) -> None:
    """the vector store hangs for a minute"""
    _away(bench, load, "hang")


def _away(bench: Bench, load: Load, how: Mode) -> None:
    assert bench.qdrant_proxy is not None
    load.start()
    load.ended_at_least(load.jobs // 4)
    bench.qdrant_proxy.set(how)
    time.sleep(AWAY_S)
    bench.qdrant_proxy.set("pass")
    load.repaired()


def redis_disk_full(bench: Bench, load: Load) -> None:
    """the disk of Redis is full for a while"""
    _full(bench, load, "redis", leave=0)


def vectors_disk_full(bench: Bench, load: Load) -> None:
    """the disk of the vector node is full for a while: adds are refused"""
    _full(bench, load, "vectors", leave=1 << 20)


def sources_disk_full(bench: Bench, load: Load) -> None:
    """the disk of Sources is full for a while: files are refused"""
    _full(bench, load, "sources", leave=0)


def _full(bench: Bench, load: Load, name: str, leave: int) -> None:
    load.start()
    load.ended_at_least(load.jobs // 4)
    filler = fill(bench.disks[name], leave)
    time.sleep(FULL_S)
    filler.unlink()
    load.repaired()
