"""Whether a request that is sent again gets the job of the first one.

Only where what that answer says is still true: the work is done again where it came to
nothing, where what it stored has been deleted or replaced since, and where it was an order
("forget ...") behind which more was said.
"""

from __future__ import annotations

from shared.domain.job import Job, Outcome, Receipt, State
from shared.domain.memory import Memory, Status
from shared.wiring import Ports

DUPLICATE_WITHIN_MS = 120_000
"""Milliseconds within which the same request sent again is the same request; it is so
for as long as the first is worked on, too.
"""
_ORDERS = (Outcome.ARCHIVED, Outcome.RESTORED)


async def answers(ports: Ports, earlier: Job, at: int) -> bool:
    """Whether a request that is sent again at `at` gets an earlier job. Raises
    `Unavailable`.
    """
    if not earlier.state.final:
        return True
    is_old = at - earlier.created_at > DUPLICATE_WITHIN_MS
    if is_old or earlier.state is not State.COMPLETED or earlier.undo is not None:
        return False
    return await _stands(ports, earlier) and not await _is_overtaken(ports, earlier)


async def _stands(ports: Ports, job: Job) -> bool:
    """Whether all that a job answered to be known is so still. What the job replaced
    itself was said in the same request.
    """
    ids = {id for id in map(_known, job.receipts) if id}
    if not ids:
        return True
    memories = await ports.memories.get(job.scope.project, list(ids))
    standing = {memory.id for memory in memories if _is_standing(memory, job)}
    return standing == ids


def _known(receipt: Receipt) -> str:
    """The id of the memory that is known by what a receipt says; "" for none."""
    if receipt.outcome in (Outcome.STORED, Outcome.SUPERSEDED):
        return receipt.memory
    return receipt.other if receipt.outcome is Outcome.MERGED else ""


def _is_standing(memory: Memory, job: Job) -> bool:
    is_own_change = memory.last_change.by in ("", job.id)
    return memory.status is Status.ACTIVATED or is_own_change


async def _is_overtaken(ports: Ports, job: Job) -> bool:
    """Whether a job carried out an order and its user has asked for more since: what it
    forgot may be known again by now.
    """
    if all(receipt.outcome not in _ORDERS for receipt in job.receipts):
        return False
    latest = await ports.jobs.of_user(job.scope.project, job.scope.user, 1)
    return bool(latest) and latest[0].id != job.id
