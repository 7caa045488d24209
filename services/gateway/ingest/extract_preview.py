"""extract/memory: what would be remembered of some messages; nothing is kept (contract 1.11).

The workers extract, so this is a job too (work "extract"). It leaves its drafts in the
job's body under `extracted`, each with `type`, `title`, `text`, `tags` and `reasoning`.
Its messages lie meanwhile with a user of their own, of whom nothing stays.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.accept import JobRequest, accept
from services.gateway.ingest.add_messages import read_off_the_loop
from services.gateway.jobs.withdraw import cancel_jobs
from services.gateway.schemas.rerank import (
    Extracted,
    ExtractedFact,
    ExtractedPreference,
    ExtractMemory,
)
from shared.contract import Code
from shared.domain.job import Job, State
from shared.domain.memory import KIND_OF_TYPE, Kind, Type
from shared.domain.scope import Scope
from shared.errors import Permanent, Unavailable

MOST_TOKENS = 8000
_FACTS, _PREFERENCES = ("memory", "fact"), ("preference",)


async def extracted(context: RequestContext, request: ExtractMemory) -> Extracted:
    """What was found. Raises `Unavailable` when it takes too long, `Permanent` with the
    job's code when it cannot be done.
    """
    inbound = await read_off_the_loop(context, request.messages, MOST_TOKENS)
    await context.meter.tokens(inbound.tokens)
    nobody = f"extract:{uuid.uuid4().hex}"
    try:
        job = await accept(
            context.ports,
            JobRequest(
                Scope(context.project, nobody),
                nobody,
                work="extract",
                inbound=inbound,
                queue=inbound.queue,
                body={"extraction_types": request.extraction_types},
                wait=context.settings.sync_wait_s,
            ),
        )
        await cancel_jobs(context.ports, [job])
    finally:
        await context.ports.messages.delete_where(context.project, nobody)
        await context.ports.jobs.delete_where(context.project, nobody)
    return _shown(_drafts(job), request.extraction_types)


def _drafts(job: Job) -> Sequence[Mapping[str, Any]]:
    if not job.state.final:
        raise Unavailable("extraction takes longer than a request can wait")
    if job.state is not State.COMPLETED:
        raise Permanent(
            job.error_message or "extraction failed", code=job.error_code or Code.FAILED
        )
    drafts: Sequence[Mapping[str, Any]] = job.body.get("extracted") or ()
    return drafts


def _shown(drafts: Sequence[Mapping[str, Any]], types: Sequence[str]) -> Extracted:
    return Extracted(
        success=True,
        memory_detail_list=[
            _fact(draft)
            for draft in drafts
            if _wanted(types, _FACTS) and _kind(draft) is Kind.FACT
        ],
        preference_detail_list=[
            _preference(draft)
            for draft in drafts
            if _wanted(types, _PREFERENCES) and _kind(draft) is Kind.PREFERENCE
        ],
    )


def _wanted(types: Sequence[str], names: Sequence[str]) -> bool:
    return not types or any(name in types for name in names)


def _kind(draft: Mapping[str, Any]) -> Kind:
    return KIND_OF_TYPE[Type(draft["type"])]


def _fact(draft: Mapping[str, Any]) -> ExtractedFact:
    return ExtractedFact(
        memory_key=draft.get("title") or draft["text"],
        memory_value=draft["text"],
        memory_type=draft["type"],
        tags=list(draft.get("tags") or ()),
    )


def _preference(draft: Mapping[str, Any]) -> ExtractedPreference:
    return ExtractedPreference(
        preference=draft["text"],
        reasoning=draft.get("reasoning") or "",
        preference_type=draft["type"],
    )
