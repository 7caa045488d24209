"""The promise: what is answered `success` is written down and will be worked on,
whatever breaks afterwards.

    room? ── claim the request ── write bytes, messages, job, fast memories ── enqueue ── wait

If the queue does not take the job it is accepted all the same: the sweeper finds every
unfinished job. A request that is sent again gets the job of the first. Ids are
computed, so going through all of this twice writes the same things twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.gateway.ingest.backpressure import require_queue_space
from services.gateway.ingest.fast_memories import fast_memories
from services.gateway.ingest.inbound import Inbound
from services.gateway.ingest.sent_again import answers
from services.gateway.ingest.wait_for_job import wait_for_jobs
from shared.domain.identity import computed_id
from shared.domain.job import Job, Options
from shared.domain.job_payload import AddPayload, Payload, Queue
from shared.domain.memory import Embedded
from shared.domain.scope import Scope
from shared.domain.turn import Lane
from shared.errors import Overloaded, TooMany, Unavailable
from shared.jobs.cancel import release_request
from shared.jobs.clock import now
from shared.jobs.enqueue import enqueue, turn_of
from shared.logs import bound
from shared.ports import InFlight
from shared.wiring import GatewayPorts, Ports

log = logging.getLogger(__name__)

_CLAIM_S = 24 * 3600.0
"""Seconds for which a fingerprint is remembered."""


@dataclass(frozen=True, slots=True)
class JobRequest:
    """Work that somebody asks for."""

    scope: Scope
    fingerprint: str
    """The same when the same request is sent again."""
    payload: Payload = field(default_factory=AddPayload)
    inbound: Inbound = field(default_factory=Inbound)
    queue: Queue = Queue.TEXT
    options: Options = field(default_factory=Options)
    companions: tuple[str, ...] = ()
    """Ids of the jobs that are one task together with this one."""
    wait: float = 0.0
    """Seconds to wait for the end; 0 does not wait."""
    legacy_status: bool = False
    webhook: str = ""
    """URL to be called when the job ends; empty for none."""
    raw_at_once: bool = False
    """Whether the raw turns can be found although somebody waits for the end: it may
    take long, where a language model extracts.
    """
    id: str = ""
    """Given where somebody has to know the job's id before it is accepted."""
    is_admitted: bool = False
    """Whether it is accepted however many jobs wait: it was promised already."""

    def job(self, at: int) -> Job:
        """The job of this request, accepted at `at` (epoch milliseconds)."""
        scope = self.scope
        computed = computed_id(
            scope.project, scope.user, scope.conversation, self.fingerprint, at
        )
        return Job(
            id=self.id or computed,
            scope=scope,
            payload=self.payload,
            queue=self.queue,
            options=self.options,
            fingerprint=self.fingerprint,
            companions=self.companions,
            created_at=at,
            updated_at=at,
            legacy_status=self.legacy_status,
            webhook=self.webhook,
            redacted=self.inbound.redacted,
        )


async def accept(ports: GatewayPorts, request: JobRequest) -> Job:
    """The job of a request as far as it has come: ended when it was waited for and did
    in time. Raises `Unavailable`, and `TooMany` or `Overloaded` where too many jobs wait.
    """
    (job,) = await accept_all(ports, [request])
    return job


async def accept_all(ports: GatewayPorts, requests: Sequence[JobRequest]) -> list[Job]:
    """The jobs of several requests, in their order. All of them are waited for until
    one deadline. Raises as `accept`; then none was accepted.
    """
    await _admit(ports, requests)
    jobs = [await submit(ports, request) for request in requests]
    return await wait_for_jobs(ports, jobs, max(request.wait for request in requests))


async def accept_group(
    ports: GatewayPorts, requests: Sequence[JobRequest]
) -> list[Job]:
    """As `accept_all`; the first job names the others as its companions, so that its
    status is that of all.
    """
    await _admit(ports, requests)
    first, *others = requests
    companions = [await submit(ports, request) for request in others]
    ids = tuple(job.id for job in companions)
    job = await submit(ports, replace(first, companions=ids))
    return await wait_for_jobs(ports, [job, *companions], first.wait)


async def submit(ports: Ports, request: JobRequest) -> Job:
    """The job of a request, written down and enqueued; or the job of the first one when
    the request was sent again. Raises `Unavailable`.
    """
    job = request.job(now())
    owner = await claim_request(ports.in_flight, request.fingerprint, job.id)
    if owner != job.id:
        earlier = await ports.jobs.get(request.scope.project, owner)
        if earlier is not None:
            if await answers(ports, earlier, job.created_at):
                return earlier
            await release_request(ports.in_flight, earlier)
            owner = await claim_request(ports.in_flight, request.fingerprint, job.id)
        # Without a job the first request died before it had written one: this request
        # finishes it, under its id.
        job = replace(job, id=owner)
    with bound(job=job.id):
        job = await _write(ports, request, job)
        await enqueue(ports.queue, job, urgent=request.wait > 0)
    return job


async def _admit(ports: GatewayPorts, requests: Sequence[JobRequest]) -> None:
    """Raises `TooMany` or `Overloaded` where there is no room for so many jobs, unless
    they were accepted already: a request that is sent again is answered as the first.
    """
    asking = [request for request in requests if not request.is_admitted]
    if not asking:
        return
    first = asking[0]
    lane = turn_of(first.job(0), urgent=first.wait > 0).lane
    try:
        await require_queue_space(
            ports, first.scope.project, len(asking), goes_first=lane is not Lane.BULK
        )
    except (TooMany, Overloaded):
        if not await _was_accepted(ports, asking[-1]):
            raise


async def _was_accepted(ports: GatewayPorts, request: JobRequest) -> bool:
    job = request.job(now())
    owner = await claim_request(ports.in_flight, request.fingerprint, job.id)
    if owner == job.id:
        await release_request(ports.in_flight, job)
        return False
    earlier = await ports.jobs.get(request.scope.project, owner)
    return earlier is not None and await answers(ports, earlier, job.created_at)


async def claim_request(in_flight: InFlight, fingerprint: str, job: str) -> str:
    """The id of the job that owns the fingerprint: the given one when it was free, or
    where Redis does not answer.
    """
    try:
        return await in_flight.claim(fingerprint, job, _CLAIM_S)
    except Unavailable as error:
        log.warning("request_not_claimed", extra={"job": job, "error": str(error)})
        return job


async def _write(ports: Ports, request: JobRequest, job: Job) -> Job:
    """Everything of the job written down, in an order in which it never lacks what it
    needs.
    """
    messages = request.inbound.messages_for(job.scope, job.id)
    job = replace(job, message_ids=tuple(message.id for message in messages))
    for data in request.inbound.files.values():
        await ports.sources.put(data)
    if messages:
        await ports.messages.put(messages)
    raw_at_once = request.raw_at_once or not request.wait
    memories: list[Embedded] = []
    if isinstance(request.payload, AddPayload) and raw_at_once:
        memories = await asyncio.to_thread(fast_memories, messages, job)
    writes: list[Coroutine[Any, Any, None]] = [ports.jobs.put(job)]
    if memories:
        writes.append(ports.memories.put(memories))
    await asyncio.gather(*writes)
    return job
