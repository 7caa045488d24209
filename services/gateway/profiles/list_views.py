"""Profiles and events of an owner, listed (`include_memory_view` of get/memory)."""

from __future__ import annotations

import asyncio

from services.gateway.context.request_context import RequestContext
from services.gateway.profiles.known_profile import known_profile
from services.gateway.profiles.profile_presenters import present_profiles
from services.gateway.schemas.view_items import Profile
from shared.all_listed import all_listed
from shared.domain.filter import Filter, Filters
from shared.domain.memory import Kind, Memory, Status
from shared.domain.memory_list import MemoryList
from shared.language.fact_views import EVENT, view_of

NO_PROFILE_OF_A_DAY = "as_of: a profile is as it is now; ask for other views"
MOST = 2000
"""Latest facts among which events are looked for."""


async def profiles_of(
    context: RequestContext, owner: str, filters: Filters
) -> list[Profile]:
    """The profiles of an owner, as far as filters let them through. Raises `BadRequest`
    as the next.
    """
    store, project = context.ports.profile_templates, context.project
    entries, bindings = await asyncio.gather(
        known_profile(context, owner, filters), store.bindings(project, owner)
    )
    ids = {binding.template for binding in bindings}
    ids |= {entry.template for entry in entries if entry.template}
    templates = await store.get(project, list(ids)) if ids else []
    return present_profiles(entries, bindings, {t.id: t for t in templates})


async def events_of(
    context: RequestContext,
    owner: str,
    filter: Filter | None,
    as_of: int = 0,
    status: Status = Status.ACTIVATED,
    *,
    expired: bool = False,
) -> list[Memory]:
    """The facts of an owner that are events, newest first; where a moment is given,
    those that were known then (`Reach.as_of`). `expired`: with those that have.
    Raises `BadRequest` for a filter with a comparison that its field does not have.
    """
    wanted = MemoryList(
        context.project,
        owner,
        Kind.FACT,
        filter=filter,
        status=status,
        expired=expired,
        as_of=as_of,
        newest_first=True,
    )
    facts = await all_listed(context.ports.memories, wanted, MOST)
    return [fact for fact in facts if not fact.fast and view_of(fact) == EVENT]
