"""delete/project: everything of a project, from every collection, before the answer."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from services.gateway.jobs.delete_jobs import delete_jobs
from services.gateway.memories.erasure_receipts import leave_receipt
from shared.domain.erasure import Erased
from shared.errors import NotFound, NotSupported

JOBS_AT_ONCE = 1000


async def delete_project(context: RequestContext, project: str) -> None:
    """Work that is under way is cancelled, and the files that waited to be read go with
    it. The receipt is one of the project of whoever asks. Raises `NotFound` for one of
    which nothing is stored, `NotSupported`, `Unavailable`.
    """
    ports = context.unguarded
    if ports.points is None:
        raise NotSupported("projects cannot be deleted in this set-up")
    jobs = 0
    while batch := await ports.jobs.latest(project, JOBS_AT_ONCE):
        jobs += len(batch)
        await delete_jobs(ports, ports, project, batch)
    counts = await ports.points.delete_project(project)
    await ports.model_usage.forget(project)
    context.kept_settings.forget(project)
    if not (jobs or counts):
        raise NotFound(f"nothing is stored of a project {project}")
    if jobs:
        counts["jobs"] = counts.get("jobs", 0) + jobs
    context.access.deleted_projects.append(project)
    await leave_receipt(context, Erased.PROJECT, project, counts)
