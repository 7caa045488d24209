"""Whoever was given a task's id is never told that there is no such task: everything that
a gateway and a worker write is held up before and after each write, and all who were
answered ask meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.jobs import QdrantJobs
from shared.domain.identity import computed_id
from shared.domain.job import Job, State
from shared.domain.scope import Scope
from shared.errors import Unavailable
from tests.api.world import World
from tests.fakes.embedder import FakeEmbedder
from tests.support.vector_node import vector_node
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline.runner import run_job

WRITES = {
    "memories": ("put", "archive", "update_detail", "delete", "delete_where"),
    "messages": ("put", "delete_where"),
    "jobs": ("put", "update_delivery", "delete"),
    "sources": ("put", "delete"),
    "in_flight": ("claim", "forget"),
    "progress_bus": ("publish", "cancel", "forget"),
    "queue": ("enqueue",),
}
"""What is written, by port."""
Body = dict[str, Any]


@dataclass
class Watch:
    """Asks for every answered task before and after each write."""

    world: World
    answered: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    pauses: int = 0
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """What somebody else does in each pause."""
    _asking: bool = False

    def __post_init__(self) -> None:
        for name, writes in WRITES.items():
            port = getattr(self.world, name)
            for write in writes:
                setattr(port, write, self._held_up(f"{name}.{write}", port, write))

    def _held_up(self, what: str, port: Any, write: str) -> Callable[..., Any]:
        plain = getattr(port, write)

        async def written(*given: Any, **more: Any) -> Any:
            await self._pause(f"before {what}")
            result = await plain(*given, **more)
            await self._pause(f"after {what}")
            return result

        return written

    async def _pause(self, where: str) -> None:
        if self._asking:  # what is written by those who ask
            return
        self._asking = True
        self.pauses += 1
        if self.meanwhile is not None:
            await self.meanwhile()
        for task in self.answered:
            answer = await self.world.post("get/status", {"task_id": task})
            if answer.code != 0:
                self.unknown.append(f"{where}: {answer.code}")
        self._asking = False

    async def add(self, body: Body) -> str:
        """Send it; its task counts as answered from here on."""
        task = str((await self.world.post("add/message", body)).data["task_id"])
        self.answered.add(task)
        return task


def said(text: str) -> Body:
    return {"user_id": "ann", "messages": [{"role": "user", "content": text}]}


def worker_of(world: World) -> WorkerBench:
    """A worker on the stores of the gateway."""
    bench = WorkerBench()
    for name in WRITES:
        setattr(bench, name, getattr(world, name))
    bench.limits = replace(bench.limits, attempts=2)
    return bench


@pytest.fixture
async def watch() -> Watch:
    return Watch(World(FakeEmbedder(), working=False))


async def test_through_all_writes_of_an_add_and_of_its_worker(watch: Watch) -> None:
    task = await watch.add(said("I live in Riga."))
    await watch.add(said("I have a cat."))
    worker = worker_of(watch.world)
    before = watch.pauses
    assert await run_job(task, worker.context) is None
    assert watch.pauses - before > 8, "it was not held up"
    assert worker.job(await job_of(watch, task)).state is State.COMPLETED
    assert watch.unknown == []


async def test_through_tries_that_fail_its_death_and_its_replay(watch: Watch) -> None:
    task = await watch.add(said("I live in Riga."))
    worker = worker_of(watch.world)
    embed = worker.embedder.passages

    async def away(texts: Any) -> Any:
        raise Unavailable("away")

    worker.embedder.passages = away  # type: ignore[method-assign]
    for _ in range(worker.limits.attempts):
        worker.leases.wipe()
        await run_job(task, worker.context)
    assert (await job_of(watch, task)).state is State.DEAD
    replayed = await watch.world.post(f"/api/openmem/v1/tasks/{task}/replay")
    assert replayed.status == 200, replayed.body
    worker.embedder.passages = embed  # type: ignore[method-assign]
    worker.leases.wipe()
    await run_job(task, worker.context)
    assert (await job_of(watch, task)).state is State.COMPLETED
    assert watch.unknown == []


async def test_sent_again_between_any_two_writes_the_second_sender_s_task_is_known() -> (
    None
):
    body, place, pauses = said("I live in Riga."), 0, 1
    while place < pauses:  # how many there are is known from each round
        watch = Watch(World(FakeEmbedder(), working=False))
        place += 1
        watch.meanwhile = partial(send_again_at, place, watch, body)
        await watch.add(body)
        pauses = max(pauses, watch.pauses)
        assert len(watch.answered) == 1, f"in pause {place}"
        assert watch.unknown == []
    assert pauses > 6, "it was not held up"


async def send_again_at(place: int, watch: Watch, body: Body) -> None:
    if watch.pauses == place:
        await watch.add(body)


@pytest.mark.parametrize(
    "path",
    [
        "get/status",
        "tasks/{task}",
        "/product/scheduler/status?user_id=ann&task_id={task}",
        "/mem0/v1/event/{task}/",
    ],
)
async def test_a_read_that_misses_the_record_is_no_answer(
    watch: Watch, path: str
) -> None:
    """As that of a replica of Qdrant may which lags behind."""
    world = watch.world
    task = await watch.add(said("I live in Riga."))
    read, reads = world.jobs.get, 0

    async def missing_once(project: str | None, id: str) -> Job | None:
        nonlocal reads
        reads += 1
        return None if reads == 1 else await read(project, id)

    world.jobs.get = missing_once  # type: ignore[method-assign]
    if path == "get/status":
        answer = await world.post(path, {"task_id": task})
    else:
        answer = await world.get(path.format(task=task))
    assert reads > 1
    assert answer.status == 200, answer.body


async def job_of(watch: Watch, task: str) -> Job:
    job = await watch.world.jobs.get("one", task)
    assert job is not None
    return job


@asynccontextmanager
async def often_indexed(folder: Path) -> AsyncIterator[QdrantJobs]:
    """Jobs in a vector node that flushes and indexes them all the time."""
    options = ("--flush-s", "0.1", "--index-after", "12", "--quiet-s", "0.05")
    with vector_node(folder, *options) as node:
        client = AsyncQdrantClient(url=node.url, check_compatibility=False, timeout=60)
        await prepare(client, "p")
        yield QdrantJobs(client, "p")
        await client.close()


async def test_a_record_is_there_while_the_store_rewrites_and_indexes_it(
    tmp_path: Path,
) -> None:
    async with often_indexed(tmp_path) as jobs:
        records = [
            Job(computed_id("task", str(number)), Scope("p", "ann"), created_at=number)
            for number in range(10)
        ]
        for record in records:
            await jobs.put(record)
        rewriting = asyncio.create_task(rewrite(jobs, records))
        reads = 0
        while not rewriting.done():
            for record in records:
                assert await jobs.get("p", record.id) is not None, f"read {reads}"
                reads += 1
        await rewriting
        assert reads > len(records)


async def rewrite(jobs: QdrantJobs, records: list[Job]) -> None:
    """As workers do, so often that they are indexed several times."""
    for attempt in range(1, 7):
        for record in records:
            await jobs.put(replace(record, state=State.RUNNING, attempts=attempt))
