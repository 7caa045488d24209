"""/product/add and /product/feedback."""

from __future__ import annotations

from collections.abc import Sequence

from services.gateway.accept import Order, accept
from services.gateway.adding import feedback_order, read_off_the_loop
from services.gateway.desk import Desk
from services.gateway.inbound import Inbound
from services.gateway.schemas.product import Added, ProductAdd, ProductFeedback
from services.gateway.turns import fast_memories
from services.http.codes import WRITE_FAILED
from shared.domain.identity import computed_id
from shared.domain.job import Job, Options, Outcome, State
from shared.domain.memory import Memory
from shared.domain.scope import DEFAULT_CONVERSATION, Scope
from shared.errors import Permanent

_MADE = (Outcome.STORED, Outcome.MERGED, Outcome.SUPERSEDED)


async def add(desk: Desk, order: ProductAdd, fingerprint: str) -> list[Added]:
    """Remember in every cube; the memories that came of it: the raw ones, or the finished ones where they were waited for."""
    inbound = await read_off_the_loop(desk, order.messages, desk.settings.max_message_tokens)
    await desk.meter.tokens(inbound.tokens)
    wait = 0.0 if order.async_mode or inbound.queue == "files" else desk.settings.sync_wait_s
    orders = [
        Order(Scope(desk.project, cube, order.session_id or DEFAULT_CONVERSATION), computed_id(fingerprint, cube), inbound=inbound,
              queue=inbound.queue, options=Options(tuple(order.custom_tags), order.info), wait=wait)
        for cube in order.cubes]
    jobs = [await accept(desk.ports, each) for each in orders]
    return [_added(memory) for job in jobs for memory in await _made(desk, job, inbound, not wait)]


async def _made(desk: Desk, job: Job, inbound: Inbound, asynchronous: bool) -> Sequence[Memory]:
    """The finished memories of a job, or the raw ones that stand in for them meanwhile."""
    if job.state in (State.FAILED, State.DEAD):
        raise Permanent(job.error_message or "the messages could not be read", code=job.error_code or WRITE_FAILED)
    if not job.state.final:
        return [each.memory for each in fast_memories(inbound.belonging(job.scope, job.id), job)] if asynchronous else ()
    made = [receipt.memory for receipt in job.receipts if receipt.outcome in _MADE]
    return await desk.ports.memories.get(desk.project, made) if made else ()


def _added(memory: Memory) -> Added:
    return Added(memory=memory.text, memory_id=memory.id, memory_type=memory.type.value, cube_id=memory.scope.user)


async def feedback(desk: Desk, order: ProductFeedback, fingerprint: str) -> Job:
    """The job of a correction."""
    scope = Scope(desk.project, order.cube, order.session_id or DEFAULT_CONVERSATION)
    return await accept(desk.ports, await feedback_order(
        desk, scope, fingerprint, order.feedback_content, order.feedback_time, options=Options(info=order.info),
        body={"memory_ids": order.retrieved_memory_ids}, wait=0.0 if order.async_mode else desk.settings.sync_wait_s))
