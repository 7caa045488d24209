"""The job that changes the embedder: in which order, what is written meanwhile, and how
it goes on after it was broken off.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.identity import computed_id
from shared.domain.job import Job, State, Step
from shared.domain.job_payload import ReindexPayload
from shared.domain.memory import Embedded, Memory, Type
from shared.domain.scope import Scope
from shared.domain.searched_text import Searched, words_of
from shared.domain.vector_space import StoredSpaces, VectorSpace, space_beside
from shared.errors import ModelUnavailable, Unavailable
from shared.language.lexical import weigh
from tests.fakes.vector_spaces import FakeVectorSpaces
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline.jobs import reindex
from workers.pipeline.runner import run_job
from workers.pipeline.worker_context import Limits, WorkerContext

OLD, NEW = VectorSpace("letters"), space_beside("digits", 2)
JOB = Job(computed_id("reindex"), Scope("default", ""), ReindexPayload())


class Digits:
    """The embedder that is wanted; `before` is called with the texts of each request."""

    name, size = "digits", 2

    def __init__(self, before: Callable[[Sequence[str]], Awaitable[None]]) -> None:
        self.texts: list[str] = []
        self._before = before

    async def passages(self, texts: Sequence[Searched]) -> list[tuple[float, ...]]:
        words = list(map(words_of, texts))
        await self._before(words)
        self.texts += words
        return [(0.6, 0.8)] * len(texts)

    async def query(self, text: str) -> tuple[float, ...]:
        return (0.6, 0.8)


class Bench:
    """A store of the embedder `letters`, a worker that wants `digits`."""

    def __init__(self, count: int = 5) -> None:
        self.worker = WorkerBench()
        self.worker.limits = Limits(
            attempts=3, back_off=1.0, lease_wait=0.1, embedder_settling=0.0
        )
        self.spaces = FakeVectorSpaces(self.worker.memories, OLD)
        self.wanted = Digits(self._before)
        self.while_embedding: Callable[[Sequence[str]], Awaitable[None]] | None = None
        self.write(*(f"m{number}" for number in range(count)))

    async def _before(self, texts: Sequence[str]) -> None:
        if self.while_embedding:
            await self.while_embedding(texts)

    def write(self, *names: str, **fields: Any) -> None:
        for name in names:
            memory = Memory(
                computed_id(name), Scope("any", "ana"), Type.WORKING, name, **fields
            )
            embedded = Embedded(memory, weigh(name), (1.0, 0.0, 0.0))
            self.worker.memories.stored[memory.id] = embedded

    @property
    def context(self) -> WorkerContext:
        async def wanted() -> Digits:
            return self.wanted

        return replace(self.worker.context, spaces=self.spaces, wanted_embedder=wanted)

    async def run(self) -> float | None:
        self.worker.jobs.stored.setdefault(JOB.id, JOB)
        return await run_job(JOB.id, self.context)

    @property
    def job(self) -> Job:
        return self.worker.jobs.stored[JOB.id]

    @property
    def vectors(self) -> dict[str, tuple[float, ...] | None]:
        stored = self.worker.memories.stored.values()
        return {embedded.memory.text: embedded.dense for embedded in stored}


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindex, "PAGE", 2)


async def test_every_memory_gets_its_vector_and_the_old_ones_go() -> None:
    bench = Bench()
    bench.write("archived", updated_at=3)
    bench.write("fast", fast=True)
    assert await bench.run() is None
    assert bench.job.state is State.COMPLETED
    assert bench.job.remarks == ("letters gave way to digits",)
    assert await bench.spaces.read() == StoredSpaces(NEW)
    assert sorted(bench.wanted.texts) == ["archived", "m0", "m1", "m2", "m3", "m4"]
    assert set(bench.vectors.values()) - {None} == {(0.6, 0.8)}
    assert bench.spaces.calls == ["begin", *3 * ["fill"], "switch", "drop"]


async def test_progress_counts_memories() -> None:
    bench = Bench()
    await bench.run()
    figures = [
        (seen.step, seen.memories_done, seen.memories)
        for seen in bench.worker.progress_bus.published
        if seen.step in (Step.EMBED, Step.STORE)
    ]
    assert figures[:4] == [(Step.EMBED, done, 5) for done in (0, 2, 4, 5)]
    assert figures[-1] == (Step.STORE, 5, 5)


async def test_what_is_written_meanwhile_is_embedded_too() -> None:
    bench = Bench()

    async def write(texts: Sequence[str]) -> None:
        if "late" not in bench.vectors:
            bench.write("late")
            bench.write("m3", updated_at=9)

    bench.while_embedding = write
    await bench.run()
    assert set(bench.vectors.values()) == {(0.6, 0.8)}
    assert "late" in bench.wanted.texts


async def test_what_a_process_writes_that_has_not_noticed_is_embedded_too() -> None:
    bench = Bench()
    switch, drop = bench.spaces.switch, bench.spaces.drop_past

    async def switched() -> StoredSpaces:
        spaces = await switch()
        lagging(bench, "after the switch")
        return spaces

    async def dropped() -> StoredSpaces:
        lagging(bench, "before the drop")
        return await drop()

    bench.spaces.switch = switched  # type: ignore[method-assign]
    bench.spaces.drop_past = dropped  # type: ignore[method-assign]
    await bench.run()
    assert bench.job.state is State.COMPLETED
    assert bench.vectors["after the switch"] == (0.6, 0.8)
    assert bench.vectors["before the drop"] == (0.6, 0.8)


def lagging(bench: Bench, name: str) -> None:
    """A memory with a vector of the past space only."""
    bench.write(name)
    stored = bench.worker.memories.stored
    stored[computed_id(name)] = replace(stored[computed_id(name)], dense=None)


async def test_an_embedder_that_is_away_is_waited_for_and_nothing_is_embedded_twice() -> (
    None
):
    bench = Bench()

    async def fail_later(texts: Sequence[str]) -> None:
        if len(bench.wanted.texts) >= 4:
            raise Unavailable("away")

    bench.while_embedding = fail_later
    assert await bench.run()
    assert (bench.job.state, bench.job.error_message) == (State.RUNNING, "away")
    assert (await bench.spaces.read()).current == OLD
    bench.while_embedding = None
    bench.worker.leases.wipe()
    assert await bench.run() is None
    assert bench.job.state is State.COMPLETED
    assert sorted(bench.wanted.texts) == ["m0", "m1", "m2", "m3", "m4"]


async def test_only_tries_that_come_to_nothing_use_up_its_tries() -> None:
    bench = Bench(count=20)
    pages = 0

    async def every_other_fails(texts: Sequence[str]) -> None:
        nonlocal pages
        pages += 1
        if pages % 2 == 0:
            raise Unavailable("away")

    bench.while_embedding = every_other_fails
    for _ in range(10):
        bench.worker.leases.wipe()
        await bench.run()
    assert bench.job.state is State.COMPLETED


async def test_it_takes_turns_with_others() -> None:
    bench = Bench(count=7)
    bench.worker.limits = replace(bench.worker.limits, reindex_turn=0.0)
    turns = 1
    while await bench.run() is not None:
        turns += 1
        assert bench.job.attempts == 0
    assert (turns, bench.job.state) == (4, State.COMPLETED)
    assert len(bench.wanted.texts) == 7


async def test_waits_that_were_worth_it_do_not_get_longer() -> None:
    bench = Bench(count=8)
    requests = 0

    async def every_other_is_too_much(texts: Sequence[str]) -> None:
        nonlocal requests
        requests += 1
        if requests % 2 == 0:
            raise ModelUnavailable("busy")

    bench.while_embedding = every_other_is_too_much
    seen = set[int]()
    for _ in range(6):
        bench.worker.leases.wipe()
        await bench.run()
        seen.add(bench.job.waits)
    assert bench.job.state is State.COMPLETED
    assert seen <= {0, 1}


async def test_there_is_nothing_to_do_where_the_wanted_one_is_in_use() -> None:
    bench = Bench()
    bench.wanted.name = "letters"  # type: ignore[misc]
    await bench.run()
    assert bench.job.state is State.COMPLETED
    assert bench.job.remarks == ("the memories have the vectors of letters",)
    assert bench.spaces.calls == []


async def test_a_change_that_was_broken_off_after_the_switch_is_ended() -> None:
    bench = Bench()
    await bench.spaces.begin(NEW)
    await bench.spaces.switch()
    await bench.run()
    assert bench.job.state is State.COMPLETED
    assert await bench.spaces.read() == StoredSpaces(NEW)
    assert set(bench.vectors.values()) == {(0.6, 0.8)}


async def test_it_can_be_called_off_and_begun_again() -> None:
    bench = Bench()

    async def call_off(texts: Sequence[str]) -> None:
        await bench.worker.progress_bus.cancel(JOB.id)

    bench.while_embedding = call_off
    await bench.run()
    assert bench.job.state is State.CANCELLED
    assert await bench.spaces.read() == StoredSpaces(OLD, NEW)


async def test_two_do_not_run_at_once() -> None:
    bench = Bench()
    await bench.worker.leases.acquire(reindex.BUSY, 60)
    await bench.run()
    assert (bench.job.state, bench.job.error_message) == (
        State.FAILED,
        "another job changes the embedder already",
    )
