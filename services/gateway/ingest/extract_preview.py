"""extract/memory: what would be remembered of some messages; nothing is kept.

The workers extract, so this is a job too (`ExtractPayload`); its result is
`Job.extracted`. Its messages lie meanwhile with a user of their own, of whom nothing
stays. An asynchronous one belongs to a user of its day: its messages go when it has been
read, its result when the next day is over (`services/status/purge_extractions.py`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.accept import JobRequest, accept
from services.gateway.ingest.add_messages import read_in_thread, unread_instructions
from services.gateway.jobs.delete_jobs import delete_jobs
from services.gateway.schemas.tools import (
    Extracted,
    ExtractedFact,
    ExtractedLater,
    ExtractedPreference,
    ExtractMemory,
)
from services.gateway.wire.unknown_names import unknown_names
from shared.contract import LIMITS, Code, WireStatus
from shared.domain.job import ExtractedMemory, Job, Options, State
from shared.domain.job_payload import ExtractPayload
from shared.domain.memory import KIND_OF_TYPE, Kind
from shared.domain.scope import Scope
from shared.errors import NotFound, Permanent, Unavailable
from shared.jobs.lookup import job_by_id
from shared.jobs.status import wire_status

_USER = "extract"
"""Begins the name of the user that the messages of an extraction lie with."""
_JOBS_AT_ONCE = 200
_FACT_NAMES = frozenset(("memory", "fact"))
_PREFERENCE_NAMES = frozenset(("preference",))
"""The words of `extraction_types` for each kind; without any, both are given."""


async def extract_preview(context: RequestContext, request: ExtractMemory) -> Extracted:
    """The memories that would be made. Raises `Unavailable` when it takes too long,
    `Permanent` with the job's code when it cannot be done, `BadRequest`, `TooMany`.
    """
    user = f"{_USER}:{uuid.uuid4().hex}"
    wait = context.settings.sync_wait_s
    payload = ExtractPayload(types=tuple(request.extraction_types))
    job_request = await _job_request(context, request, user, payload, wait)
    try:
        job = await accept(context.ports, job_request)
    finally:
        await _forget(context, user)
    if not job.state.final:
        raise Unavailable(
            "extraction takes longer than a request can wait; async_mode: true gives a"
            " task_id to ask with"
        )
    result = _result(job)
    remarks = [*_remarks(context, request, job_request), *result.remarks]
    return result.model_copy(update={"remarks": remarks})


def _remarks(
    context: RequestContext, request: ExtractMemory, job_request: JobRequest
) -> Iterator[str]:
    yield from request.remarks()
    yield from job_request.inbound.remarks
    yield from unread_instructions(context, request.custom_extract_prompt)


async def begin_preview(
    context: RequestContext, request: ExtractMemory
) -> ExtractedLater:
    """Accept an extraction that is asked for later. Raises `BadRequest`, `TooMany`."""
    today = datetime.now(UTC).date()
    user = f"{_USER}:{today}"
    types = tuple(request.extraction_types)
    payload = ExtractPayload(is_kept=True, types=types)
    job_request = await _job_request(context, request, user, payload, 0.0)
    job = await accept(context.ports, job_request)
    status = wire_status(job.state)
    return ExtractedLater(
        success=True,
        task_id=job.id,
        status=status,
        remarks=list(_remarks(context, request, job_request)) or None,
    )


async def preview_result(context: RequestContext, id: str) -> ExtractedLater:
    """How an extraction stands, and what it found. Raises `NotFound`."""
    job = await job_by_id(context.ports.jobs, context.project, id)
    if job is None or not isinstance(job.payload, ExtractPayload):
        raise NotFound(f"no extraction {id}", code=Code.UNKNOWN_TASK)
    status = wire_status(job.state)
    return ExtractedLater(
        success=status is not WireStatus.FAILED,
        task_id=job.id,
        status=status,
        message=job.error_message,
        result=_result(job) if job.state is State.COMPLETED else None,
    )


async def _job_request(
    context: RequestContext,
    request: ExtractMemory,
    user: str,
    payload: ExtractPayload,
    wait: float,
) -> JobRequest:
    inbound = await read_in_thread(context, request.messages, LIMITS.preview_tokens)
    await context.meter.tokens(inbound.tokens)
    id = uuid.uuid4().hex
    return JobRequest(
        Scope(context.project, user, id),
        id,
        payload,
        inbound,
        inbound.queue,
        Options(instructions=request.custom_extract_prompt),
        wait=wait,
    )


async def _forget(context: RequestContext, user: str) -> None:
    """Delete all that extractions of a user have left. The files first: jobs and
    messages name them, and no other deletion finds them later.
    """
    ports, project = context.ports, context.project
    while jobs := await ports.jobs.of_user(project, user, _JOBS_AT_ONCE):
        await delete_jobs(ports, context.unguarded, project, jobs)
    await ports.messages.delete_where(project, user)
    await ports.jobs.delete_where(project, user)


def _result(job: Job) -> Extracted:
    """Raises `Permanent` with the job's code where it has not succeeded."""
    if job.state is not State.COMPLETED:
        code = job.error_code or Code.FAILED
        raise Permanent(job.error_message or "extraction failed", code=code)
    payload = job.payload
    types = payload.types if isinstance(payload, ExtractPayload) else ()
    extracted = _answer(job.extracted, frozenset(types))
    names = sorted(_FACT_NAMES | _PREFERENCE_NAMES)
    unknown = unknown_names("extraction_types", types, names)
    return extracted.model_copy(update={"remarks": [*unknown, *job.remarks]})


def _answer(memories: Sequence[ExtractedMemory], types: frozenset[str]) -> Extracted:
    facts: list[ExtractedFact] = []
    preferences: list[ExtractedPreference] = []
    for memory in memories:
        kind = KIND_OF_TYPE[memory.type]
        if kind is Kind.FACT and (not types or types & _FACT_NAMES):
            fact = ExtractedFact(
                memory_key=memory.title or memory.text,
                memory_value=memory.text,
                memory_type=memory.type,
                tags=list(memory.tags),
            )
            facts.append(fact)
        if kind is Kind.PREFERENCE and (not types or types & _PREFERENCE_NAMES):
            preference = ExtractedPreference(
                preference=memory.text,
                reasoning=memory.reasoning,
                preference_type=memory.type,
            )
            preferences.append(preference)
    return Extracted(
        success=True, memory_detail_list=facts, preference_detail_list=preferences
    )
