"""The Celery task. Its message says that something waits: the worker exchanges it for the
job whose turn it is, and may get the same message more than once; the job's record says
whether it is done.
"""

from __future__ import annotations

from typing import Any

from shared.adapters.celery_queue import FAIR, WORK
from workers.app import app
from workers.lifecycle import process


@app.task(bind=True, name=WORK, max_retries=None)  # type: ignore[untyped-decorator]
def work(self: Any, job_id: str) -> None:
    """Work on a job, and let it wait again where that may help. The tries are counted
    in the job, which outlives its messages.
    """
    queue = self.request.get(FAIR)
    if queue:
        seconds = process().work_off(self.request.id, job_id, queue)
    else:  # a message of an earlier release
        seconds = process().run_job(job_id)
    if seconds is not None:
        raise self.retry(countdown=seconds)
