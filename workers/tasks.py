"""The Celery task: it carries the id of a job and nothing else, and may be delivered
more than once; the job's record says whether it is done.
"""

from __future__ import annotations

from typing import Any

from shared.adapters.celery_queue import WORK
from workers.app import app, process


@app.task(bind=True, name=WORK, max_retries=None)  # type: ignore[untyped-decorator]
def work(self: Any, job_id: str) -> None:
    """Work on a job, and again later where that may help. The tries are counted in the
    job, which outlives its messages.
    """
    seconds = process().run_job(job_id)
    if seconds is not None:
        raise self.retry(countdown=seconds)
