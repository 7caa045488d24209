"""Which jobs go first."""

from __future__ import annotations

import pytest

from shared.domain.job import Job
from shared.domain.job_payload import (
    AddPayload,
    DocumentPayload,
    FeedbackPayload,
    Payload,
)
from shared.domain.scope import Scope
from shared.domain.turn import Lane, Turn
from shared.jobs.enqueue import enqueue, turn_of
from tests.fakes.queue import FakeQueue


async def test_a_correction_by_hand_goes_before_adds_in_bulk() -> None:
    queue, scope = FakeQueue(), Scope("project", "ana")
    for number in range(3):
        await enqueue(queue, Job(f"add {number}", Scope("bulk", "bot")))
    await enqueue(queue, Job("feedback", scope, FeedbackPayload()))
    assert [job for job, _ in queue.waiting] == ["feedback", "add 0", "add 1", "add 2"]


@pytest.mark.parametrize(
    ("payload", "user", "urgent", "turn"),
    [
        (AddPayload(), "ana", False, Turn(Lane.BULK, "one", "ana")),
        (AddPayload(), "ana", True, Turn(Lane.SYNC, "one", "ana")),
        (FeedbackPayload(), "ana", False, Turn(Lane.FEEDBACK, "one", "ana")),
        (FeedbackPayload(), "ana", True, Turn(Lane.SYNC, "one", "ana")),
        (DocumentPayload("base"), "", False, Turn(Lane.BULK, "one", "base")),
    ],
)
def test_a_job_has_its_turn(
    payload: Payload, user: str, urgent: bool, turn: Turn
) -> None:
    assert turn_of(Job("job", Scope("one", user), payload), urgent=urgent) == turn
