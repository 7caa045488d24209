"""Small additions to one conversation are read by one call."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.without_models import KeepingReader
from shared.domain.job import Job, Options, State
from shared.domain.scope import Scope
from tests.fakes.chat_model import FakeChatModel
from tests.unit.extract.model.answers import fact, memories
from tests.unit.pipeline.worker_bench import ARRIVED, SCOPE, WorkerBench
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor
from workers.pipeline.extract.model.model_extractor import ModelExtractor
from workers.pipeline.worker_context import WorkerContext


class Bench(WorkerBench):
    """A worker whose model remembers the last words of every line it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.model = FakeChatModel(lambda _: self.answer())
        builtin = BuiltInExtractor(KeepingReader())
        self.extractor = ModelExtractor(self.model, builtin)

    @property
    def context(self) -> WorkerContext:
        return replace(super().context, extract_model=self.model)

    def answer(self) -> dict[str, Any]:
        lines = self.model.data()["lines"]
        return memories(
            *[
                fact(f"It is said that {line.partition('): ')[2]}", number)
                for number, line in enumerate(lines, 1)
            ]
        )

    async def addition(self, number: int, text: str, **more: Any) -> Job:
        return await self.accepted(
            text, name=f"job {number}", arrived=ARRIVED + number, **more
        )


async def test_what_waits_is_read_with_the_first_and_stays_with_its_job() -> None:
    bench = Bench()
    jobs = [await bench.addition(n, f"I own boat {n}.") for n in range(3)]
    for job in jobs:
        assert await bench.run(job) is None
    assert len(bench.model.asked) == 1
    assert len(bench.model.data()["lines"]) == 3
    assert bench.texts() == [f"It is said that I own boat {n}." for n in range(3)]
    for job in jobs:
        ended = bench.job(job)
        assert (ended.state, len(ended.receipts)) == (State.COMPLETED, 1)
    assert [memory.job for memory in bench.remembered()] == [job.id for job in jobs]


async def test_while_one_is_read_the_others_come_again_and_no_try_is_counted() -> None:
    bench = Bench()
    first = await bench.addition(1, "I own a boat.")
    second = await bench.addition(2, "I own a bike.")
    name = f"reading:{SCOPE.project}:{SCOPE.user}:{SCOPE.conversation}"
    token = await bench.leases.acquire(name, 60)
    assert token is not None
    pause = await bench.run(first)
    assert pause is not None and pause > 1
    assert bench.job(first).attempts == 0
    assert bench.model.asked == []
    await bench.leases.release(name, token)
    await bench.run(second)
    await bench.run(first)
    assert len(bench.model.asked) == 1
    assert len(bench.texts()) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"scope": Scope("project", "ana", "another talk")},
        {"scope": Scope("project", "bo", "talk")},
        {"options": Options(info={"scene": "work"})},
        {"state": State.CANCELLED},
    ],
)
async def test_what_belongs_elsewhere_is_read_by_itself(other: dict[str, Any]) -> None:
    bench = Bench()
    first = await bench.addition(1, "I own a boat.")
    await bench.addition(2, "I own a bike.", **other)
    await bench.run(first)
    assert len(bench.model.data()["lines"]) == 1


async def test_a_long_addition_is_read_by_itself() -> None:
    bench = Bench()
    first = await bench.addition(1, "I own a boat.")
    await bench.addition(2, "I walked along the river for long. " * 80)
    await bench.run(first)
    assert len(bench.model.data()["lines"]) == 1


async def test_a_job_in_hand_is_left_alone() -> None:
    bench = Bench()
    first = await bench.addition(1, "I own a boat.")
    second = await bench.addition(2, "I own a bike.")
    await bench.leases.acquire(f"job:{second.id}", 60)
    await bench.run(first)
    assert len(bench.model.data()["lines"]) == 1


async def test_without_a_model_nobody_waits_for_anybody() -> None:
    bench = WorkerBench()
    first = await bench.accepted("I own a boat.", name="first")
    name = f"reading:{SCOPE.project}:{SCOPE.user}:{SCOPE.conversation}"
    await bench.leases.acquire(name, 60)
    assert await bench.run(first) is None
    assert bench.texts() == ["I own a boat."]
