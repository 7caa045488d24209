"""Jobs by their ids."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from shared.domain.job import Job
from shared.ports import Jobs

_SECOND_LOOK_S = 0.2
"""Seconds after which a job that was not found is looked for once more."""


async def job_by_id(jobs: Jobs, project: str, id: str) -> Job | None:
    """The job; None after a second look: whoever was given a task's id is never to hear
    that there is none, and one read may miss a record that is just being written again
    (a replica of Qdrant that lags behind).
    """
    job = await jobs.get(project, id)
    if job is None:
        await asyncio.sleep(_SECOND_LOOK_S)
        job = await jobs.get(project, id)
    return job


async def jobs_by_ids(jobs: Jobs, project: str, ids: Iterable[str]) -> list[Job]:
    """The jobs of a project that still exist, each once, in the order of the ids."""
    distinct = dict.fromkeys(id for id in ids if id)
    records = [await jobs.get(project, id) for id in distinct]
    return [record for record in records if record is not None]
