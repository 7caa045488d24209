"""Delete jobs with all that they have left, and what records of others say of memories
that are deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.gateway.jobs.cancel_for_deletion import cancel_for_deletion
from shared.domain.job import Job
from shared.jobs.delete_sources import delete_sources
from shared.jobs.lookup import jobs_by_ids
from shared.wiring import Ports


async def delete_jobs(
    ports: Ports, everything: Ports, project: str, jobs: Sequence[Job]
) -> None:
    """Cancel what still runs, delete the files that waited to be read, the records and
    the figures. The messages must still exist, for they name files. `everything` reaches
    every project: another's job may read the same bytes.
    """
    await cancel_for_deletion(ports, jobs)
    await delete_sources(everything, jobs)
    ids = [job.id for job in jobs]
    await ports.jobs.delete(project, ids)
    await ports.progress_bus.forget(ids)


async def remove_mentions(
    ports: Ports, project: str, job_ids: Iterable[str], memory_ids: Sequence[str]
) -> None:
    """Let the receipts of jobs that have ended name none of these memories, which no
    other run of those jobs is to store again.
    """
    gone = set(memory_ids)
    for job in await jobs_by_ids(ports.jobs, project, job_ids):
        receipts = tuple(
            receipt
            for receipt in job.receipts
            if receipt.memory not in gone and receipt.other not in gone
        )
        if job.state.final and receipts != job.receipts:
            own = gone.intersection(job.stored_memories)
            still = tuple(id for id in job.checkpoint.replaces if id not in gone)
            checkpoint = replace(job.checkpoint, replaces=still)
            changed = replace(job, receipts=receipts, checkpoint=checkpoint)
            changed = changed.leaving_out(sorted(own))
            await ports.jobs.put(changed)
