"""Let a job be run again that failed, or went less well than it could have, or whose
memories went with another's.
"""

from __future__ import annotations

from collections.abc import Collection

from shared.domain.job import Job
from shared.jobs.cancel import take_back_cancel
from shared.jobs.clock import now
from shared.jobs.enqueue import enqueue
from shared.jobs.finish import publish_state, update_document
from shared.jobs.job_ports import ReplayPorts


async def replay(ports: ReplayPorts, job: Job) -> Job:
    """The job, waiting again with all its tries. A dead one goes on where it was,
    others begin anew. What was deleted of what it had stored does not come back.

    Raises ValueError for a job that is not replayable, `Unavailable`.
    """
    waiting = job.replayed(now()).leaving_out(await _deleted(ports, job))
    return await _wait_again(ports, waiting)


async def read_again(ports: ReplayPorts, job: Job, lost: Collection[str]) -> Job:
    """A job that has ended, waiting to begin anew because memories were `lost` that it
    had stored or found. Raises `Unavailable`.
    """
    deleted = [memory for memory in await _deleted(ports, job) if memory not in lost]
    return await _wait_again(ports, job.reopened(now()).leaving_out(deleted))


async def _wait_again(ports: ReplayPorts, waiting: Job) -> Job:
    if not waiting.state.final:  # a cancelled one stays so
        await take_back_cancel(ports.progress_bus, waiting)
    await ports.jobs.put(waiting)
    await update_document(ports.knowledge_bases, waiting)
    await publish_state(ports.progress_bus, waiting)
    await enqueue(ports.queue, waiting)
    return waiting


async def _deleted(ports: ReplayPorts, job: Job) -> list[str]:
    """What a job stored and is no longer there. Its messages stay when a memory is
    deleted, so it would be read in them again.
    """
    ids = job.stored_memories
    if not ids:
        return []
    stored = await ports.memories.get(job.scope.project, ids)
    return sorted(set(ids) - {memory.id for memory in stored})
