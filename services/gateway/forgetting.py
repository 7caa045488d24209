"""delete/memory: gone means gone, from every index, before the answer (contract 1.7).

Work on the way would bring back what is deleted, so it is called off first; and a request that was answered by what is now deleted can be
made again.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.gateway.desk import Desk
from services.gateway.discard import discard
from services.gateway.filters import read_filter
from services.gateway.schemas.memories import DeleteMemory
from services.gateway.withdraw import call_off, jobs_named
from services.http.codes import EMPTY, NOT_YOURS, UNKNOWN_MEMORY, UNKNOWN_USER
from shared.domain.filter import Condition, Filter, Group
from shared.domain.memory import KIND_OF_TYPE, Kind, Type
from shared.errors import BadRequest, Forbidden, NotFound

_JOBS = 10_000


async def delete(desk: Desk, order: DeleteMemory) -> None:
    """Delete what the order names. Raises `NotFound` 40307 / 40308, `Forbidden` 40306, `BadRequest` for an empty or unreadable filter."""
    if order.memory_ids:
        await _named(desk, order.memory_ids, order.user_id)
        return
    wanted = _narrowed(desk, order)
    if not order.user_id:
        assert wanted is not None
        await desk.ports.memories.delete_where(desk.project, filter=wanted)
    for user in order.user_id:
        await _of_user(desk, user, wanted)


async def _named(desk: Desk, ids: Sequence[str], owners: Sequence[str]) -> None:
    """Memories by id: all of them or, when one is unknown or another user's, none."""
    memories = await desk.ports.memories.get(desk.project, ids)
    unknown = set(ids) - {memory.id for memory in memories}
    if unknown:
        raise NotFound(f"no memory {min(unknown)}", code=UNKNOWN_MEMORY)
    foreign = [memory.id for memory in memories if owners and memory.scope.user not in owners]
    if foreign:
        raise Forbidden(f"memory {foreign[0]} belongs to another user", code=NOT_YOURS)
    await call_off(desk.ports, await jobs_named(desk.ports, desk.project, (memory.job for memory in memories)))
    await desk.ports.memories.delete(desk.project, ids)


async def _of_user(desk: Desk, user: str, wanted: Filter | None) -> None:
    if not await is_known(desk, user):
        raise NotFound(f"no user {user}", code=UNKNOWN_USER)
    if wanted is None:
        jobs = await desk.ports.jobs.of_user(desk.project, user, _JOBS)
        await call_off(desk.ports, jobs)
        await discard(desk.ports, jobs)
        await desk.ports.messages.delete_where(desk.project, user)
    await desk.ports.memories.delete_where(desk.project, user, wanted)
    if wanted is None:
        await desk.ports.jobs.delete_where(desk.project, user)


async def is_known(desk: Desk, user: str) -> bool:
    """Whether anything at all is kept of a user."""
    ports = desk.ports
    if await ports.messages.latest(desk.project, user, None, 1) or await ports.jobs.of_user(desk.project, user, 1):
        return True
    return any([(await ports.memories.page(desk.project, user, kind, 0, 1))[1] for kind in Kind])


def _narrowed(desk: Desk, order: DeleteMemory) -> Filter | None:
    """The conditions on what is deleted; None for everything of a user."""
    conditions = [condition for condition in (
        Condition("agent_id", "eq", order.agent_id) if order.agent_id else None,
        _given(desk, order), _of_type(order.memory_type)) if condition is not None]
    return Group("and", tuple(conditions)) if conditions else None


def _given(desk: Desk, order: DeleteMemory) -> Filter | None:
    if not order.filter:
        return None
    wanted = read_filter(order.filter, desk.settings.timezone)
    if wanted is None:
        raise BadRequest("filter: must not be empty", code=EMPTY)
    return wanted


def _of_type(name: str) -> Filter | None:
    """Memories of a type by its own name, or of a kind (fact, preference, tool, skill)."""
    if not name:
        return None
    types = tuple(type.value for type in Type if name in (type.value, KIND_OF_TYPE[type].value))
    if not types:
        raise BadRequest(f"memory_type: unknown type {name!r}")
    return Condition("memory_type", "in", types)
