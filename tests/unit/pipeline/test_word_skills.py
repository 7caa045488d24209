"""Skills in a language model's words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.job import Job, State
from shared.domain.memory import Memory, Type
from shared.domain.memory_detail import SKILL_VALUE
from shared.domain.scope import Scope
from shared.errors import ModelUnavailable
from tests.fakes.chat_model import FakeChatModel, Scripted
from tests.unit.extract.talks import run
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline.extract.tools.tool_memories import tool_memories
from workers.pipeline.job_run import JobRun
from workers.pipeline.lease import hold_lease
from workers.pipeline.sequence import remember
from workers.pipeline.worker_context import WorkerContext

WORDS: dict[str, Any] = {
    "name": "book_a_trip",
    "description": "For requests to travel somewhere: finds a trip and books it.",
    "procedure": ["1. Call search with to, the city.", "2. Call book with its id."],
    "experience": ["Ask for the day first."],
}


class Bench(WorkerBench):
    """A worker with a model for skills."""

    def __init__(self, *answers: Scripted) -> None:
        super().__init__()
        self.model = FakeChatModel(*answers)

    @property
    def context(self) -> WorkerContext:
        return replace(super().context, extract_model=self.model)

    async def trip(self, name: str, goal: str) -> Job:
        """One run of the same procedure, remembered."""
        search = ("search", {"to": goal}, "[1]")
        book = ("book", {"id": 1}, "booked")
        drafts = tool_memories(run(search, book, ask=f"A trip to {goal}"))
        scope = Scope("project", "ana", name)
        job = await self.accepted("Go", name=name, scope=scope, state=State.RUNNING)
        context = self.context
        async with hold_lease(context.leases, f"job:{job.id}", 60) as lease:
            await remember(JobRun(job, context, lease), drafts)
        return job

    def skill(self) -> Memory:
        [skill] = [m for m in self.remembered() if m.type is Type.SKILL]
        return skill


async def test_a_procedure_that_worked_twice_is_explained() -> None:
    bench = Bench(WORDS)
    await bench.trip("first", "Rome")
    assert bench.model.asked == [], "one run is no skill"
    await bench.trip("second", "Oslo")
    value = bench.skill().detail[SKILL_VALUE]
    assert value["name"] == bench.skill().title == "book_a_trip"
    assert value["description"].endswith("and books it. It worked in 2 runs.")
    assert value["procedure"] == "\n".join(WORDS["procedure"])
    assert "Ask for the day first." in value["experience"]
    shown = bench.model.data()
    assert shown["steps"] == ["search", "book"]
    assert "A trip to Oslo" in shown["requests"]


async def test_words_stay_while_runs_are_counted() -> None:
    bench = Bench(WORDS)
    for number, goal in enumerate(("Rome", "Oslo", "Bern")):
        await bench.trip(f"trip {number}", goal)
    assert len(bench.model.asked) == 1
    description = bench.skill().detail[SKILL_VALUE]["description"]
    assert description.endswith("and books it. It worked in 3 runs.")


@pytest.mark.parametrize(
    "answer",
    [
        ModelUnavailable("busy"),
        "no",
        {**WORDS, "name": ""},
        {**WORDS, "procedure": ["1. Call book.", "2. Call search."]},
        {**WORDS, "procedure": ["1. Call delete_everything."]},
    ],
)
async def test_without_good_words_the_computed_ones_stay(answer: Scripted) -> None:
    bench = Bench(answer)
    await bench.trip("first", "Rome")
    job = await bench.trip("second", "Oslo")
    value = bench.skill().detail[SKILL_VALUE]
    assert value["name"] == "search_then_book"
    assert bench.job(job).remarks == ()
