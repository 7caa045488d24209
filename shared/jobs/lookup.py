"""Jobs by their ids."""

from __future__ import annotations

from collections.abc import Iterable

from shared.domain.job import Job
from shared.ports import Jobs


async def jobs_by_ids(jobs: Jobs, project: str, ids: Iterable[str]) -> list[Job]:
    """The jobs of a project that still exist, each once, in the order of the ids."""
    distinct = dict.fromkeys(id for id in ids if id)
    records = [await jobs.get(project, id) for id in distinct]
    return [record for record in records if record is not None]
