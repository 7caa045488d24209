"""A restore that is killed in its middle is run again, and until then no process starts
on the store.
"""

from __future__ import annotations

import asyncio
import math
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.collections import COPIED, named, prepare
from shared.adapters.qdrant.job_record import JOB
from shared.adapters.qdrant.points import QdrantPoints
from shared.adapters.qdrant.records import MEMORY
from shared.adapters.qdrant.vector_spaces import QdrantVectorSpaces
from shared.domain.identity import computed_id
from shared.domain.job import Job, State
from shared.domain.memory import Memory, SparseVector, Type
from shared.domain.scope import Scope
from shared.domain.stored_point import StoredPoint
from shared.domain.vector_space import DENSE, SIZE, VectorSpace
from shared.embedding import wanted_name
from shared.settings import Settings
from tests.e2e.test_backup import environment
from tests.support.system import until
from tests.support.valkey import valkey
from tests.support.vector_node import vector_node

MEMORIES = 3_000
JOBS = 100
SCOPE = Scope("default", "ana")


@dataclass
class Place:
    """Stores that answer, without a Souvenir on them."""

    folder: Path
    qdrant: str
    redis: str

    @property
    def variables(self) -> dict[str, str]:
        return environment(
            self.folder,
            QDRANT_URL=self.qdrant,
            REDIS_URL=self.redis,
            SOUVENIR_SOURCES=str(self.folder / "sources"),
        )

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "services.store", *map(str, arguments)],
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: object) -> tuple[int, str]:
        """Exit code, and all that was printed."""
        process = self.start(*arguments)
        out, err = process.communicate()
        return process.returncode, out + err

    def pipe(self, what: str, given: bytes = b"") -> tuple[int, bytes, bytes]:
        """Exit code, output and errors, with - for the file and its bytes as input."""
        ended = subprocess.run(
            [sys.executable, "-m", "services.store", what, "-"],
            input=given,
            env=self.variables,
            capture_output=True,
            check=False,
        )
        return ended.returncode, ended.stdout, ended.stderr


@pytest.fixture
def places(tmp_path: Path) -> Iterator[tuple[Place, Place]]:
    """Two of them."""
    with ExitStack() as stack:
        made = []
        for name in ("from", "to"):
            folder = tmp_path / name
            (folder / "redis").mkdir(parents=True)
            node = stack.enter_context(vector_node(folder / "vectors"))
            server = stack.enter_context(valkey(folder / "redis"))
            made.append(Place(folder, node.url, server.url))
        yield made[0], made[1]


async def fill(place: Place) -> None:
    client = AsyncQdrantClient(url=place.qdrant, timeout=60)
    await prepare(client, "souvenir")

    async def preferred() -> VectorSpace:
        return VectorSpace(wanted_name(Settings()))

    await QdrantVectorSpaces(client, "souvenir").open(preferred)
    points = QdrantPoints(client, "souvenir")
    await points.put("memories", [memory(n) for n in range(MEMORIES)], DENSE)
    await points.put("jobs", [job(n) for n in range(JOBS)], DENSE)
    await client.close()


def memory(number: int) -> StoredPoint:
    value = Memory(
        computed_id("memory", number), SCOPE, Type.WORKING, f"Fact {number}."
    )
    chosen = random.Random(number)
    numbers = [chosen.gauss(0, 1) for _ in range(SIZE)]
    length = math.hypot(*numbers)
    dense = tuple(entry / length for entry in numbers)
    lexical = SparseVector((number, number + MEMORIES), (0.5, 1.5))
    return StoredPoint(value.id, MEMORY.payload(value), dense, lexical)


def job(number: int) -> StoredPoint:
    value = Job(computed_id("job", number), SCOPE, state=State.COMPLETED, updated_at=1)
    return StoredPoint(value.id, JOB.payload(value))


async def counts(place: Place) -> dict[str, int]:
    client = AsyncQdrantClient(url=place.qdrant, timeout=60)
    there = {entry.name for entry in (await client.get_collections()).collections}
    counted = {
        name: (await client.count(named("souvenir", name))).count
        for name in COPIED
        if named("souvenir", name) in there
    }
    await client.close()
    return counted


async def content(
    place: Place,
) -> tuple[dict[str, StoredPoint], dict[str, tuple[float, ...]]]:
    """All memories without their vectors, and those."""
    client = AsyncQdrantClient(url=place.qdrant, timeout=60)
    stored, vectors = {}, {}
    async for page in QdrantPoints(client, "souvenir").pages("memories", DENSE):
        for point in page:
            stored[point.id] = replace(point, dense=None)
            vectors[point.id] = point.dense or ()
    await client.close()
    return stored, vectors


def test_a_backup_goes_through_pipes(places: tuple[Place, Place]) -> None:
    """For a container whose user may write into no folder of the host."""
    source, target = places
    asyncio.run(fill(source))
    code, file, said = source.pipe("backup")
    assert (code, said) == (0, b"")
    code, _, said = target.pipe("check", file[:-9])
    assert code == 1 and b"souvenir: " in said
    for what in ("check", "restore"):
        code, printed, said = target.pipe(what, file)
        assert code == 0, said
        assert f"memories           {MEMORIES}".encode() in printed
    assert asyncio.run(counts(target)) == asyncio.run(counts(source))
    assert not list(target.folder.glob("**/.backup-*"))


def test_a_restore_that_was_killed_is_run_again(
    places: tuple[Place, Place], tmp_path: Path
) -> None:
    source, target = places
    asyncio.run(fill(source))
    file = tmp_path / "file"
    code, printed = source.run("backup", file)
    assert (code, f"memories           {MEMORIES}" in printed) == (0, True), printed

    kill_in_the_middle(target, file)
    half = asyncio.run(counts(target))
    assert 0 < half["memories"] < MEMORIES
    assert half["jobs"] == 0, "jobs come last"
    code, printed = target.run("backup", tmp_path / "of-half")
    assert code == 1
    assert "a restore of this store was begun and not finished" in printed
    assert not (tmp_path / "of-half").exists()

    code, printed = target.run("restore", file)
    assert code == 0, printed
    assert asyncio.run(counts(target)) == asyncio.run(counts(source))
    (points, vectors), (restored, close) = map(
        asyncio.run, (content(source), content(target))
    )
    assert restored == points
    for id, vector in vectors.items():  # stored with 16 bits a number
        assert math.dist(close[id], vector) < 1e-3
    code, printed = target.run("restore", file)
    assert (code, "not empty" in printed) == (1, True)


def kill_in_the_middle(place: Place, file: Path) -> None:
    """kill -9 when some of it is written, and not all."""
    process = place.start("restore", file)

    def is_in_the_middle() -> bool:
        assert process.poll() is None, "it was over before it could be killed"
        return asyncio.run(counts(place)).get("memories", 0) > 0

    until(is_in_the_middle, "a restore that has begun")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
