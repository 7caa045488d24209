"""/product/add and /product/feedback."""

from __future__ import annotations

from collections.abc import Sequence

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.accept import JobRequest, accept
from services.gateway.ingest.add_messages import feedback_order, read_off_the_loop
from services.gateway.ingest.fast_memories import fast_memories
from services.gateway.ingest.inbound import Inbound
from services.gateway.schemas.product import Added, ProductAdd, ProductFeedback
from shared.contract import Code
from shared.domain.identity import computed_id
from shared.domain.job import Job, Options, Outcome, State
from shared.domain.memory import Memory
from shared.domain.scope import DEFAULT_CONVERSATION, Scope
from shared.errors import Permanent

_MADE = (Outcome.STORED, Outcome.MERGED, Outcome.SUPERSEDED)


async def add(
    context: RequestContext, request: ProductAdd, fingerprint: str
) -> list[Added]:
    """Remember in every cube; the memories that came of it: the raw ones, or the
    finished ones where they were waited for.
    """
    inbound = await read_off_the_loop(
        context, request.messages, context.settings.max_message_tokens
    )
    await context.meter.tokens(inbound.tokens)
    wait = (
        0.0
        if request.async_mode or inbound.queue == "files"
        else context.settings.sync_wait_s
    )
    orders = [
        JobRequest(
            Scope(context.project, cube, request.session_id or DEFAULT_CONVERSATION),
            computed_id(fingerprint, cube),
            inbound=inbound,
            queue=inbound.queue,
            options=Options(tuple(request.custom_tags), request.info),
            wait=wait,
        )
        for cube in request.cubes
    ]
    jobs = [await accept(context.ports, each) for each in orders]
    return [
        _added(memory)
        for job in jobs
        for memory in await _made(context, job, inbound, not wait)
    ]


async def _made(
    context: RequestContext, job: Job, inbound: Inbound, asynchronous: bool
) -> Sequence[Memory]:
    """The finished memories of a job, or the raw ones that stand in for them meanwhile."""
    if job.state in (State.FAILED, State.DEAD):
        raise Permanent(
            job.error_message or "the messages could not be read",
            code=job.error_code or Code.WRITE_FAILED,
        )
    if not job.state.final:
        return (
            [
                each.memory
                for each in fast_memories(inbound.belonging(job.scope, job.id), job)
            ]
            if asynchronous
            else ()
        )
    made = [receipt.memory for receipt in job.receipts if receipt.outcome in _MADE]
    return await context.ports.memories.get(context.project, made) if made else ()


def _added(memory: Memory) -> Added:
    return Added(
        memory=memory.text,
        memory_id=memory.id,
        memory_type=memory.type.value,
        cube_id=memory.scope.user,
    )


async def feedback(
    context: RequestContext, request: ProductFeedback, fingerprint: str
) -> Job:
    """The job of a correction."""
    scope = Scope(
        context.project, request.cube, request.session_id or DEFAULT_CONVERSATION
    )
    return await accept(
        context.ports,
        await feedback_order(
            context,
            scope,
            fingerprint,
            request.feedback_content,
            request.feedback_time,
            options=Options(info=request.info),
            body={"memory_ids": request.retrieved_memory_ids},
            wait=0.0 if request.async_mode else context.settings.sync_wait_s,
        ),
    )
