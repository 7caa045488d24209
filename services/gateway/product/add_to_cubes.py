"""/product/add and /product/feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.gateway.context.request_context import RequestContext
from services.gateway.context.storage_quota import require_room
from services.gateway.ingest.accept import JobRequest, accept_all
from services.gateway.ingest.add_messages import (
    feedback_request,
    read_in_thread,
    remarks_on_feedback,
    seconds_to_wait,
)
from services.gateway.ingest.fast_memories import fast_memories
from services.gateway.ingest.inbound import Inbound
from services.gateway.schemas.messages import MessageIn
from services.gateway.schemas.product import Added, ProductAdd, ProductFeedback
from services.gateway.wire.unknown_names import unknown_ids
from shared.contract import Code
from shared.domain.identity import computed_id
from shared.domain.job import Job, Options, Outcome, State
from shared.domain.job_payload import EarlierMessage, FeedbackPayload
from shared.domain.memory import Memory
from shared.domain.scope import DEFAULT_CONVERSATION, Scope
from shared.errors import Permanent
from shared.jobs.clock import milliseconds
from shared.language.token_estimate import tokens

_IN_STORE = (Outcome.STORED, Outcome.MERGED, Outcome.SUPERSEDED)
"""Outcomes whose memory there is afterwards."""
_TALKING = ("user", "assistant")
"""Whose messages a feedback may be about."""
_MOST_BEFORE = 20
"""Messages of a history that count, as in chat (contract 2.1)."""
_LONGEST_BEFORE = 2000
"""Characters of such a message that are kept."""
_ANY_NUMBER = 10**9
"""Of tokens."""


async def add(
    context: RequestContext, request: ProductAdd, fingerprint: str
) -> list[Added]:
    """Remember in every cube. The memories that came of it: the raw ones, or the
    finished ones where they were waited for; all cubes have one deadline. Raises
    `BadRequest`, `TooMany`, `Permanent` when the job of a cube failed.
    """
    inbound = await read_in_thread(context, request.messages)
    context.remarks.extend(inbound.remarks)
    await context.meter.tokens(inbound.tokens)
    await require_room(context, inbound.stored_bytes)
    for cube in request.cubes:  # all of them or none: before the first is accepted
        context.access.require_user(context.project, cube)
    wait = seconds_to_wait(context, inbound, not request.async_mode)
    conversation = request.session_id or DEFAULT_CONVERSATION
    requests = [
        JobRequest(
            Scope(context.project, cube, conversation),
            computed_id(fingerprint, cube),
            inbound=inbound,
            queue=inbound.queue,
            options=Options(tuple(request.custom_tags), request.info),
            wait=wait,
        )
        for cube in request.cubes
    ]
    added: list[Added] = []
    for job in await accept_all(context.ports, requests):
        for memory in await _memories_of(context, job, inbound, raw=not wait):
            item = Added(
                memory=memory.text,
                memory_id=memory.id,
                memory_type=memory.type.value,
                cube_id=memory.scope.user,
            )
            added.append(item)
    return added


async def _memories_of(
    context: RequestContext, job: Job, inbound: Inbound, *, raw: bool
) -> Sequence[Memory]:
    """The finished memories of a job; while it runs the raw ones, where these are
    wanted.
    """
    if job.state in (State.FAILED, State.DEAD):
        raise Permanent(
            job.error_message or "the messages could not be read",
            code=job.error_code or Code.WRITE_FAILED,
        )
    if job.state.final:
        ids = [item.memory for item in job.receipts if item.outcome in _IN_STORE]
        return await context.ports.memories.get(context.project, ids) if ids else ()
    if raw:
        messages = inbound.messages_for(job.scope, job.id)
        return [embedded.memory for embedded in fast_memories(messages, job)]
    return ()


async def _unknown(context: RequestContext, ids: Sequence[str]) -> list[str]:
    stored = await context.ports.memories.get(context.project, ids) if ids else []
    return list(unknown_ids(ids, [memory.id for memory in stored]))


async def _said_before(
    context: RequestContext, history: Sequence[MessageIn]
) -> tuple[EarlierMessage, ...]:
    """The end of the conversation that was sent along, without the secrets that no other
    message keeps either. However long it is, it is only there to understand by. Raises
    `BadRequest` for content that cannot be read.
    """
    talk = [message for message in history if message.role in _TALKING]
    if len(talk) > _MOST_BEFORE:
        remark = f"history: the last {_MOST_BEFORE} messages of {len(talk)} count"
        context.remarks.append(remark)
    said = await read_in_thread(context, talk[-_MOST_BEFORE:], _ANY_NUMBER)
    before = [
        EarlierMessage(
            message.role,
            message.text[:_LONGEST_BEFORE],
            milliseconds(message.spoken_at),
        )
        for message in said.messages
        if message.text.strip()
    ]
    await context.meter.tokens(sum(tokens(message.text) for message in before))
    return tuple(before)


async def feedback(
    context: RequestContext, request: ProductFeedback, fingerprint: str
) -> list[Job]:
    """The jobs of a correction, one for each cube. Raises `BadRequest`, `TooMany`."""
    for cube in request.cubes:  # all of them or none: before the first is accepted
        context.access.require_user(context.project, cube)
    first, *others = request.cubes
    conversation = request.session_id or DEFAULT_CONVERSATION
    job_request = await feedback_request(
        context,
        Scope(context.project, first, conversation),
        fingerprint,
        request.feedback_content,
        request.feedback_time,
        FeedbackPayload(
            tuple(request.retrieved_memory_ids),
            await _said_before(context, request.history),
        ),
        options=Options(info=request.info),
        wait=0.0 if request.async_mode else context.settings.sync_wait_s,
    )
    context.remarks.extend(remarks_on_feedback(job_request.inbound))
    context.remarks.extend(await _unknown(context, request.retrieved_memory_ids))
    requests = [job_request]
    for cube in others:
        scope = Scope(context.project, cube, conversation)
        own = computed_id(fingerprint, cube)
        requests.append(replace(job_request, scope=scope, fingerprint=own))
    return list(await accept_all(context.ports, requests))
