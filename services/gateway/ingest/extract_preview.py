"""extract/memory: what would be remembered of some messages; nothing is kept.

The workers extract, so this is a job too (`ExtractPayload`); its result is
`Job.extracted`. Its messages lie meanwhile with a user of their own, of whom nothing
stays.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.accept import JobRequest, accept
from services.gateway.ingest.add_messages import read_in_thread
from services.gateway.jobs.cancel_for_deletion import cancel_for_deletion
from services.gateway.schemas.tools import (
    Extracted,
    ExtractedFact,
    ExtractedPreference,
    ExtractMemory,
)
from shared.contract import LIMITS, Code
from shared.domain.job import ExtractedMemory, State
from shared.domain.job_payload import ExtractPayload
from shared.domain.memory import KIND_OF_TYPE, Kind
from shared.domain.scope import Scope
from shared.errors import Permanent, Unavailable

_FACT_NAMES = frozenset(("memory", "fact"))
_PREFERENCE_NAMES = frozenset(("preference",))
"""The words of `extraction_types` for each kind; without any, both are given."""


async def extract_preview(context: RequestContext, request: ExtractMemory) -> Extracted:
    """The memories that would be made. Raises `Unavailable` when it takes too long,
    `Permanent` with the job's code when it cannot be done, `BadRequest`, `TooMany`.
    """
    inbound = await read_in_thread(context, request.messages, LIMITS.preview_tokens)
    await context.meter.tokens(inbound.tokens)
    ports, project = context.ports, context.project
    user = f"extract:{uuid.uuid4().hex}"
    job_request = JobRequest(
        Scope(project, user),
        user,
        ExtractPayload(),
        inbound,
        inbound.queue,
        wait=context.settings.sync_wait_s,
    )
    try:
        job = await accept(ports, job_request)
        await cancel_for_deletion(ports, [job])
    finally:
        await ports.messages.delete_where(project, user)
        await ports.jobs.delete_where(project, user)
    if not job.state.final:
        raise Unavailable("extraction takes longer than a request can wait")
    if job.state is not State.COMPLETED:
        code = job.error_code or Code.FAILED
        raise Permanent(job.error_message or "extraction failed", code=code)
    return _answer(job.extracted, frozenset(request.extraction_types))


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
