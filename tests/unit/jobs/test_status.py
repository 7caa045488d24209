"""One word of the wire for the states of several jobs."""

from __future__ import annotations

import pytest

from shared.contract import WireStatus
from shared.domain.job import Job, State
from shared.domain.scope import Scope
from shared.jobs.status import project_status, wire_status


@pytest.mark.parametrize(
    "states, status",
    [
        ([State.QUEUED], "running"),
        ([State.DEAD], "failed"),
        ([State.CANCELLED], "failed"),
        ([State.COMPLETED, State.RUNNING], "running"),
        ([State.FAILED, State.RUNNING], "running"),
        ([State.COMPLETED, State.FAILED], "failed"),
        ([State.COMPLETED, State.COMPLETED], "completed"),
    ],
)
def test_it_runs_while_any_runs_and_failed_when_any_failed(
    states: list[State], status: str
) -> None:
    jobs = [Job(str(state), Scope("one", "ana"), state=state) for state in states]
    assert project_status(jobs) == status


def test_every_state_has_a_word() -> None:
    assert {wire_status(state) for state in State} == set(WireStatus)
