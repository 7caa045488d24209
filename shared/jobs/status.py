"""How a task stands on the wire, out of the states of its jobs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from shared.contract import WireStatus
from shared.domain.job import Job, State

_DECISIVE_FIRST: Sequence[WireStatus] = (
    WireStatus.RUNNING,
    WireStatus.FAILED,
    WireStatus.COMPLETED,
)


def wire_status(state: State) -> WireStatus:
    """The wire's word for the state of one job. Cancelled and dead jobs have failed."""
    if not state.final:
        return WireStatus.RUNNING
    if state is State.COMPLETED:
        return WireStatus.COMPLETED
    return WireStatus.FAILED


def decisive_status(statuses: Collection[str]) -> WireStatus:
    """One status for several: running while any runs, failed when any has failed."""
    for status in _DECISIVE_FIRST:
        if status in statuses:
            return status
    return WireStatus.COMPLETED


def project_status(jobs: Iterable[Job]) -> WireStatus:
    """The status of the one task that several jobs are for the wire."""
    return decisive_status([wire_status(job.state) for job in jobs])
