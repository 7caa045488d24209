"""Users, agents, apps and runs: listed, looked up, deleted with all that is theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from services.gateway.context.request_context import RequestContext
from services.gateway.jobs.cancel_for_deletion import cancel_for_deletion
from services.gateway.jobs.jobs_of_filter import MAX_JOBS
from services.gateway.mem0.entities import ANY, LABELS, Entity, EntityIds, ids_of
from services.gateway.mem0.present import Item
from services.gateway.memories.delete_memories import (
    NOTHING,
    delete_user,
    describes_some,
    user_exists,
)
from services.gateway.memories.export_import import users
from services.gateway.memories.owner_hold import hold_owner
from shared.contract import Code
from shared.domain.job import Job, State
from shared.domain.job_payload import AddPayload, FeedbackPayload
from shared.domain.scope import DEFAULT_CONVERSATION, RECORDS, is_of_user
from shared.errors import BadRequest, NotFound
from shared.jobs.owner_lease import owner_lease

_UNFINISHED = (State.QUEUED, State.RUNNING)


async def entities(context: RequestContext, user: str = "") -> list[Item]:
    """All of the project, the users first, each type in alphabetical order; or the one
    user that is named.
    """
    store = context.ports.memories
    counted = await asyncio.gather(
        *(store.labels(context.project, label) for label in LABELS.values())
    )
    listed: list[Item] = []
    for type, counts in zip(Entity, counted, strict=True):
        names = set(counts)
        if type is Entity.USER:
            names |= set(await users(context))
        listed += [
            _entity(type, name, counts.get(name, 0))
            for name in sorted(names)
            if _is_entity(type, name)
        ]
    if user:
        return [e for e in listed if (e["type"], e["name"]) == (Entity.USER, user)]
    return listed


def _is_entity(type: Entity, name: str) -> bool:
    if type is Entity.USER:
        return is_of_user(name)
    return name not in (DEFAULT_CONVERSATION, RECORDS)


def _entity(type: Entity, name: str, memories: int) -> Item:
    """mem0 numbers entities; here a name is its id. When it was first and last used is
    not counted.
    """
    return {
        "id": name,
        "name": name,
        "type": type.value,
        "total_memories": memories,
        "owner": "",
        "metadata": None,
        "created_at": None,
        "updated_at": None,
    }


async def entity(context: RequestContext, type: str, name: str) -> Item:
    """One of them. Raises `NotFound`, `BadRequest` for a type that there is not."""
    kind = _type(type)
    counts = await context.ports.memories.labels(context.project, LABELS[kind])
    if name not in counts:
        raise NotFound(f"no {kind} {name}", code=Code.UNKNOWN_USER)
    return _entity(kind, name, counts[name])


async def delete_entity(context: RequestContext, type: str, name: str) -> None:
    """An entity with its memories; a user with the messages and jobs too. Raises
    `NotFound`, `BadRequest`.
    """
    kind = _type(type)
    if not await _exists(context, kind, name):
        raise NotFound(f"no {kind} {name}", code=Code.UNKNOWN_USER)
    await delete_all(context, EntityIds(**{kind.value: name}))


def _type(type: str) -> Entity:
    try:
        return Entity(type)
    except ValueError:
        raise BadRequest("Invalid entity type") from None


async def _exists(context: RequestContext, kind: Entity, name: str) -> bool:
    counts = await context.ports.memories.labels(context.project, LABELS[kind])
    if name in counts:
        return True
    return await user_exists(context, EntityIds(**{kind.value: name}).owner)


async def delete_all(context: RequestContext, entities: EntityIds) -> None:
    """The memories that belong to all of the entities; of a user or an owner named
    alone everything, messages and jobs too, and with any user named alone everything of
    every user. Raises `BadRequest` without any.
    """
    named = [id for id in entities.by_field().values() if id]
    if named == [ANY] and entities.user:
        await _delete_every_user(context)
        return
    filter, owner, project = entities.filter(), entities.owner, context.project
    is_alone = len(named) == 1
    await _remark_on_nothing(context, entities, is_alone)
    if is_alone:
        await delete_user(context, owner)
    if not (is_alone and entities.user):
        await _cancel_adds(context, entities)
        async with hold_owner(context.ports.leases, owner_lease(project, owner)):
            await context.ports.memories.delete_where(project, filter=filter)


async def _remark_on_nothing(
    context: RequestContext, entities: EntityIds, is_alone: bool
) -> None:
    """Add a remark where nothing belongs to all of the entities: the platform answers a
    deletion of nothing as it does any other.
    """
    if await describes_some(context, "", entities.filter()):
        return
    if not (is_alone and await user_exists(context, entities.owner)):
        context.remarks.append(NOTHING)


async def _cancel_adds(context: RequestContext, entities: EntityIds) -> None:
    """Unfinished adds for these entities would bring back what goes, whoever's they
    are: an agent, an app or a run labels the memories of users.
    """
    jobs, project, user = context.ports.jobs, context.project, entities.user
    if user and user != ANY:
        unfinished = await jobs.of_user(project, user, MAX_JOBS, _UNFINISHED)
    else:
        unfinished = await jobs.latest(project, MAX_JOBS, _UNFINISHED)
    wanted = {name: id for name, id in entities.by_field().items() if id}
    doomed = [job for job in unfinished if _is_for(job, wanted)]
    await cancel_for_deletion(context.ports, doomed)


def _is_for(job: Job, wanted: Mapping[str, str]) -> bool:
    """Whether a job is for all the entities that are wanted, by the names of their fields."""
    if not isinstance(job.payload, AddPayload | FeedbackPayload):
        return False
    have = ids_of(job.scope)
    return all(
        have[name] and (id == ANY or have[name] == id) for name, id in wanted.items()
    )


async def _delete_every_user(context: RequestContext) -> None:
    for user in await users(context):
        if is_of_user(user):
            await delete_user(context, user)
