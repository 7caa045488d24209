"""Feedback decided by a language model: what it answers is checked, carried out, and
read by rules where it answers badly.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.identity import computed_id
from shared.domain.job import Job, Outcome, State
from shared.domain.job_payload import EarlierMessage, FeedbackPayload
from shared.domain.memory import Embedded, Memory, Status, Type
from shared.domain.memory_detail import VERSION_OF
from shared.errors import Unavailable
from shared.language.lexical import weigh
from tests.support.job_model import job_model
from tests.support.model_server import Body, ModelServer, Say
from tests.support.scripted_model import (
    broken,
    chatty,
    fenced,
    good,
    refusing,
    wrong_key,
)
from tests.unit.pipeline.worker_bench import SCOPE, WorkerBench
from workers.pipeline.extract.model.answer_json import Unreadable
from workers.pipeline.feedback.model_feedback import decision_of

PLAN = "The user plans a Porto weekend with Marta on 12 to 14 June 2026."
ITINERARY = (
    "The assistant's itinerary: Friday 12 June Ribeira, Saturday 13 June Douro valley,"
    " Sunday 14 June wine tasting at Graham's Lodge."
)
OPERATION = "用户母亲的手术定在2026年4月15日。"
JOB = "用户在杭州的储能公司工作。"
AURORA = ("The user works at Aurora Robotics.", "The user's boss at Aurora is Tom.")


def action(
    do: str, *memories: int, text: str = "", kind: str = "fact"
) -> dict[str, Any]:
    return {"do": do, "memories": list(memories), "text": text, "kind": kind}


def decided(*actions: Mapping[str, Any], why: str = "done") -> dict[str, Any]:
    return {"understood": True, "why": why, "actions": list(actions)}


def numbers(body: Body, *words: str) -> list[int]:
    """The numbers under which memories with these words were shown."""
    shown = json.loads(body["messages"][1]["content"])["memories"]
    return [
        number
        for number, line in enumerate(shown, 1)
        if any(word in line for word in words)
    ]


async def bench_with(*texts: str) -> WorkerBench:
    worker = WorkerBench()
    for number, text in enumerate(texts):
        memory = Memory(
            computed_id(text), SCOPE, Type.LONG_TERM, text, created_at=number + 1
        )
        [vector] = await worker.embedder.passages([text])
        await worker.memories.put([Embedded(memory, weigh(text), vector)])
    return worker


async def feed(
    worker: WorkerBench,
    words: str,
    *answers: Say | Callable[[Body], Say],
    attempts: int = 1,
    payload: FeedbackPayload = FeedbackPayload(),
) -> tuple[Job, list[dict[str, Any]]]:
    """The job of a feedback after its tries, and what the model was asked."""
    job = await worker.accepted(words, name=words, payload=payload)
    await worker.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    with ModelServer(*answers) as server:
        worker.extract_model = job_model(server)
        for _ in range(attempts):
            await worker.run(job)
            worker.leases.wipe()
    return worker.job(job), server.requests


async def test_a_correction_rewrites_what_is_wrong_and_nothing_else() -> None:
    worker = await bench_with(PLAN, ITINERARY)
    right = "The user plans a Porto weekend with Marta on 19 to 21 June 2026."

    def answer(body: Body) -> Say:
        return good(decided(action("rewrite", *numbers(body, "Marta"), text=right)))

    words = "That's wrong, the Porto weekend is 19 to 21 June, not 12 to 14."
    job, _ = await feed(worker, words, answer)
    assert sorted(worker.texts()) == sorted([right, ITINERARY])
    [receipt] = job.receipts
    assert (receipt.outcome, receipt.other) == (Outcome.SUPERSEDED, computed_id(PLAN))
    [memory] = [m for m in worker.remembered() if m.text == right]
    assert memory.confidence == 0.99


async def test_the_model_is_shown_the_conversation_that_was_sent_along() -> None:
    at = 1_765_376_340_000
    sent = (
        EarlierMessage("user", "Who comes to Porto?", at),
        EarlierMessage("assistant", "Marta does.", at),
    )
    worker = await bench_with(PLAN)
    await worker.accepted("What was stored before.", name="before", arrived=at)
    payload = FeedbackPayload(said_before=sent)
    _, requests = await feed(worker, "No, Ann.", good(decided()), payload=payload)
    shown = json.loads(requests[0]["messages"][1]["content"])["said_before"]
    assert shown == [
        "user (2025-12-10 14:19): Who comes to Porto?",
        "assistant (2025-12-10 14:19): Marta does.",
    ]


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("is_written", [False, True])
async def test_a_further_try_says_as_well_what_was_wrong(
    monkeypatch: pytest.MonkeyPatch, batch: int, is_written: bool
) -> None:
    """Whichever batch the first one died at, before that was written or behind."""
    worker = await bench_with(*AURORA, JOB)
    worker.limits = replace(worker.limits, draft_batch=1)
    right = [text.replace("Aurora", "Globex") for text in AURORA]

    def answer(body: Body) -> Say:
        rewrites = [
            action("rewrite", *numbers(body, old), text=new)
            for old, new in zip(AURORA, right, strict=True)
        ]
        gone = action("archive", *numbers(body, JOB))
        return good(decided(gone, *rewrites))

    put, puts = worker.memories.put, 0

    async def dies(memories: Sequence[Embedded]) -> None:
        nonlocal puts
        puts += 1
        if puts != batch or is_written:
            await put(memories)
        if puts == batch:
            raise Unavailable("away")

    words = "I work at Globex, not Aurora, and none of that in Hangzhou."
    job = await worker.accepted(words, name=words, payload=FeedbackPayload())
    await worker.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    monkeypatch.setattr(worker.memories, "put", dies)
    with ModelServer(answer) as server:
        worker.extract_model = job_model(server)
        for _ in range(2):
            await worker.run(job)
            worker.leases.wipe()
    done = worker.job(job)
    assert (done.state, done.attempts) == (State.COMPLETED, 2)
    assert [(receipt.outcome, receipt.other) for receipt in done.receipts] == [
        (Outcome.ARCHIVED, ""),
        *((Outcome.SUPERSEDED, computed_id(old)) for old in AURORA),
    ]


async def test_two_corrections_at_once_change_both() -> None:
    again = "用户的母亲4月15日做手术。"
    worker = await bench_with(OPERATION, again, JOB, "用户喜欢爬山。")
    right = "用户母亲的手术改到2026年4月20日。"

    def answer(body: Body) -> Say:
        operation = numbers(body, "手术")
        return good(
            decided(
                action("rewrite", *operation, text=right),
                action("archive", *numbers(body, "储能")),
            )
        )

    job, _ = await feed(
        worker, "你记错了，手术是4月20号，而且我已经不在杭州的储能公司了", answer
    )
    assert sorted(worker.texts()) == sorted([right, "用户喜欢爬山。"])
    assert {receipt.outcome for receipt in job.receipts} == {
        Outcome.ARCHIVED,
        Outcome.SUPERSEDED,
    }


async def test_what_is_to_be_forgotten_goes_and_undo_brings_it_back() -> None:
    worker = await bench_with(*AURORA, PLAN)

    def answer(body: Body) -> Say:
        return good(decided(action("forget", *numbers(body, "Aurora"))))

    words = "Forget everything about Aurora Robotics please"
    job, asked = await feed(worker, words, answer)
    assert worker.texts() == [PLAN] and len(asked) == 1
    assert [receipt.outcome for receipt in job.receipts] == [Outcome.ARCHIVED] * 2
    await feed(worker, "undo", refusing())
    assert sorted(worker.texts()) == sorted([*AURORA, PLAN])


async def test_what_is_forgotten_goes_with_what_it_said_before() -> None:
    works, boss = AURORA
    worker = await bench_with(works, boss)
    now, before = (worker.memories.stored[computed_id(text)] for text in AURORA)
    linked = replace(now.memory, replaced=(before.memory.id,))
    version = replace(
        before.memory, status=Status.ARCHIVED, detail={VERSION_OF: linked.id}
    )
    await worker.memories.put(
        [replace(now, memory=linked), replace(before, memory=version)]
    )
    answer = good(decided(action("forget", 1)))
    await feed(worker, "I don't want you to know where I work", answer)
    every = [entry.memory for entry in worker.memories.stored.values()]
    assert {memory.status for memory in every} == {Status.FORGOTTEN}


async def test_something_new_is_added_with_its_kind() -> None:
    worker = await bench_with(PLAN)
    wish = "The user wants window seats."
    answer = good(decided(action("add", text=wish, kind="preference")))
    await feed(worker, "And remember that I want window seats", answer)
    [memory] = [m for m in worker.remembered() if m.text == wish]
    assert memory.type is Type.EXPLICIT


async def test_what_is_unclear_changes_nothing_and_says_what_is_missing() -> None:
    worker = await bench_with(PLAN)
    unclear = {
        "understood": False,
        "why": "It is not said which is wrong.",
        "actions": [],
    }
    job, _ = await feed(worker, "No, that's not right.", good(unclear))
    assert worker.texts() == [PLAN]
    [receipt] = job.receipts
    assert receipt.outcome is Outcome.DROPPED
    assert receipt.reason == "unclear: It is not said which is wrong."


@pytest.mark.parametrize("say", [chatty, fenced])
async def test_json_in_prose_is_read(say: Callable[[Mapping[str, Any]], Say]) -> None:
    worker = await bench_with(PLAN)
    job, asked = await feed(worker, "Porto is off", say(decided(action("archive", 1))))
    assert worker.texts() == [] and len(asked) == 1 and not job.remarks


async def test_an_answer_that_cannot_be_read_is_asked_for_once_more() -> None:
    worker = await bench_with(PLAN)
    answer = good(decided(action("archive", 1)))
    again = Say("Sure: { I cannot, sorry")
    job, _ = await feed(worker, "Porto is off", again, answer)
    assert worker.texts() == [] and not job.remarks


async def test_a_model_that_refuses_leaves_it_to_the_rules_with_a_remark() -> None:
    worker = await bench_with(PLAN)
    job, _ = await feed(worker, "That's wrong.", refusing())
    assert job.state is State.COMPLETED and worker.texts() == [PLAN]
    assert any("read by rules" in remark for remark in job.remarks)


async def test_a_wrong_key_leaves_it_to_the_rules_with_a_remark() -> None:
    worker = await bench_with(PLAN)
    job, _ = await feed(worker, "That's wrong.", wrong_key())
    assert job.state is State.COMPLETED
    assert any("read by rules" in remark for remark in job.remarks)


async def test_a_model_that_is_away_is_waited_for_and_then_done_without() -> None:
    worker = await bench_with(PLAN)
    job, _ = await feed(worker, "That's wrong.", broken(), attempts=1)
    assert job.state is State.RUNNING and not job.remarks
    job, _ = await feed(worker, "Still wrong.", broken(), attempts=5)
    assert job.state is State.COMPLETED
    assert any("away" in remark for remark in job.remarks), job.remarks


async def test_a_further_try_asks_no_second_time() -> None:
    worker = await bench_with(PLAN)
    put = worker.memories.archive
    calls = 0

    async def fails_once(memories: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise RuntimeError("killed")
        await put(memories)

    worker.memories.archive = fails_once  # type: ignore[method-assign]
    answer = good(decided(action("archive", 1)))
    job, asked = await feed(worker, "Porto is off", answer, attempts=2)
    assert job.state is State.COMPLETED and len(asked) == 1
    assert worker.texts() == []
    assert [receipt.outcome for receipt in job.receipts] == [Outcome.ARCHIVED]


async def test_no_other_users_memory_is_shown_or_changed() -> None:
    worker = await bench_with(PLAN)
    other = Memory(computed_id("x"), SCOPE, Type.LONG_TERM, "Porto is Bob's.")
    foreign = Memory(
        other.id, type(SCOPE)("project", "bob", "talk"), other.type, other.text
    )
    [vector] = await worker.embedder.passages([foreign.text])
    await worker.memories.put([Embedded(foreign, weigh(foreign.text), vector)])
    answer = good(decided(action("archive", 1, 2, 3)))
    _, asked = await feed(worker, "Porto is off", answer)
    assert "Bob" not in asked[0]["messages"][1]["content"]
    assert worker.memories.stored[foreign.id].memory.status is Status.ACTIVATED


def memories(*texts: str) -> list[Memory]:
    return [Memory(computed_id(t), SCOPE, Type.LONG_TERM, t) for t in texts]


@pytest.mark.parametrize(
    "given",
    [
        action("archive", 0),
        action("archive", 9),
        action("forget"),
        action("rewrite", 1),
        action("rewrite", 1, text="x" * 2000),
        action("destroy", 1),
        "archive 1",
    ],
)
def test_what_names_no_memory_or_has_no_text_is_left_out(given: Any) -> None:
    answer = json.dumps(decided(given))
    assert decision_of(answer, memories(PLAN)).actions == ()


def test_numbers_may_come_as_text_and_a_memory_is_changed_once() -> None:
    given = decided({**action("archive"), "memories": ["1"]}, action("forget", 1, 2))
    decision = decision_of(json.dumps(given), memories(PLAN, ITINERARY))
    assert [(a.do, a.memories) for a in decision.actions] == [
        ("archive", (computed_id(PLAN),)),
        ("forget", (computed_id(ITINERARY),)),
    ]


def test_a_rewriting_that_keeps_nothing_is_a_new_memory() -> None:
    given = decided(action("rewrite", 1, text="The user has a cat."))
    [only] = decision_of(json.dumps(given), memories(ITINERARY)).actions
    assert (only.do, only.memories) == ("add", ())


def test_an_answer_without_json_is_none() -> None:
    with pytest.raises(Unreadable):
        decision_of("I'm sorry {really}, no.", memories(PLAN))
