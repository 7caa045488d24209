"""The power is cut at the moment of an answer: what was answered is on the disk."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collections import JOBS, create, named
from shared.adapters.qdrant.jobs import QdrantJobs
from shared.domain.identity import computed_id
from shared.domain.job import Job
from shared.domain.scope import Scope
from shared.jobs.clock import now
from tests.faults.disks import NEEDS, after_power_cut, can_mount, disk, mounted
from tests.support.vector_node import VectorNode, vector_node

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not can_mount(), reason=NEEDS),
]
CUTS = 2
WRITERS = 4
FILES_DONE = 3


def job(number: int) -> Job:
    id = computed_id("power cut", str(number))
    return Job(id=id, scope=Scope("p", "u"), created_at=now(), updated_at=now())


async def write_until_cut(
    node: VectorNode, numbers: range, image: Path, copy: Path
) -> list[int]:
    """Several writers; the numbers whose writes were answered before the power was cut."""
    answered: list[int] = []
    rest = iter(numbers)

    async def write() -> None:
        client = AsyncQdrantClient(url=node.url, check_compatibility=False, timeout=60)
        jobs = QdrantJobs(client, "souvenir")
        for number in rest:
            await jobs.put(job(number))
            answered.append(number)
        await client.close()

    await asyncio.gather(*(write() for _ in range(WRITERS)))
    after_power_cut(image, copy)
    return answered


async def known(node: VectorNode, numbers: list[int]) -> list[int]:
    client = AsyncQdrantClient(url=node.url, check_compatibility=False, timeout=60)
    jobs = QdrantJobs(client, "souvenir")
    found = [number for number in numbers if await jobs.get("p", job(number).id)]
    await client.close()
    return found


async def test_what_was_answered_is_there_after_a_power_cut(tmp_path: Path) -> None:
    image = tmp_path / "disk"
    answered: list[int] = []
    with (
        disk(image, 500) as folder,
        vector_node(folder / "vectors", "--flush-s", "3600") as node,
    ):
        client = AsyncQdrantClient(url=node.url, check_compatibility=False, timeout=60)
        await create(client, named("souvenir", JOBS))
        for cut in range(CUTS):
            copy = tmp_path / f"cut-{cut}"
            numbers = range(cut * 100, cut * 100 + 30 + cut)
            answered += await write_until_cut(node, numbers, image, copy)
            with mounted(copy) as rest, vector_node(rest / "vectors") as after:
                assert await known(after, answered) == answered
            copy.unlink()


async def test_what_was_answered_is_there_when_the_log_has_gone_on_to_other_files(
    tmp_path: Path,
) -> None:
    """The engine begins a file every 32 MB, and makes each one ahead."""
    image, copy = tmp_path / "disk", tmp_path / "cut"
    with (
        disk(image, 700) as folder,
        vector_node(folder / "vectors", "--flush-s", "3600") as node,
    ):
        client = AsyncQdrantClient(url=node.url, check_compatibility=False, timeout=60)
        await client.create_collection("c", vectors_config={})
        logs = folder / "vectors" / "collections" / "c"
        text, filler = "x" * 500_000, 0
        while len(list(logs.glob("engine-*/wal/closed-*"))) < FILES_DONE:
            filler += 1
            await put(client, filler, text)
        small = range(10_001, 10_101)
        for number in small:
            await put(client, number, "")
        after_power_cut(image, copy)
        with mounted(copy) as rest, vector_node(rest / "vectors") as after:
            client = AsyncQdrantClient(url=after.url, check_compatibility=False)
            there = await client.retrieve("c", [*range(1, filler + 1), *small])
            assert len(there) == filler + len(small)


async def put(client: AsyncQdrantClient, number: int, text: str) -> None:
    point = q.PointStruct(id=number, vector={}, payload={"text": text})
    await client.upsert("c", [point])
