"""An add of the wire into orders: one for each participant."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from services.gateway.accept import Order, accept, seen_through
from services.gateway.desk import Desk
from services.gateway.inbound import Inbound, read_messages
from services.gateway.owner import agents_own
from services.gateway.schemas.add import Accepted, AddFeedback, AddMessage
from services.gateway.schemas.messages import FEEDBACK, MessageIn
from services.gateway.shelves import all_known
from services.gateway.webhooks import webhook
from shared.domain.identity import computed_id
from shared.domain.job import COMPANIONS, Job, State
from shared.domain.scope import DEFAULT_CONVERSATION, Scope
from shared.wiring import Ports

WireStatus = Literal["running", "completed", "failed"]
_WORST_FIRST: Sequence[WireStatus] = ("running", "failed", "completed")


async def add_messages(desk: Desk, order: AddMessage, fingerprint: str) -> Accepted:
    """Accept an add, once for each participant. Raises `BadRequest` for messages that cannot be taken, `NotFound` 50120."""
    await all_known(desk, order.allow_knowledgebase_ids)
    hook = webhook(desk, order.webhook_url)
    inbound = await read_off_the_loop(desk, order.messages, desk.settings.max_message_tokens)
    await desk.meter.tokens(inbound.tokens)
    common = Order(
        Scope(desk.project, ""), fingerprint, inbound=inbound, queue=inbound.queue, legacy_status=order.legacy_status,
        wait=desk.settings.sync_wait_s if order.waits and inbound.queue == "text" else 0.0,
        options=order.options,
        body={"memory_views": order.allow_memory_view} if order.allow_memory_view else {})
    first, *others = [replace(common, scope=scope, fingerprint=computed_id(fingerprint, scope.user))
                      for scope in _participants(desk.project, order)]
    return await _accept_all(desk.ports, [replace(first, webhook=hook), *others])


async def add_feedback(desk: Desk, order: AddFeedback, fingerprint: str) -> Accepted:
    """Accept a feedback. Raises `NotFound` 50120."""
    await all_known(desk, order.allow_knowledgebase_ids)
    scope = Scope(desk.project, order.user_id, order.conversation_id or DEFAULT_CONVERSATION, order.agent_id, order.app_id)
    job = await accept(desk.ports, await feedback_order(
        desk, scope, fingerprint, order.feedback_content, order.feedback_time, webhook=webhook(desk, order.webhook_url),
        options=order.options))
    return as_accepted([job])


async def feedback_order(desk: Desk, scope: Scope, fingerprint: str, said: str, time: str, **more: Any) -> Order:
    """The work of a feedback: its words are a message of the job, marked so that get/message leaves it out."""
    message = MessageIn.model_validate({"role": "user", "content": said, "chat_time": time, FEEDBACK: True})
    inbound = await read_off_the_loop(desk, [message], desk.settings.max_message_tokens)
    await desk.meter.tokens(inbound.tokens)
    return Order(scope, fingerprint, work="feedback", inbound=inbound, **more)


async def _accept_all(ports: Ports, orders: Sequence[Order]) -> Accepted:
    """Every order accepted. Of several the first one's id is answered; its job names the others, so that its status is that of all."""
    first, *others = orders
    deadline = time.monotonic() + first.wait
    companions = [await accept(ports, replace(order, wait=0.0)) for order in others]
    job = await accept(ports, replace(first, body={**first.body, COMPANIONS: [job.id for job in companions]}) if companions else first)
    if first.wait:
        companions = [await seen_through(ports, companion, max(0.0, deadline - time.monotonic())) for companion in companions]
    return as_accepted([job, *companions])


def _participants(project: str, order: AddMessage) -> list[Scope]:
    """Each user; each agent, where there are several or no user at all. One agent beside users is only a label on their memories."""
    conversation = order.conversation_id or DEFAULT_CONVERSATION
    label = order.agent_id[0] if len(order.agent_id) == 1 else ""
    users = [Scope(project, user, conversation, label, order.app_id) for user in dict.fromkeys(order.user_id)]
    agents = () if label and users else dict.fromkeys(order.agent_id)
    return users + [Scope(project, agents_own(agent), conversation, agent, order.app_id) for agent in agents]


async def read_off_the_loop(desk: Desk, messages: Sequence[MessageIn], most_tokens: int) -> Inbound:
    """Messages understood, in a thread: decoding files and reading odd times takes a while. Raises `BadRequest`."""
    return await asyncio.to_thread(read_messages, messages, desk.arrivals.next(), desk.settings.timezone, most_tokens)


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
