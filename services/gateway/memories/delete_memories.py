"""delete/memory: deleted from every index before the answer (contract 1.7).

An unfinished job would write back what is deleted, so it is cancelled first, and so would
another request that has read it: the lease of its owner is held. A request whose memories
are deleted can be sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from services.gateway.context.request_context import RequestContext
from services.gateway.jobs.cancel_for_deletion import cancel_for_deletion
from services.gateway.jobs.delete_jobs import delete_jobs, remove_mentions
from services.gateway.jobs.jobs_of_filter import jobs_of_filter
from services.gateway.memories.erasure_receipts import counted, leave_receipt
from services.gateway.memories.owner_hold import hold_owner, hold_owners_of
from services.gateway.schemas.memories import DeleteMemory
from services.gateway.wire.filter_parser import deleting_filter
from services.gateway.wire.filter_remarks import filter_remarks
from shared.contract import Code
from shared.domain.erasure import Erased, subject_of
from shared.domain.filter import Condition, Filter, Filters, Group
from shared.domain.memory import KIND_OF_TYPE, Status, Type
from shared.errors import BadRequest, Forbidden, NotFound
from shared.jobs.lookup import jobs_by_ids
from shared.jobs.owner_lease import owner_lease

NOTHING = "nothing was deleted: there is no such memory"
JOBS_AT_ONCE = 1000
"""Jobs of a user that are cancelled and deleted together."""


async def delete_memories(context: RequestContext, request: DeleteMemory) -> bool:
    """Delete what the request names; whether that was anything: conditions that describe
    no memory are remarked. Raises `NotFound` 40307 / 40308, `Forbidden` 40306,
    `BadRequest` for an empty or unreadable filter.
    """
    context.usage.forget(context.project)
    if request.memory_ids:
        await _delete_by_id(context, request.memory_ids, request.user_id)
        return True
    condition = deletion_filter(request, context.settings.timezone)
    users = list(dict.fromkeys(request.user_id))
    is_any = condition is None or await _describes_any(context, users, condition)
    if not is_any:
        context.remarks.append(NOTHING)
        context.remarks.extend(filter_remarks(Filters(user=condition)))
    for user in users:  # all of them, before anything goes
        if not await user_exists(context, user):
            raise NotFound(f"no user {user}", code=Code.UNKNOWN_USER)
    for user in users:
        if condition is None:
            await delete_user(context, user)
        else:
            await _delete_by_filter(context, user, condition)
    if not users:
        assert condition is not None
        await _delete_by_filter(context, "", condition)
    return is_any


async def _describes_any(
    context: RequestContext, users: Sequence[str], condition: Filter
) -> bool:
    """Whether a condition describes a memory of one of the users, or of anybody."""
    for user in users or [""]:
        if await describes_some(context, user, condition):
            return True
    return False


async def describes_some(context: RequestContext, user: str, condition: Filter) -> bool:
    """Whether a condition describes any memory of a user, or without one of anybody and
    of the knowledge bases.
    """
    project, ports = context.project, context.ports
    places = [""]
    if not user:
        every = await ports.knowledge_bases.all(project)
        places += [knowledge_base.id for knowledge_base in every]
    for place, status in product(places, Status):
        _, total = await ports.memories.page(
            project,
            user or None,
            None,
            0,
            1,
            condition,
            status,
            expired=True,
            knowledge_base=place,
        )
        if total:
            return True
    return False


async def _delete_by_filter(
    context: RequestContext, user: str, condition: Filter
) -> None:
    """What a filter describes, of a user or, where it is empty, of the project: of that
    no single lease says who writes.
    """
    project, ports = context.project, context.ports
    jobs = await jobs_of_filter(ports.jobs, project, user, condition)
    await cancel_for_deletion(ports, jobs)
    async with hold_owner(ports.leases, owner_lease(project, user)):
        await ports.memories.delete_where(project, user, condition)
    await leave_receipt(context, Erased.MEMORIES, user)


async def _delete_by_id(
    context: RequestContext, ids: Sequence[str], owners: Sequence[str]
) -> None:
    """Memories by id: all of them or, when one is unknown or another user's, none."""
    memories = await context.ports.memories.get(context.project, ids)
    unknown = set(ids) - {memory.id for memory in memories}
    if unknown:
        raise NotFound(f"no memory {min(unknown)}", code=Code.UNKNOWN_MEMORY)
    for memory in memories:
        if owners and memory.scope.user not in owners:
            message = f"memory {memory.id} belongs to another user"
            raise Forbidden(message, code=Code.NOT_YOURS)
    job_ids = [memory.job for memory in memories]
    jobs = await jobs_by_ids(context.ports.jobs, context.project, job_ids)
    await cancel_for_deletion(context.ports, jobs)
    async with hold_owners_of(context.ports.leases, memories):
        await context.ports.memories.delete(context.project, ids)
    await remove_mentions(context.ports, context.project, job_ids, ids)
    owner = memories[0].scope.user if len(memories) == 1 else ""
    await leave_receipt(context, Erased.MEMORIES, owner, {"memories": len(memories)})


async def delete_user(context: RequestContext, user: str) -> None:
    """Everything of a user: jobs, files that wait to be read, messages, memories."""
    project, ports = context.project, context.ports
    counts = await counted(context, user=user)
    # Some jobs at a time, and their messages last: they name the files.
    while jobs := await ports.jobs.of_user(project, user, JOBS_AT_ONCE):
        await delete_jobs(ports, context.unguarded, project, jobs)
    async with hold_owner(ports.leases, owner_lease(project, user)):
        await ports.messages.delete_where(project, user)
        await ports.memories.delete_where(project, user)
    await ports.profile_templates.unbind(project, user)
    await ports.jobs.delete_where(project, user)
    await _leave_audit_log(context, user)
    await leave_receipt(context, Erased.USER, user, counts)


async def _leave_audit_log(context: RequestContext, user: str) -> None:
    """What was done stays there; about whom, only who knows the id can tell."""
    alias = subject_of(context.project, user)
    await context.ports.audit.rename(context.project, user, alias)
    context.access.aliases[user] = alias


async def user_exists(context: RequestContext, user: str) -> bool:
    """Whether a message, a job, a memory of any status or a binding to a profile of a user
    is stored.
    """
    project, ports = context.project, context.ports
    if await ports.messages.latest(project, user, None, 1):
        return True
    if await ports.jobs.of_user(project, user, 1):
        return True
    for status in Status:
        _, total = await ports.memories.page(
            project, user, None, 0, 1, status=status, expired=True
        )
        if total:
            return True
    return bool(await ports.profile_templates.bindings(project, user))


def deletion_filter(request: DeleteMemory, timezone: str) -> Filter | None:
    """The conditions on what is deleted; None for everything of a user. Raises
    `BadRequest`.
    """
    conditions: list[Filter] = []
    if request.agent_id:
        conditions.append(Condition("agent_id", "eq", request.agent_id))
    if request.filter is not None:
        conditions.append(deleting_filter(request.filter, timezone))
    if request.memory_type:
        conditions.append(type_condition(request.memory_type))
    return Group("and", tuple(conditions)) if conditions else None


def type_condition(name: str) -> Condition:
    """Memories of a type by its own name, or of a kind (fact, preference, tool, skill).
    Raises `BadRequest`.
    """
    types = [
        memory_type.value
        for memory_type in Type
        if name in (memory_type.value, KIND_OF_TYPE[memory_type].value)
    ]
    if not types:
        raise BadRequest(f"memory_type: unknown type {name!r}")
    return Condition("memory_type", "in", tuple(types))
