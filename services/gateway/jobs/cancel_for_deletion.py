"""Cancel the work on what is being deleted, so that it does not come back."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.job import Job
from shared.jobs.cancel import cancel, delete_saved, release_request
from shared.wiring import Ports

_REASON = "what it was about was deleted"


async def cancel_for_deletion(ports: Ports, jobs: Sequence[Job]) -> None:
    """Stop those jobs that still run, let the requests of all of them be made again,
    and delete what they saved on the way.

    Raises `Unavailable` without Redis: the same request would be answered with a job
    whose memories are gone.
    """
    for job in jobs:
        await release_request(ports.in_flight, job)
        await delete_saved(ports.sources, job)
    await cancel(ports, jobs, _REASON)
