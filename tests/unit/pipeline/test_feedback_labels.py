"""What feedback rewrites keeps its place: who sees it, where and how long; and what is wrong
goes only as what is right is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from shared.domain.identity import computed_id
from shared.domain.job import Job, State
from shared.domain.job_payload import FeedbackPayload
from shared.domain.memory import Embedded, Memory, Status, Type
from shared.errors import Unavailable
from shared.language.lexical import weigh
from tests.fakes.judge import ScriptedJudge
from tests.fakes.memories import FakeMemories
from tests.unit.pipeline.worker_bench import SCOPE, WorkerBench
from workers.pipeline.worker_context import Limits

ANA, ANNA = "The user's sister is Ana.", "The user's sister is Anna."
EXPIRES = 9_000_000_000_000
LABELLED = Memory(
    computed_id(ANA),
    replace(SCOPE, agent="planner", app="web", conversation="earlier"),
    Type.LONG_TERM,
    ANA,
    info={"scene": "work"},
    public=True,
    created_at=1,
    happened_at=500,
    said_at=1_000,
    expires_at=EXPIRES,
)


async def bench_with(*memories: Memory) -> WorkerBench:
    worker = WorkerBench()
    for memory in memories:
        [vector] = await worker.embedder.passages([memory.text])
        entry = Embedded(memory, weigh(memory.text), vector)
        await worker.memories.put([entry])
    return worker


async def feedback_job(worker: WorkerBench, words: str) -> Job:
    job = await worker.accepted(words, name=words, payload=FeedbackPayload())
    await worker.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    return job


async def test_rewritten_words_keep_labels_and_times() -> None:
    worker = await bench_with(LABELLED)
    await worker.run(await feedback_job(worker, "Replace Ana with Anna"))
    [memory] = worker.remembered()
    assert memory.text == ANNA and memory.id != LABELLED.id
    for name in ("scope", "info", "public", "expires_at", "happened_at", "said_at"):
        assert getattr(memory, name) == getattr(LABELLED, name), name


async def test_what_is_wrong_stays_while_what_is_right_cannot_be_stored() -> None:
    worker = await bench_with(LABELLED)

    class PutsNothing(FakeMemories):
        async def put(self, memories: Sequence[Embedded]) -> None:
            raise Unavailable("the store is down")

    job = await feedback_job(worker, "Replace Ana with Anna")
    stored = worker.memories.stored
    worker.memories = PutsNothing()
    worker.memories.stored = stored
    for _ in range(worker.limits.attempts):
        await worker.run(job)
        worker.leases.wipe()
    assert worker.job(job).state is State.DEAD
    assert worker.texts() == [ANA]


async def test_a_further_try_ends_the_same() -> None:
    worker = await bench_with(LABELLED)

    class ArchivesNothing(FakeMemories):
        async def archive(self, memories: Sequence[Memory]) -> None:
            raise Unavailable("the store is down")

    job = await feedback_job(worker, "Replace Ana with Anna")
    whole, worker.memories = worker.memories, ArchivesNothing()
    worker.memories.stored = whole.stored
    await worker.run(job)
    worker.leases.wipe()
    worker.memories = whole
    await worker.run(job)
    assert worker.job(job).state is State.COMPLETED
    assert worker.texts() == [ANNA]
    assert whole.stored[LABELLED.id].memory.status is Status.ARCHIVED


async def test_words_that_keep_the_id_are_written_in_place() -> None:
    worker = await bench_with(LABELLED)
    await worker.run(await feedback_job(worker, "Replace Ana with Anna"))
    await worker.run(await feedback_job(worker, "Replace Anna with ANNA"))
    assert worker.texts() == [ANNA.replace("Anna", "ANNA")]


@pytest.mark.parametrize("batch", [1, 2])
async def test_what_is_right_is_compared_with_nothing_that_is_wrong(batch: int) -> None:
    bonn, ulm = "Ana lives in Bonn.", "Ana lives in Ulm."
    worker = await bench_with(
        replace(LABELLED, id=computed_id(bonn), text=bonn, created_at=2),
        replace(LABELLED, id=computed_id(ulm), text=ulm, said_at=2_000),
    )
    worker.limits = Limits(draft_batch=batch)
    worker.judge = ScriptedJudge({("Anna lives in Bonn.", ulm): "update"})
    await worker.run(await feedback_job(worker, "Replace Ana with Anna"))
    assert sorted(worker.texts()) == ["Anna lives in Bonn.", "Anna lives in Ulm."]
