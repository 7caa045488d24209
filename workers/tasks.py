"""What Celery carries: the id of a job, nothing else. At least once; the job itself
knows whether it is done.
"""

from __future__ import annotations

from typing import Any

from shared.adapters.celery_queue import WORK
from workers.app import app, process


@app.task(bind=True, name=WORK, max_retries=None)  # type: ignore[untyped-decorator]
def work(self: Any, job_id: str) -> None:
    """Work on a job; again later where that may help. How often is counted in the job,
    which outlives its messages.
    """
    again = process().work_on(job_id)
    if again is not None:
        raise self.retry(countdown=again)
