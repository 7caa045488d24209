"""A job from its id to its end. At least once is how it is called, once is what comes of it.

run ── done already? ── lease ── count the try ── work ── completed | failed | dead | cancelled
                                                    └─ Transient: again later, or dead
                                                    when tries have run out
"""

from __future__ import annotations

import logging
import random
from dataclasses import replace

from shared.domain.job import Job, Progress, State, Step
from shared.domain.job_payload import (
    AddPayload,
    DocumentPayload,
    ExtractPayload,
    FeedbackPayload,
    UnknownPayload,
)
from shared.errors import LeaseLost, Permanent, SouvenirError, Unavailable
from workers.pipeline import saved_extractions as saved
from workers.pipeline.job_run import JobCancelled, JobRun, now
from workers.pipeline.jobs import document
from workers.pipeline.jobs.add import add, only_extract
from workers.pipeline.jobs.feedback import feedback
from workers.pipeline.lease import HeldLease, LeaseBusy, held
from workers.pipeline.steps.parse import FAILED
from workers.pipeline.worker_context import Limits, WorkerContext

log = logging.getLogger(__name__)


BROKEN = 50000


async def run_job(job_id: str, context: WorkerContext) -> float | None:
    """Work on a job. Seconds after which it should be tried again; None when there is
    nothing more to do.

    Never raises for what happens to the job: its record says how it ended.
    """
    try:
        async with held(context.leases, f"job:{job_id}", context.limits.lease) as hold:
            return await _begun(job_id, context, hold)
    except LeaseBusy:  # somebody works on it, or did until a moment ago: look once its lease would have run out
        return context.limits.lease
    except (
        LeaseLost
    ) as error:  # to another worker, or Redis was wiped: the next look will tell
        log.warning("stopped: %s", error)
        return context.limits.back_off
    except Unavailable as error:
        log.warning("later: %s", error)
        return context.limits.longest_back_off * random.uniform(0.2, 0.4)


async def _begun(job_id: str, context: WorkerContext, hold: HeldLease) -> float | None:
    job = await context.jobs.get(None, job_id)
    if job is None or job.state.final:
        return None
    if (
        job.attempts >= context.limits.attempts
    ):  # the last try ended without a word: its worker was killed
        code, message = (
            job.error_code or BROKEN,
            job.error_message or "its workers died",
        )
        await _end(job.ended(State.DEAD, now(), code=code, message=message), context)
        return None
    run = JobRun(job, context, hold)
    try:
        return await _tried(run, hold)
    except JobCancelled as error:
        await _called_off(run, error)
        return None


async def _tried(run: JobRun, hold: HeldLease) -> float | None:
    """One try, counted before it begins."""
    await run.save(state=State.RUNNING, attempts=run.job.attempts + 1)
    try:
        await _worked(run)
    except (JobCancelled, LeaseLost):
        raise
    except Permanent as error:
        await _end(
            run.job.ended(State.FAILED, now(), code=error.code, message=error.message),
            run.context,
        )
    except Exception as error:
        return await _stumbled(run, hold, error)
    return None


async def _worked(run: JobRun) -> None:
    payload = run.job.payload
    match payload:
        case AddPayload():
            await add(run, payload)
        case ExtractPayload():
            await only_extract(run)
        case DocumentPayload():
            await document.read_document(run, payload)
        case FeedbackPayload():
            await feedback(run, payload)
        case UnknownPayload():
            raise Permanent(f"this release does not know the work {run.job.work!r}")
    await run.confirm()
    done = await saved.forget(run.job, run.context.sources)
    bad = next((report for report in done.files if report.status == FAILED), None)
    state, code, message = (
        (State.FAILED, bad.code, f"{bad.name}: {bad.message}")
        if bad
        else (State.COMPLETED, 0, "")
    )
    await _end(
        done.ended(state, now(), code=code, message=message), run.context, run.progress
    )


async def _stumbled(run: JobRun, hold: HeldLease, error: Exception) -> float | None:
    """A try that failed in a way that may pass. An error that nobody foresaw counts as
    one: it may pass too, and tries are counted.
    """
    if isinstance(error, SouvenirError):
        code, message = error.code, error.message
        log.warning("try %d failed: %s", run.job.attempts, message)
    else:
        code, message = (
            BROKEN,
            f"internal error ({type(error).__name__}); the log has it under this job's id",
        )
        log.error("try %d broke", run.job.attempts, exc_info=error)
    if run.job.attempts >= run.context.limits.attempts:
        await _end(
            run.job.ended(State.DEAD, now(), code=code, message=message), run.context
        )
        return None
    await run.save(error_code=code, error_message=message)
    wait = back_off(run.job.attempts, run.context.limits)
    hold.keep(wait)  # so that neither the sweeper nor a second message begins before
    return wait + 0.1


def back_off(attempts: int, limits: Limits) -> float:
    """Seconds to wait after so many tries: four times longer each time, up to a limit."""
    return min(limits.longest_back_off, limits.back_off * 4.0 ** (attempts - 1))


async def _called_off(run: JobRun, error: JobCancelled) -> None:
    """Whoever called it off may have written so already; what of it can be found goes."""
    context = run.context
    job = await saved.forget(run.job, context.sources)
    await context.memories.delete_where(job.scope.project, fast_of_job=job.id)
    kept = await context.jobs.get(None, job.id)
    if kept is None:  # deleted: do not bring it back
        return
    if kept.state.final:
        await _tell(kept, context)
    else:
        await _end(job.ended(State.CANCELLED, now(), message=error.message), context)


async def _end(
    ended: Job, context: WorkerContext, progress: Progress | None = None
) -> None:
    """Write the end down, the job's record last: until then it is tried again. Then
    tell it, for who is told may ask for the record.
    """
    if isinstance(ended.payload, DocumentPayload):
        await document.ended(ended, ended.payload, context)
    await context.jobs.put(ended)
    await _tell(ended, context, progress)


async def _tell(
    ended: Job, context: WorkerContext, progress: Progress | None = None
) -> None:
    try:
        await context.progress_bus.publish(
            replace(progress or Progress(ended.id), state=ended.state, step=Step.DONE)
        )
    except Unavailable as error:
        log.debug("nobody is told of the end: %s", error)
