"""What a chat's answer repeats of the memories that it was made of is not learned again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest

from shared.domain.identity import computed_id
from shared.domain.job import Outcome, State
from shared.domain.job_payload import AddPayload
from shared.domain.memory import Embedded, Memory, Type
from shared.domain.message import Message
from shared.language.lexical import weigh
from tests.unit.pipeline.worker_bench import ARRIVED, SCOPE, WorkerBench
from workers.pipeline.echo import REASON

PLAN = "The user plans a Porto weekend on 12 to 14 June 2026. (20 May 2026)"


async def turn(
    worker: WorkerBench, known: str, question: str, answer: str
) -> list[str]:
    """The texts that a remembered turn of a chat adds, and its receipts' reasons."""
    memory = Memory(computed_id(known), SCOPE, Type.LONG_TERM, known)
    vectors = await worker.embedder.passages([known])
    await worker.memories.put([Embedded(memory, weigh(known), vectors[0])])
    job = await worker.accepted(question, payload=AddPayload(recalled=(memory.id,)))
    said = _message("assistant", answer, job.id)
    await worker.messages.put([said])
    await worker.jobs.put(replace(job, message_ids=(*job.message_ids, said.id)))
    assert await worker.run(job) is None
    assert worker.job(job).state is State.COMPLETED
    for receipt in worker.job(job).receipts:
        if receipt.outcome is Outcome.DROPPED:
            assert (receipt.reason, receipt.other) == (REASON, memory.id)
    return [text for text in worker.texts() if text not in (known, question)]


def _message(role: Literal["assistant"], text: str, job: str) -> Message:
    return Message(
        id=computed_id(job, text),
        scope=SCOPE,
        role=role,
        text=text,
        content=text,
        spoken_at=datetime.fromtimestamp(ARRIVED / 1000, UTC),
        arrived_at=ARRIVED,
        position=9,
        job=job,
    )


@pytest.mark.parametrize(
    ("known", "question", "answer"),
    [
        (
            PLAN,
            "When are we going to Porto?",
            "For your Porto weekend you are going on 12 to 14 June 2026.",
        ),
        (
            "用户母亲的手术在2026年4月8日。",
            "手术是哪天？",
            "您母亲的手术安排在2026年4月8日。",
        ),
        (
            "陈思远对青霉素过敏。",
            "我有什么过敏吗？",
            "您对青霉素过敏，请注意。",
        ),
    ],
)
async def test_an_answer_that_repeats_is_not_learned(
    known: str, question: str, answer: str
) -> None:
    assert await turn(WorkerBench(), known, question, answer) == []


async def test_what_an_answer_adds_is_kept_without_what_it_repeats() -> None:
    new = "Francesinha at Bufete tastes best on weekday evenings."
    answer = f"Your Porto weekend is on 12 to 14 June 2026. {new}"
    assert await turn(WorkerBench(), PLAN, "When is Porto?", answer) == [new]


async def test_what_the_user_tells_in_the_same_turn_is_kept() -> None:
    told = "Our Porto weekend moved to 19 to 21 June 2026."
    worker = WorkerBench()
    await turn(worker, PLAN, told, "Your Porto weekend is now on 19 to 21 June 2026.")
    assert told in worker.texts()


async def test_an_answer_on_something_else_is_kept() -> None:
    answer = "Lisbon trams run until midnight and cost three euros."
    assert await turn(WorkerBench(), PLAN, "And trams?", answer) == [answer]


async def test_without_recalled_memories_nothing_is_left_out() -> None:
    worker = WorkerBench()
    job = await worker.accepted("The answer is long.")
    assert await worker.run(job) is None
    assert worker.texts() == ["The answer is long."]
