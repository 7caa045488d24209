"""An add of the wire into orders: one for each participant."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from services.gateway.context.checks import require_knowledge_bases
from services.gateway.context.request_context import RequestContext
from services.gateway.context.webhook_url import webhook
from services.gateway.ingest.accept import JobRequest, accept, seen_through
from services.gateway.ingest.inbound import Inbound, read_messages
from services.gateway.schemas.add import Accepted, AddFeedback, AddMessage
from services.gateway.schemas.messages import FEEDBACK, MessageIn
from shared.domain.identity import computed_id
from shared.domain.job import Job, State
from shared.domain.job_payload import AddPayload, FeedbackPayload, Queue
from shared.domain.scope import DEFAULT_CONVERSATION, Scope, agent_user
from shared.wiring import Ports

WireStatus = Literal["running", "completed", "failed"]
_WORST_FIRST: Sequence[WireStatus] = ("running", "failed", "completed")


async def add_messages(
    context: RequestContext, request: AddMessage, fingerprint: str
) -> Accepted:
    """Accept an add, once for each participant. Raises `BadRequest` for messages that
    cannot be taken, `NotFound` 50120.
    """
    await require_knowledge_bases(context, request.allow_knowledgebase_ids)
    hook = webhook(context, request.webhook_url)
    inbound = await read_off_the_loop(
        context, request.messages, context.settings.max_message_tokens
    )
    await context.meter.tokens(inbound.tokens)
    common = JobRequest(
        Scope(context.project, ""),
        fingerprint,
        inbound=inbound,
        queue=inbound.queue,
        legacy_status=request.legacy_status,
        wait=context.settings.sync_wait_s
        if request.waits and inbound.queue is Queue.TEXT
        else 0.0,
        options=request.options,
        payload=AddPayload(tuple(request.allow_memory_view)),
    )
    first, *others = [
        replace(common, scope=scope, fingerprint=computed_id(fingerprint, scope.user))
        for scope in _participants(context.project, request)
    ]
    return await _accept_all(context.ports, [replace(first, webhook=hook), *others])


async def add_feedback(
    context: RequestContext, request: AddFeedback, fingerprint: str
) -> Accepted:
    """Accept a feedback. Raises `NotFound` 50120."""
    await require_knowledge_bases(context, request.allow_knowledgebase_ids)
    scope = Scope(
        context.project,
        request.user_id,
        request.conversation_id or DEFAULT_CONVERSATION,
        request.agent_id,
        request.app_id,
    )
    job = await accept(
        context.ports,
        await feedback_order(
            context,
            scope,
            fingerprint,
            request.feedback_content,
            request.feedback_time,
            webhook=webhook(context, request.webhook_url),
            options=request.options,
        ),
    )
    return as_accepted([job])


async def feedback_order(
    context: RequestContext,
    scope: Scope,
    fingerprint: str,
    said: str,
    time: str,
    payload: FeedbackPayload | None = None,
    **more: Any,
) -> JobRequest:
    """The work of a feedback: its words are a message of the job, marked so that
    get/message leaves it out.
    """
    message = MessageIn.model_validate(
        {"role": "user", "content": said, "chat_time": time, FEEDBACK: True}
    )
    inbound = await read_off_the_loop(
        context, [message], context.settings.max_message_tokens
    )
    await context.meter.tokens(inbound.tokens)
    return JobRequest(scope, fingerprint, payload or FeedbackPayload(), inbound, **more)


async def _accept_all(ports: Ports, orders: Sequence[JobRequest]) -> Accepted:
    """Every order accepted. Of several the first one's id is answered; its job names
    the others, so that its status is that of all.
    """
    first, *others = orders
    deadline = time.monotonic() + first.wait
    companions = [await accept(ports, replace(request, wait=0.0)) for request in others]
    job = await accept(
        ports,
        replace(first, companions=tuple(job.id for job in companions)),
    )
    if first.wait:
        companions = [
            await seen_through(ports, companion, max(0.0, deadline - time.monotonic()))
            for companion in companions
        ]
    return as_accepted([job, *companions])


def _participants(project: str, request: AddMessage) -> list[Scope]:
    """Each user; each agent, where there are several or no user at all. One agent
    beside users is only a label on their memories.
    """
    conversation = request.conversation_id or DEFAULT_CONVERSATION
    label = request.agent_id[0] if len(request.agent_id) == 1 else ""
    users = [
        Scope(project, user, conversation, label, request.app_id)
        for user in dict.fromkeys(request.user_id)
    ]
    agents = () if label and users else dict.fromkeys(request.agent_id)
    return users + [
        Scope(project, agent_user(agent), conversation, agent, request.app_id)
        for agent in agents
    ]


async def read_off_the_loop(
    context: RequestContext, messages: Sequence[MessageIn], most_tokens: int
) -> Inbound:
    """Messages understood, in a thread: decoding files and reading odd times takes a
    while. Raises `BadRequest`.
    """
    return await asyncio.to_thread(
        read_messages,
        messages,
        context.arrivals.next(),
        context.settings.timezone,
        most_tokens,
    )


def as_accepted(jobs: Sequence[Job]) -> Accepted:
    """The jobs of one request as the wire's one task."""
    status = together([wire_status(job.state) for job in jobs])
    return Accepted(success=status != "failed", task_id=jobs[0].id, status=status)


def together(statuses: Sequence[WireStatus]) -> WireStatus:
    """One status for several jobs: running while any runs, failed when any failed."""
    return next((status for status in _WORST_FIRST if status in statuses), "completed")


def wire_status(state: State) -> WireStatus:
    """The three words the wire has for the life of a job."""
    if not state.final:
        return "running"
    return "completed" if state is State.COMPLETED else "failed"
