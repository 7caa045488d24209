"""An add of the wire into requests for jobs: one for each participant."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.gateway.context.checks import require_reach
from services.gateway.context.request_context import RequestContext
from services.gateway.context.storage_quota import require_room
from services.gateway.context.webhook_url import webhook
from services.gateway.ingest.accept import JobRequest, accept, accept_group
from services.gateway.ingest.inbound import Inbound, read_messages
from services.gateway.schemas.add import Accepted, AddFeedback, AddMessage
from services.gateway.schemas.messages import FEEDBACK, MessageIn
from services.gateway.wire.expiry_remarks import past_expiry
from services.gateway.wire.unknown_names import unknown_views
from shared.contract import WireStatus
from shared.domain.identity import computed_id
from shared.domain.job import Job
from shared.domain.job_payload import AddPayload, FeedbackPayload, Queue
from shared.domain.scope import DEFAULT_CONVERSATION, Scope, agent_user
from shared.jobs.status import project_status


async def add_messages(
    context: RequestContext, request: AddMessage, fingerprint: str
) -> Accepted:
    """Accept an add, once for each participant. Raises `BadRequest` for messages that
    cannot be taken, `NotFound` with UNKNOWN_KNOWLEDGE_BASE, `TooMany`, `Forbidden` where
    the quota is used up or the key is not for a participant or for one user only and
    others are to find the memories.
    """
    await require_reach(context, request.options)
    webhook_url = await webhook(context, request.webhook_url)
    inbound = await read_in_thread(context, request.messages)
    await context.meter.tokens(inbound.tokens)
    await require_room(context, inbound.stored_bytes)
    common = JobRequest(
        Scope(context.project, ""),
        fingerprint,
        AddPayload(tuple(request.allow_memory_view)),
        inbound,
        inbound.queue,
        request.options,
        wait=seconds_to_wait(context, inbound, request.waits),
        legacy_status=request.legacy_status,
        raw_at_once=bool(context.settings.extract_model),
    )
    scopes = _participants(context.project, request)
    for scope in scopes:  # all of them or none: before the first is accepted
        context.access.require_scope(scope)
    first, *others = [
        replace(common, scope=scope, fingerprint=computed_id(fingerprint, scope.user))
        for scope in scopes
    ]
    requests = [replace(first, webhook=webhook_url), *others]
    jobs = await accept_group(context.ports, requests)
    return as_accepted(jobs, [*_remarks(context, request), *inbound.remarks])


def _remarks(context: RequestContext, request: AddMessage) -> Iterator[str]:
    """What of an add has not the effect that it seems to have."""
    yield from request.remarks()
    yield from unknown_views("allow_memory_view", request.allow_memory_view)
    yield from expiry_remarks(request)
    yield from unread_instructions(context, request.custom_extract_prompt)


def unread_instructions(
    context: RequestContext, instructions: Mapping[str, str]
) -> Iterator[str]:
    """A remark where there is no model to read instructions."""
    if instructions and not context.settings.extract_model:
        yield "instructions have no effect without a language model"


def expiry_remarks(request: AddMessage) -> Iterator[str]:
    """A remark where what is added has expired already."""
    written, expires_at = request.expiration_date, request.options.expires_at
    return past_expiry(written, expires_at, "what is added")


async def add_feedback(
    context: RequestContext, request: AddFeedback, fingerprint: str
) -> Accepted:
    """Accept a feedback. Raises `NotFound` with UNKNOWN_KNOWLEDGE_BASE, `TooMany`,
    `Forbidden` where a key for one user lets others find what comes of it.
    """
    await require_reach(context, request.options)
    webhook_url = await webhook(context, request.webhook_url)
    scope = Scope(
        context.project,
        request.user_id,
        request.conversation_id or DEFAULT_CONVERSATION,
        request.agent_id,
        request.app_id,
    )
    job_request = await feedback_request(
        context,
        scope,
        fingerprint,
        request.feedback_content,
        request.feedback_time,
        webhook=webhook_url,
        options=request.options,
        legacy_status=await _is_of_old_client(context, request.user_id),
    )
    job = await accept(context.ports, job_request)
    remarks = [*request.remarks(), *remarks_on_feedback(job_request.inbound)]
    return as_accepted([job], remarks)


def remarks_on_feedback(inbound: Inbound) -> list[str]:
    """What of a feedback could not be read, by the names of its own fields."""
    return [
        remark.replace("messages.0.chat_time", "feedback_time")
        for remark in inbound.remarks
    ]


async def _is_of_old_client(context: RequestContext, user: str) -> bool:
    """Whether get/status is to answer a list for a feedback of this user. All releases
    of the published client send the same body for one, so what tells is the user's last
    request: old releases are known by their adds.
    """
    latest = await context.ports.jobs.of_user(context.project, user, 1)
    return bool(latest) and latest[0].legacy_status


async def feedback_request(
    context: RequestContext,
    scope: Scope,
    fingerprint: str,
    text: str,
    time: str,
    payload: FeedbackPayload | None = None,
    **more: Any,
) -> JobRequest:
    """The work of a feedback: its words are a message of the job, marked so that
    get/message leaves it out. `more` are fields of the request.
    """
    message = MessageIn.model_validate(
        {"role": "user", "content": text, "chat_time": time, FEEDBACK: True}
    )
    inbound = await read_in_thread(context, [message])
    await context.meter.tokens(inbound.tokens)
    return JobRequest(scope, fingerprint, payload or FeedbackPayload(), inbound, **more)


async def read_in_thread(
    context: RequestContext, messages: Sequence[MessageIn], most_tokens: int = 0
) -> Inbound:
    """The messages of a request, read in a thread: decoding files and reading odd times
    takes a while. `most_tokens` is the setting's unless given. Raises `BadRequest`.
    """
    settings = context.settings
    return await asyncio.to_thread(
        read_messages,
        messages,
        context.arrivals.next(),
        settings.timezone,
        most_tokens or settings.max_message_tokens,
        settings.redact,
    )


def seconds_to_wait(context: RequestContext, inbound: Inbound, waits: bool) -> float:
    """How long an add waits for its memories. Files are always read in the background."""
    if waits and inbound.queue is Queue.TEXT:
        return context.settings.sync_wait_s
    return 0.0


def as_accepted(jobs: Sequence[Job], remarks: Sequence[str] = ()) -> Accepted:
    """The jobs of one request as the wire's one task."""
    status = project_status(jobs)
    return Accepted(
        success=status is not WireStatus.FAILED,
        task_id=jobs[0].id,
        status=status,
        remarks=list(remarks) or None,
    )


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
    if label and users:
        return users
    agents = [
        Scope(project, agent_user(agent), conversation, agent, request.app_id)
        for agent in dict.fromkeys(request.agent_id)
    ]
    return users + agents
