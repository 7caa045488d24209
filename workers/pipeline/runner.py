"""A job from its id to its end. It may be called several times for one job; what comes
of it is done once.

    run_job ── ended already? ── lease ── tries left? ── count the try ── the job's steps
        └─ completed | failed (Permanent, or a file) | cancelled
        └─ a language model is away: again when it may be back, no try is counted
        └─ it does not get on (`pulse.py`): the try is called off, as any other error
        └─ any other error: again later, or dead when no tries are left
"""

from __future__ import annotations

import logging
import random
from dataclasses import replace

from shared.contract import Code, FileStatus
from shared.domain.job import Job, Progress, State
from shared.domain.job_payload import (
    AddPayload,
    DocumentPayload,
    ExtractPayload,
    FeedbackPayload,
    ReindexPayload,
    UnknownPayload,
)
from shared.errors import (
    LeaseLost,
    ModelUnavailable,
    Permanent,
    SouvenirError,
    TurnOver,
    Unavailable,
)
from shared.jobs.cancel import acknowledge_cancel, delete_saved
from shared.jobs.clock import now
from shared.jobs.finish import finish
from workers.pipeline.job_models import calls_of
from workers.pipeline.job_report import report
from workers.pipeline.job_run import JobCancelled, JobRun, unforeseen
from workers.pipeline.jobs.add import add
from workers.pipeline.jobs.extract_only import extract_only
from workers.pipeline.jobs.feedback import feedback
from workers.pipeline.jobs.read_document import document
from workers.pipeline.jobs.reindex import reindex
from workers.pipeline.lease import HeldLease, LeaseBusy, hold_lease
from workers.pipeline.pulse import Pulse, PulsedLeases, while_it_gets_on
from workers.pipeline.worker_context import Limits, WorkerContext

log = logging.getLogger(__name__)

_BACK_OFF_GROWTH = 4.0
_AFTER_LEASE = 0.1
"""Seconds by which a job comes back later than its extended lease runs out."""
_POSTPONED = 0.2, 0.4
"""Least and most of the longest back-off after which a job comes back that could not
begin: spread, so that not all come at once when a service is back.
"""


async def run_job(job_id: str, context: WorkerContext) -> float | None:
    """Work on a job. Seconds after which it should be tried again; None when there is
    nothing more to do.

    Never raises for what happens to the job: its record says how it ended.
    """
    limits = context.limits
    pulse = Pulse(limits.stall)
    context = replace(context, leases=PulsedLeases(context.leases, pulse))
    try:
        async with hold_lease(context.leases, f"job:{job_id}", limits.lease) as lease:
            job = await context.jobs.get(None, job_id)
            if job is None or job.state.final:
                return None
            run = JobRun(job, context, lease, pulse)
            again = await _run(run, lease)
            await report(run)
            return again
    except LeaseBusy:
        # Somebody works on it, or did until a moment ago and was killed: look again
        # once the lease would have run out.
        return limits.lease
    except LeaseLost as error:
        # To another worker, or Redis was emptied: the next look will show.
        log.warning("job_lease_lost", extra={"error": error.message})
        return limits.back_off
    except Unavailable as error:  # no try was counted, or its end could not be written
        log.warning("job_postponed", extra={"error": error.message})
        return limits.longest_back_off * random.uniform(*_POSTPONED)


async def _run(run: JobRun, lease: HeldLease) -> float | None:
    """As `run_job`; raises `LeaseLost`, `Unavailable`."""
    job = run.job
    if job.attempts >= run.context.limits.attempts:
        # The last try ended without a word: its worker was killed.
        code = job.error_code or Code.BROKEN
        await _end(run, State.DEAD, code, job.error_message or "its workers died")
        return None
    try:
        return await _attempt(run, lease)
    except JobCancelled as error:
        await acknowledge_cancel(run.context, run.job, error.message)
        run.ended = replace(run.job, state=State.CANCELLED)
        return None


async def _attempt(run: JobRun, lease: HeldLease) -> float | None:
    """One try, counted before it begins. Returns as `run_job`; raises `JobCancelled`,
    `LeaseLost`, `Unavailable`.
    """
    await run.begin()
    attempt = run.job.attempts
    try:
        await while_it_gets_on(run.pulse, _work(run))
        return None
    except (JobCancelled, LeaseLost):
        raise
    except Permanent as error:
        await _end(run, State.FAILED, error.code, error.message)
        return None
    except ModelUnavailable as error:
        await _wait_for_model(run, lease, error)
        return None
    except TurnOver as error:  # it has come further: that is no try
        await run.save(attempts=attempt - 1)
        log.info("job_turn_over", extra={"reason": error.message})
        return error.after or _AFTER_LEASE
    except SouvenirError as error:
        code, message = error.code, error.message
        log.warning("job_try_failed", extra={"attempt": attempt, "reason": message})
    except Exception as error:
        # Nobody foresaw it, so it may pass as well; tries are counted.
        code, message = Code.BROKEN, unforeseen(error)
        log.exception("job_try_crashed", extra={"attempt": attempt})
    return await _after_failure(run, lease, code, message)


async def _after_failure(
    run: JobRun, lease: HeldLease, code: int, message: str
) -> float | None:
    """The job's end after its last try, else the seconds until the next one."""
    # A job that gets on begins to count anew (`JobRun.count_anew`).
    attempt = run.job.attempts
    if attempt >= run.context.limits.attempts:
        await _end(run, State.DEAD, code, message)
        return None
    await run.save(error_code=code, error_message=message)
    pause = back_off(attempt, run.context.limits)
    # Neither the sweeper nor a second message begins the job before its time.
    lease.extend_on_exit(pause)
    log.info("job_retry_scheduled", extra={"attempt": attempt, "seconds": pause})
    return pause + _AFTER_LEASE


async def _work(run: JobRun) -> None:
    """All steps of a try, and the end of the job."""
    with calls_of(run):
        await _run_steps(run)
    await run.ensure_owned()
    await _complete(run)


async def _wait_for_model(
    run: JobRun, lease: HeldLease, error: ModelUnavailable
) -> None:
    """Let a job rest whose language model is away: that is no try of the job. Nothing
    waits for it in the queue; the sweeper brings it back when its lease has run out.
    """
    limits, waits = run.context.limits, run.job.waits + 1
    if waits > limits.most_waits:
        await _end(run, State.DEAD, error.code, error.message)
        return
    await run.save(
        attempts=run.job.attempts - 1,
        waits=waits,
        error_code=error.code,
        error_message=error.message,
    )
    pause = model_pause(waits, error.after, limits)
    lease.extend_on_exit(pause)
    details = {"waits": waits, "seconds": pause, "reason": error.message}
    log.warning("job_waits_for_model", extra=details)


def model_pause(waits: int, after: float, limits: Limits) -> float:
    """Seconds to wait for a model for the `waits`th time: longer each time, and at least
    as long as its endpoint asks for, up to a limit.
    """
    pauses = limits.model_pauses
    own = pauses[waits - 1] if waits <= len(pauses) else limits.longest_model_pause
    return min(limits.longest_model_pause, max(own, after))


async def _run_steps(run: JobRun) -> None:
    payload = run.job.payload
    match payload:
        case AddPayload():
            await add(run, payload)
        case ExtractPayload():
            await extract_only(run, payload)
        case DocumentPayload():
            await document(run, payload)
        case FeedbackPayload():
            await feedback(run, payload)
        case ReindexPayload():
            await reindex(run)
        case UnknownPayload():
            raise Permanent(f"this release does not know the work {payload.work!r}")


def back_off(attempts: int, limits: Limits) -> float:
    """Seconds to wait after so many tries: four times longer each time, up to a limit."""
    pause = limits.back_off * _BACK_OFF_GROWTH ** (attempts - 1)
    return min(limits.longest_back_off, pause)


async def _complete(run: JobRun) -> None:
    """End a job whose steps are done: completed, or failed when one of its files is."""
    await delete_saved(run.context.sources, run.job)
    state, code, message = State.COMPLETED, 0, ""
    for file in run.job.files:
        if file.status == FileStatus.FAILED:
            state, code = State.FAILED, file.code
            message = f"{file.name}: {file.message}"
            break
    job = run.job.without_checkpoint()
    ended = job.ended(state, now(), code=code, message=message)
    await _write_end(run, ended, run.figures)


async def _end(run: JobRun, state: State, code: int, message: str) -> None:
    job = run.job
    if state is State.FAILED:  # it begins anew where it is replayed; a dead one goes on
        await delete_saved(run.context.sources, job)
        job = job.without_checkpoint()
    ended = job.ended(state, now(), code=code, message=message)
    await _write_end(run, ended)


async def _write_end(run: JobRun, ended: Job, figures: Progress | None = None) -> None:
    await finish(run.context, ended, figures)
    run.ended = ended
