"""Hand an accepted job to the workers."""

from __future__ import annotations

import logging

from shared.domain.job import Job
from shared.domain.job_payload import FeedbackPayload
from shared.errors import Unavailable
from shared.ports import Queue

log = logging.getLogger(__name__)


async def enqueue(queue: Queue, job: Job, *, urgent: bool = False) -> None:
    """Put a job on its queue, `urgent` at the front: somebody waits for it. Feedback
    goes there as well.

    A broker that does not answer is no error: the job is written down, and the sweeper
    enqueues every unfinished one again.
    """
    try:
        await queue.enqueue(job.id, job.queue, urgent=urgent or goes_first(job))
    except Unavailable as error:
        log.warning("job_enqueue_failed", extra={"job": job.id, "error": str(error)})


def goes_first(job: Job) -> bool:
    """Whether a job goes before others though nobody waits for its end: a correction by
    hand does not wait behind adds in bulk.
    """
    return isinstance(job.payload, FeedbackPayload)
