"""The promise: what is answered `success` is written down and will be worked on,
whatever breaks afterwards (architecture, section 2).

    bytes and messages -> the job -> fast memories -> the queue -> the answer

If the queue does not take the job it is accepted all the same: the sweeper finds every
unfinished job. A request that is sent again gets the job of the first (contract,
section 0). Ids are computed, so going through all of this twice writes the same things
twice.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace

from services.gateway.ingest.fast_memories import fast_memories
from services.gateway.ingest.inbound import Inbound
from services.gateway.ingest.wait_for_job import watching
from services.gateway.jobs.withdraw import forget
from services.gateway.wire.wire_times import now
from shared.domain.identity import computed_id
from shared.domain.job import Job, Options, State
from shared.domain.job_payload import AddPayload, Payload, Queue
from shared.domain.scope import Scope
from shared.errors import Unavailable
from shared.logs import bound
from shared.wiring import Ports

log = logging.getLogger(__name__)

SAME_WITHIN = 120_000  # ms: sent again within this time it is the same request, or for as long as the first is worked on
_CLAIM_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class JobRequest:
    """Work that somebody asks for.

    `fingerprint` is the same when the same request is sent again. `wait`: seconds to
    wait for the end; 0 does not wait. `id` is given where somebody has to know the
    job's id before it is accepted.
    """

    scope: Scope
    fingerprint: str
    payload: Payload = field(default_factory=AddPayload)
    inbound: Inbound = field(default_factory=Inbound)
    queue: Queue = Queue.TEXT
    options: Options = field(default_factory=Options)
    companions: tuple[str, ...] = ()
    wait: float = 0.0
    legacy_status: bool = False
    webhook: str = ""
    id: str = ""


async def accept(ports: Ports, request: JobRequest) -> Job:
    """The job of an order as far as it has come: ended when it was waited for and did
    in time. Raises `Unavailable`.
    """
    job = _job(request, now())
    owner = await _claimed(ports, job.id, request)
    if owner == job.id:
        return await _begun(ports, request, job)
    earlier = await ports.jobs.get(request.scope.project, owner)
    if (
        earlier is None
    ):  # the first request died before it had written its job: this one finishes it, under its id
        return await _begun(ports, request, replace(job, id=owner))
    if _is_new(earlier, job.created_at):
        await forget(ports, earlier)
        return await _begun(
            ports, request, replace(job, id=await _claimed(ports, job.id, request))
        )
    return await seen_through(ports, earlier, request.wait)


def _job(request: JobRequest, at: int) -> Job:
    scope = request.scope
    id = request.id or computed_id(
        scope.project, scope.user, scope.conversation, request.fingerprint, at
    )
    return Job(
        id=id,
        scope=scope,
        payload=request.payload,
        queue=request.queue,
        options=request.options,
        fingerprint=request.fingerprint,
        companions=request.companions,
        created_at=at,
        updated_at=at,
        legacy_status=request.legacy_status,
        webhook=request.webhook,
    )


async def _claimed(ports: Ports, job: str, request: JobRequest) -> str:
    try:
        return await ports.in_flight.claim(request.fingerprint, job, _CLAIM_SECONDS)
    except Unavailable as error:
        log.warning("requests sent again are not recognised: %s", error)
        return job


def _is_new(earlier: Job, at: int) -> bool:
    """Whether the same words again mean the same again: the first is done and some time
    ago, or it came to nothing.
    """
    if not earlier.state.final:
        return False
    return earlier.state is not State.COMPLETED or at - earlier.created_at > SAME_WITHIN


async def _begun(ports: Ports, request: JobRequest, job: Job) -> Job:
    with bound(job=job.id):
        async with watching(ports.progress_bus, job.id, request.wait) as watch:
            job = await _kept(ports, request, job)
            await _enqueued(ports, job, urgent=request.wait > 0)
            await watch.until_ended()
    return await _as_it_stands(ports, job) if request.wait > 0 else job


async def _kept(ports: Ports, request: JobRequest, job: Job) -> Job:
    """Everything of it written down, in an order in which a job never lacks what it needs."""
    messages = request.inbound.belonging(job.scope, job.id)
    job = replace(job, message_ids=tuple(message.id for message in messages))
    for data in request.inbound.files.values():
        await ports.sources.put(data)
    if messages:
        await ports.messages.put(messages)
    fast = (
        await asyncio.to_thread(fast_memories, messages, job)
        if isinstance(request.payload, AddPayload) and not request.wait
        else []
    )
    await asyncio.gather(
        ports.jobs.put(job), ports.memories.put(fast) if fast else asyncio.sleep(0)
    )
    return job


async def _enqueued(ports: Ports, job: Job, *, urgent: bool) -> None:
    try:
        await ports.queue.enqueue(job.id, job.queue, urgent=urgent)
    except Unavailable as error:
        log.warning("accepted, not enqueued; the sweeper will find it: %s", error)


async def seen_through(ports: Ports, job: Job, seconds: float) -> Job:
    """A job, waited for."""
    if job.state.final or not seconds:
        return job
    async with watching(ports.progress_bus, job.id, seconds) as watch:
        await watch.until_ended()
    return await _as_it_stands(ports, job)


async def _as_it_stands(ports: Ports, job: Job) -> Job:
    return await ports.jobs.get(job.scope.project, job.id) or job
