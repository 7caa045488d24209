"""What is forgotten is forgotten in what was said before, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from shared.domain.job import Job, Outcome
from shared.domain.memory import Memory, Status
from shared.domain.memory_detail import VERSION_OF
from shared.domain.validity import held_at
from tests.unit.orders.test_obey import HOUR, START, bench_with, said
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline.orders.obey import FORGOTTEN

NEW = "My gym locker number is 212 and my rent is 940."
OLD = "My gym locker number is 101 and my rent is 900."
OLDEST = "My gym locker number is 77 and my rent is 850."
WORDS = ("212", "101", "77")
ORDER = "Please forget my gym locker number."
SHORT = "My gym locker number is 101."


async def bench_with_history(*texts: str, by_hand: bool) -> WorkerBench:
    """The first text is current, each of the others is what the one before it said
    earlier; by hand as versions of versions.
    """
    worker = await bench_with(texts[0])
    [current] = worker.memories.stored.values()
    for number, text in enumerate(texts[1:], 1):
        detail = {VERSION_OF: current.memory.id} if by_hand else {}
        [dense] = await worker.embedder.passages([text])
        earlier = replace(
            current.memory,
            id=f"{number:08}-0000-4000-8000-000000000000",
            text=text,
            status=Status.ARCHIVED,
            said_at=START - (number + 1) * HOUR,
            valid_until=START - number * HOUR,
            detail=detail,
            replaced=(),
        )
        linked = replace(
            current.memory, replaced=(earlier.id, *current.memory.replaced)
        )
        await worker.memories.put([replace(current, memory=linked)])
        current = replace(current, memory=earlier, dense=dense)
        await worker.memories.put([current])
    return worker


def stored(worker: WorkerBench, *statuses: Status) -> list[Memory]:
    every = [entry.memory for entry in worker.memories.stored.values()]
    return [memory for memory in every if memory.status in statuses]


def shown(worker: WorkerBench) -> list[Memory]:
    """What lists show, the archived ones too."""
    return stored(worker, Status.ACTIVATED, Status.ARCHIVED)


def saying(memories: Sequence[Memory], words: Sequence[str]) -> list[str]:
    return [m.text for m in memories if any(word in m.text for word in words)]


def forgotten(job: Job) -> set[str]:
    return {r.memory for r in job.receipts if r.reason == FORGOTTEN}


@pytest.mark.parametrize("by_hand", [True, False])
async def test_what_loses_a_part_loses_it_in_its_history(by_hand: bool) -> None:
    worker = await bench_with_history(NEW, OLD, OLDEST, by_hand=by_hand)
    before = {memory.id: memory for memory in shown(worker)}
    job = await said(worker, ORDER, 5)
    assert saying(shown(worker), WORDS) == []
    assert forgotten(job) == before.keys()
    [current] = stored(worker, Status.ACTIVATED)
    assert "940" in current.text
    held = [m.text for m in shown(worker) if held_at(m, START - 3 * HOUR // 2)]
    assert ["900" in text for text in held] == [True]
    [earlier] = [m for m in shown(worker) if "900" in m.text]
    assert current.replaced == (earlier.id,)
    assert earlier.detail.get(VERSION_OF, "") == (current.id if by_hand else "")
    await said(worker, "undo", 6)
    again = {memory.id: memory for memory in shown(worker)}
    assert {id: (m.text, m.status, m.valid_until) for id, m in again.items()} == {
        id: (m.text, m.status, m.valid_until) for id, m in before.items()
    }


@pytest.mark.parametrize("by_hand", [True, False])
async def test_what_goes_as_a_whole_goes_with_its_history(by_hand: bool) -> None:
    worker = await bench_with_history(
        "My gym locker number is 212.", SHORT, by_hand=by_hand
    )
    job = await said(worker, ORDER, 5)
    assert shown(worker) == []
    assert [receipt.outcome for receipt in job.receipts] == [Outcome.ARCHIVED] * 2
    await said(worker, "undo", 6)
    assert {m.text: m.status for m in shown(worker)} == {
        worker.texts()[0]: Status.ACTIVATED,
        SHORT: Status.ARCHIVED,
    }


async def test_what_something_else_has_superseded_goes_too() -> None:
    worker = await bench_with_history("I have left the gym.", SHORT, by_hand=False)
    await said(worker, ORDER, 5)
    assert saying(shown(worker), WORDS) == []
    assert len(worker.texts()) == 1


async def test_what_was_said_of_other_things_before_stays() -> None:
    worker = await bench_with_history(NEW, "My rent is 900.", by_hand=False)
    await said(worker, ORDER, 5)
    [current] = stored(worker, Status.ACTIVATED)
    [earlier] = stored(worker, Status.ARCHIVED)
    assert earlier.text == "My rent is 900."
    assert current.replaced == (earlier.id,)


async def test_the_former_one_stays_where_the_current_one_is_meant() -> None:
    worker = await bench_with_history(
        "My gym locker number is 212.", SHORT, by_hand=False
    )
    await said(worker, "Please forget my current gym locker number.", 5)
    assert [memory.text for memory in shown(worker)] == [SHORT]


async def test_what_a_fuller_one_has_superseded_is_no_former_one() -> None:
    worker = await bench_with_history(
        "I live at 8 Quay Street in Truro.", "The user lives in Truro.", by_hand=False
    )
    await said(worker, "Please forget my current address.", 5)
    assert shown(worker) == []


async def test_what_is_pointed_to_goes_with_its_versions() -> None:
    worker = await bench_with_history(
        "My PIN is 4471.", "My PIN is 4417.", by_hand=True
    )
    await said(worker, "Forget what I just said.", 5)
    assert shown(worker) == []


async def test_a_memory_loses_all_that_the_orders_of_a_message_name() -> None:
    worker = await bench_with("My rent is 940 and my PIN is 4471 and my dog is Rex.")
    await said(worker, "Please forget my rent. Also forget my PIN.", 5)
    [left] = worker.texts()
    assert "Rex" in left and "940" not in left and "4471" not in left
