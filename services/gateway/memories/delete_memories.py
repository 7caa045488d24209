"""delete/memory: gone means gone, from every index, before the answer (contract 1.7).

Work on the way would bring back what is deleted, so it is called off first; and a
request that was answered by what is now deleted can be made again.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.gateway.context.request_context import RequestContext
from services.gateway.jobs.cancel_for_deletion import cancel_for_deletion
from services.gateway.jobs.delete_sources import delete_sources
from services.gateway.schemas.memories import DeleteMemory
from services.gateway.wire.filter_parser import read_filter
from shared.contract import EMPTY, NOT_YOURS, UNKNOWN_MEMORY, UNKNOWN_USER
from shared.domain.filter import Condition, Filter, Group
from shared.domain.memory import KIND_OF_TYPE, Kind, Type
from shared.errors import BadRequest, Forbidden, NotFound
from shared.jobs.lookup import jobs_by_ids

_JOBS = 10_000


async def delete(context: RequestContext, request: DeleteMemory) -> None:
    """Delete what the order names. Raises `NotFound` 40307 / 40308, `Forbidden` 40306,
    `BadRequest` for an empty or unreadable filter.
    """
    if request.memory_ids:
        await _named(context, request.memory_ids, request.user_id)
        return
    wanted = _narrowed(context, request)
    if not request.user_id:
        assert wanted is not None
        await context.ports.memories.delete_where(context.project, filter=wanted)
    for user in request.user_id:
        await _of_user(context, user, wanted)


async def _named(
    context: RequestContext, ids: Sequence[str], owners: Sequence[str]
) -> None:
    """Memories by id: all of them or, when one is unknown or another user's, none."""
    memories = await context.ports.memories.get(context.project, ids)
    unknown = set(ids) - {memory.id for memory in memories}
    if unknown:
        raise NotFound(f"no memory {min(unknown)}", code=UNKNOWN_MEMORY)
    foreign = [
        memory.id for memory in memories if owners and memory.scope.user not in owners
    ]
    if foreign:
        raise Forbidden(f"memory {foreign[0]} belongs to another user", code=NOT_YOURS)
    await cancel_for_deletion(
        context.ports,
        await jobs_by_ids(
            context.ports.jobs, context.project, (memory.job for memory in memories)
        ),
    )
    await context.ports.memories.delete(context.project, ids)


async def _of_user(context: RequestContext, user: str, wanted: Filter | None) -> None:
    if not await is_known(context, user):
        raise NotFound(f"no user {user}", code=UNKNOWN_USER)
    if wanted is None:
        jobs = await context.ports.jobs.of_user(context.project, user, _JOBS)
        await cancel_for_deletion(context.ports, jobs)
        await delete_sources(context.ports, jobs)
        await context.ports.messages.delete_where(context.project, user)
    await context.ports.memories.delete_where(context.project, user, wanted)
    if wanted is None:
        await context.ports.jobs.delete_where(context.project, user)


async def is_known(context: RequestContext, user: str) -> bool:
    """Whether anything at all is kept of a user."""
    ports = context.ports
    if await ports.messages.latest(
        context.project, user, None, 1
    ) or await ports.jobs.of_user(context.project, user, 1):
        return True
    return any(
        [
            (await ports.memories.page(context.project, user, kind, 0, 1))[1]
            for kind in Kind
        ]
    )


def _narrowed(context: RequestContext, request: DeleteMemory) -> Filter | None:
    """The conditions on what is deleted; None for everything of a user."""
    conditions = [
        condition
        for condition in (
            Condition("agent_id", "eq", request.agent_id) if request.agent_id else None,
            _given(context, request),
            _of_type(request.memory_type),
        )
        if condition is not None
    ]
    return Group("and", tuple(conditions)) if conditions else None


def _given(context: RequestContext, request: DeleteMemory) -> Filter | None:
    if not request.filter:
        return None
    wanted = read_filter(request.filter, context.settings.timezone)
    if wanted is None:
        raise BadRequest("filter: must not be empty", code=EMPTY)
    return wanted


def _of_type(name: str) -> Filter | None:
    """Memories of a type by its own name, or of a kind (fact, preference, tool, skill)."""
    if not name:
        return None
    types = tuple(
        type.value for type in Type if name in (type.value, KIND_OF_TYPE[type].value)
    )
    if not types:
        raise BadRequest(f"memory_type: unknown type {name!r}")
    return Condition("memory_type", "in", types)
