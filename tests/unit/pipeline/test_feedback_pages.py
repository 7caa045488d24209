"""A memory goes while feedback looks for the words that it replaces: they are replaced in
all others.
"""

from __future__ import annotations

import pytest

from shared.domain.identity import computed_id
from shared.domain.job_payload import FeedbackPayload
from shared.domain.memory import Embedded, Memory, SparseVector, Type
from shared.domain.passage import Talk
from tests.support.leaving_memories import let_leave
from tests.unit.pipeline.worker_bench import SCOPE, WorkerBench
from workers.pipeline.feedback.rule_feedback import understood_by_rules
from workers.pipeline.job_run import JobRun
from workers.pipeline.lease import hold_lease

MANY = 700


async def test_words_are_replaced_in_all_memories(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = WorkerBench()
    for number in range(MANY):
        id, text = computed_id("memory", str(number)), f"Acme has office {number}."
        memory = Memory(id, SCOPE, Type.LONG_TERM, text, created_at=number)
        worker.memories.stored[id] = Embedded(memory, SparseVector((), ()), None)
    text, payload = "Replace Acme with Globex", FeedbackPayload()
    job = await worker.accepted(text, payload=payload)
    await worker.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    let_leave(monkeypatch, worker.memories)
    async with hold_lease(worker.leases, "feedback", 60) as lease:
        run = JobRun(job, worker.context, lease)
        understood = await understood_by_rules(run, Talk(()), payload, text)
    texts = {draft.text for draft in understood.drafts}
    assert texts == {f"Globex has office {number}." for number in range(MANY)}
