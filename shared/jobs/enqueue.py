"""Hand an accepted job to the workers."""

from __future__ import annotations

import logging

from shared.domain.job import Job
from shared.domain.job_payload import DocumentPayload, FeedbackPayload
from shared.domain.turn import Lane, Turn
from shared.errors import Unavailable
from shared.ports import Queue

log = logging.getLogger(__name__)


async def enqueue(queue: Queue, job: Job, *, urgent: bool = False) -> None:
    """Let a job wait for a worker; `urgent`: somebody waits for its end.

    A broker that does not answer is no error: the job is written down, and the sweeper
    enqueues every unfinished one again.
    """
    try:
        await queue.enqueue(job.id, job.queue, turn_of(job, urgent=urgent))
    except Unavailable as error:
        log.warning("job_enqueue_failed", extra={"job": job.id, "error": str(error)})


def turn_of(job: Job, *, urgent: bool = False) -> Turn:
    """Whose turn a job takes. A correction by hand does not wait behind adds in bulk,
    though nobody waits for its end; the documents of a knowledge base go as those of a
    user.
    """
    payload, lane = job.payload, Lane.BULK
    if urgent:
        lane = Lane.SYNC
    elif isinstance(payload, FeedbackPayload):
        lane = Lane.FEEDBACK
    base = payload.knowledge_base if isinstance(payload, DocumentPayload) else ""
    return Turn(lane, job.scope.project, job.scope.user or base)
