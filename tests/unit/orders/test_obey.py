"""Orders to the memory in messages and in feedback, carried out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.onnx.classifier import OnnxMessageReader, OnnxRelationJudge
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.domain.job import Job, Outcome, State
from shared.domain.job_payload import FeedbackPayload
from shared.domain.memory import LastChange, Memory, Status
from shared.domain.scope import RECORDS, Scope
from tests.fakes.leases import FakeLeases
from tests.unit.pipeline.worker_bench import SCOPE, WorkerBench
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor
from workers.pipeline.orders.obey import (
    NOT_EVERYTHING,
    NOTHING_MATCHES,
    NOTHING_TO_RESTORE,
)

START = 1_750_000_000_000
HOUR = 3600 * 1000
LOCKER, PLACE = "My gym locker number is 212.", "My gym locker is next to the sauna."


async def bench_with(*texts: str) -> WorkerBench:
    reader = OnnxMessageReader()
    embedder: Any = OnnxEmbedder()
    worker = WorkerBench(
        extractor=BuiltInExtractor(reader),
        embedder=embedder,
        reader=reader,
        judge=OnnxRelationJudge(),
    )
    for number, text in enumerate(texts):
        await said(worker, text, number)
    return worker


async def said(worker: WorkerBench, text: str, number: int, **job: Any) -> Job:
    """The ended job of a message; feedback where a payload is given."""
    accepted = await worker.accepted(
        text, name=f"job {number}", arrived=START + number * 1000, **job
    )
    if "payload" in job:
        await worker.memories.delete_where(SCOPE.project, fast_of_job=accepted.id)
    assert await worker.run(accepted) is None
    assert worker.job(accepted).state is State.COMPLETED
    return worker.job(accepted)


@pytest.mark.parametrize("payload", [{}, {"payload": FeedbackPayload()}])
async def test_what_is_named_goes_and_nothing_of_the_order_stays(
    payload: dict[str, FeedbackPayload],
) -> None:
    worker = await bench_with(LOCKER, PLACE)
    job = await said(worker, "Please forget my gym locker number.", 5, **payload)
    [left] = worker.texts()
    assert "sauna" in left
    assert [receipt.outcome for receipt in job.receipts] == [Outcome.ARCHIVED]


@pytest.mark.parametrize(
    "words",
    ["Please forget my gym locker number.", "Replace 212 with 99 everywhere."],
)
async def test_neither_orders_nor_corrections_touch_a_record(words: str) -> None:
    worker = await bench_with(LOCKER)
    [(id, entry)] = worker.memories.stored.items()
    scope = replace(entry.memory.scope, app=RECORDS)
    record = replace(entry.memory, scope=scope)
    await worker.memories.put([replace(entry, memory=record)])
    await said(worker, words, 5, payload=FeedbackPayload())
    assert worker.memories.stored[id].memory == record


async def test_undo_brings_it_back_within_a_day() -> None:
    worker = await bench_with(LOCKER)
    before = worker.texts()
    await said(worker, "Forget my gym locker number", 5)
    assert worker.texts() == []
    job = await said(worker, "Undo that, please.", 6)
    assert [receipt.outcome for receipt in job.receipts] == [Outcome.RESTORED]
    assert worker.texts() == before


def as_superseded(memory: Memory) -> Memory:
    """As a later add leaves it that says something else."""
    change = LastChange("a later add", {"status": "activated"})
    return replace(memory, status=Status.ARCHIVED, last_change=change)


async def test_undo_leaves_what_was_superseded_since() -> None:
    worker = await bench_with(LOCKER)
    await said(worker, "Forget my gym locker number", 5)
    await said(worker, "Undo that, please.", 6)
    [memory] = [entry.memory for entry in worker.memories.stored.values()]
    await worker.memories.archive([as_superseded(memory)])
    job = await said(worker, "Undo", 7, payload=FeedbackPayload())
    assert [receipt.reason for receipt in job.receipts] == [NOTHING_TO_RESTORE]
    assert worker.texts() == []


async def test_a_second_try_to_undo_leaves_what_was_superseded_since() -> None:
    worker = await bench_with(LOCKER)
    await said(worker, "Forget my gym locker number", 5)
    [id] = worker.memories.stored
    archive = worker.memories.archive

    async def broken(memories: list[Memory]) -> None:
        worker.memories.archive = archive  # type: ignore[method-assign]
        await archive(memories)
        await archive(list(map(as_superseded, memories)))
        raise RuntimeError("killed")

    worker.memories.archive = broken  # type: ignore[assignment,method-assign]
    undo = await worker.accepted(
        "Undo", name="undo", arrived=START + 9000, payload=FeedbackPayload()
    )
    assert await worker.run(undo) is not None
    worker.leases = FakeLeases()
    assert await worker.run(undo) is None
    assert worker.memories.stored[id].memory.status is Status.ARCHIVED


async def test_undo_after_a_day_says_that_it_is_too_late() -> None:
    worker = await bench_with(LOCKER)
    await said(worker, "Forget my gym locker number", 5)
    late = 5 + 25 * HOUR // 1000
    job = await said(worker, "Undo", late, payload=FeedbackPayload())
    assert worker.texts() == []
    assert "unclear" in job.receipts[0].reason


async def test_what_else_a_memory_says_stays_until_all_of_it_is_back() -> None:
    worker = await bench_with("My rent is 940 and my internet is 35.")
    before = worker.texts()
    job = await said(worker, "Forget my rent.", 5)
    [left] = worker.texts()
    assert "internet is 35" in left and "940" not in left
    assert {r.outcome for r in job.receipts} == {Outcome.ARCHIVED, Outcome.STORED}
    await said(worker, "undo", 6)
    assert worker.texts() == before


async def test_undo_of_something_else_is_no_order() -> None:
    worker = await bench_with(LOCKER)
    job = await said(worker, "undo", 5)
    assert Outcome.RESTORED not in {receipt.outcome for receipt in job.receipts}
    assert [("212" in text) for text in worker.texts()] == [True]


@pytest.mark.parametrize(
    ("words", "reason"),
    [("Forget my car", NOTHING_MATCHES), ("Delete all my memories", NOT_EVERYTHING)],
)
async def test_what_is_unclear_deletes_nothing_and_says_so(
    words: str, reason: str
) -> None:
    worker = await bench_with(LOCKER)
    before = worker.texts()
    job = await said(worker, words, 5)
    assert [receipt.reason for receipt in job.receipts] == [reason]
    assert worker.texts() == before


@pytest.mark.parametrize(
    "words",
    [
        "Off the record: I may be pregnant. Please don't store this.",
        "Speicher das bitte nicht. Ich bin vielleicht schwanger.",
        "我可能怀孕了。不要把这个记下来。",
    ],
)
async def test_what_is_said_off_the_record_is_not_stored(words: str) -> None:
    worker = await bench_with("I like jazz.")
    await said(worker, words, 1)
    [left] = worker.texts()
    assert "jazz" in left


async def test_what_was_said_just_before_goes() -> None:
    worker = await bench_with("I like jazz.", "My PIN is 4471.")
    await said(worker, "Forget what I just said.", 5)
    [left] = worker.texts()
    assert "jazz" in left


async def test_what_is_said_beside_an_order_is_remembered() -> None:
    worker = await bench_with("I live at 14 Birch Lane in Leeds.")
    await said(worker, "Forget my old address. I live in Hull now, at 3 Dock Road.", 5)
    [left] = worker.texts()
    assert "Hull" in left and "old address" not in left


async def test_an_order_names_what_was_said_in_the_same_talk() -> None:
    worker = await bench_with()
    job = await worker.accepted(
        LOCKER, PLACE, "Forget my gym locker number please.", name="talk"
    )
    await worker.run(job)
    [left] = worker.texts()
    assert "sauna" in left


async def test_memories_of_others_stay() -> None:
    worker = await bench_with(LOCKER)
    bob = Scope(SCOPE.project, "bob", "talk")
    await said(worker, "Forget my gym locker number", 5, scope=bob)
    assert len(worker.texts()) == 1


async def test_it_waits_for_what_was_said_before() -> None:
    worker = await bench_with()
    earlier = await worker.accepted(LOCKER, name="earlier", arrived=START)
    order = await worker.accepted(
        "Forget my gym locker number", name="order", arrived=START + 1000
    )
    assert await worker.run(order) is not None  # later again
    worker.leases = FakeLeases()
    await worker.run(earlier)
    assert await worker.run(order) is None
    assert worker.texts() == []


async def test_a_second_try_archives_the_same() -> None:
    worker = await bench_with(LOCKER)
    order = await worker.accepted(
        "Forget my gym locker number", name="order", arrived=START + 9000
    )
    archive = worker.memories.archive

    async def broken(memories: object) -> None:
        worker.memories.archive = archive  # type: ignore[method-assign]
        raise RuntimeError("killed")

    worker.memories.archive = broken  # type: ignore[method-assign]
    assert await worker.run(order) is not None
    assert len([text for text in worker.texts() if "is 212" in text]) == 1
    worker.leases = FakeLeases()
    assert await worker.run(order) is None
    assert worker.texts() == []
    assert [r.outcome for r in worker.job(order).receipts] == [Outcome.ARCHIVED]


@pytest.mark.parametrize(
    ("words", "remembered"),
    [
        ("Don't forget that I live in Bray.", "lives in Bray"),
        ("别忘了我对花生过敏。", "花生过敏"),
        ("N'oublie pas que je suis allergique aux noix.", "allergique aux noix"),
    ],
)
async def test_a_wish_not_to_forget_is_no_order(words: str, remembered: str) -> None:
    worker = await bench_with()
    await said(worker, words, 1)
    [text] = worker.texts()
    assert remembered in text
    assert not [word for word in ("forget", "忘", "oublie") if word in text]
