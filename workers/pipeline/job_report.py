"""The report on a try that is over: one line in the log, counters, spans."""

from __future__ import annotations

import logging
from collections import Counter

from shared.domain.job import Job
from shared.errors import Unavailable
from shared.jobs.clock import now
from shared.metering.job_tallies import (
    JobTimes,
    end_tallies,
    gave_no_memory,
    retry_tallies,
)
from shared.tracing import past_span
from workers.pipeline.job_run import JobRun

log = logging.getLogger(__name__)


async def report(run: JobRun) -> None:
    """Tell how a try went. Figures are lost where Redis does not answer."""
    run.steps.stop()
    for span in run.steps.spans():
        past_span(f"step {span.step}", span.begin, span.end)
    if run.ended is None:
        amounts = retry_tallies(run.job)
    else:
        times = times_of(run)
        _log_end(run.ended, times)
        amounts = end_tallies(run.ended, times)
    try:
        await run.context.tallies.add(amounts)
    except Unavailable as error:
        log.debug("job_not_counted", extra={"error": error.message})


def times_of(run: JobRun) -> JobTimes:
    """How long the job of a try took; clocks of several machines may differ a little."""
    accepted = run.job.created_at / 1000
    waited = max(0.0, run.steps.begun - accepted) if run.job.attempts <= 1 else None
    total = max(0.0, now() / 1000 - accepted)
    return JobTimes(total, waited, run.steps.seconds)


def _log_end(job: Job, times: JobTimes) -> None:
    details = {
        "work": job.work,
        "queue": job.queue,
        "state": job.state,
        "code": job.error_code,
        "attempts": job.attempts,
        "project": job.scope.project,
        "total_ms": round(times.total * 1000),
        "steps_ms": {step: round(s * 1000) for step, s in times.steps.items()},
        "outcomes": dict(Counter(receipt.outcome for receipt in job.receipts)),
        "without_memory": gave_no_memory(job),
        "model_calls": job.usage.calls,
        "model_tokens": job.usage.tokens,
    }
    if times.waited is not None:
        details["waited_ms"] = round(times.waited * 1000)
    log.info("job_ended", extra=details)
