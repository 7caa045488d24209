"""Which jobs go first."""

from __future__ import annotations

from shared.domain.job import Job
from shared.domain.job_payload import FeedbackPayload
from shared.domain.scope import Scope
from shared.jobs.enqueue import enqueue
from tests.fakes.queue import FakeQueue


async def test_a_correction_by_hand_goes_before_adds_in_bulk() -> None:
    queue, scope = FakeQueue(), Scope("project", "ana")
    for number in range(3):
        await enqueue(queue, Job(f"add {number}", Scope("bulk", "bot")))
    await enqueue(queue, Job("feedback", scope, FeedbackPayload()))
    assert [job for job, _ in queue.waiting] == ["feedback", "add 0", "add 1", "add 2"]
