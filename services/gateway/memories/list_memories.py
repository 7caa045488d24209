"""Memories listed: page by page, or one by its id, with the messages and the places in
files that they were read from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.memories.annotate_changes import annotate_changes
from services.gateway.memories.newer_memories import View
from services.gateway.memories.versions import superseded_memories
from services.gateway.product.cube_presenters import present_cube_memory
from services.gateway.profiles.list_views import (
    NO_PROFILE_OF_A_DAY,
    events_of,
    profiles_of,
)
from services.gateway.profiles.profile_presenters import present_event
from services.gateway.schemas.items import Item
from services.gateway.schemas.memories import GetMemory, Page
from services.gateway.search.search_views import views_of
from services.gateway.wire.filter_parser import read_filters
from services.gateway.wire.filter_remarks import filter_remarks
from services.gateway.wire.presenters import (
    PRESENTERS,
    original_message,
    present_thumbs,
)
from services.gateway.wire.unknown_names import unknown_views
from services.gateway.wire.wire_times import last_moment
from shared.contract import Code
from shared.domain.filter import Filter, Filters
from shared.domain.kinds import KINDS, Kind, KindSpec
from shared.domain.memory import Memory, Status, message_ids_of
from shared.domain.scope import Reach
from shared.domain.validity import period_of
from shared.errors import BadRequest, NotFound
from shared.language.fact_views import EVENT, PROFILE

WireMessage = dict[str, Any]
_EVENTS = "event_detail_list"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where some memories come from."""

    messages: Mapping[str, WireMessage]
    """The messages that they were read from, as they were sent, by id."""

    replaced: Mapping[str, Memory]
    """The memories that they superseded, by id; deleted and forgotten ones are missing."""


async def page_of_memories(context: RequestContext, request: GetMemory) -> Page:
    """One page of every kind, or of every view, that is asked for."""
    views = views_of(request.include_memory_view)
    timezone = context.settings.timezone
    filters = read_filters(request.filter, timezone, owner=request.owned_by)
    as_of = _as_of(request, views, timezone)
    specs = [spec for spec in KINDS.values() if _is_listed(spec, request, views)]
    pages = await _pages(context, request, [s.kind for s in specs], filters.user, as_of)
    memories = {
        spec.wire_list: page for spec, (page, _) in zip(specs, pages, strict=True)
    }
    totals = [count for _, count in pages]
    if EVENT in views:
        events = await events_of(
            context,
            request.owner,
            filters.user,
            as_of,
            Status(request.status),
            expired=request.show_expired,
        )
        totals.append(len(events))
        offset = (request.page - 1) * request.size
        memories[_EVENTS] = events[offset : offset + request.size]
    view = View(Reach(context.project, request.owner, as_of=as_of), filters)
    lists = await _listed(context, memories, view)
    if PROFILE in views:
        lists["profile_detail_list"] = await profiles_of(
            context, request.owner, filters
        )
    total = max(totals, default=0)
    return Page(
        **lists,
        total=total,
        size=request.size,
        current=request.page,
        pages=-(-total // request.size),
        remarks=_remarks(request, filters, lists) or None,
    )


def _remarks(
    request: GetMemory, filters: Filters, lists: Mapping[str, Any]
) -> list[str]:
    """What of the request means nothing here."""
    views = unknown_views("include_memory_view", request.include_memory_view)
    remarks = [*request.remarks(), *views]
    return remarks if any(lists.values()) else remarks + filter_remarks(filters)


async def _pages(
    context: RequestContext,
    request: GetMemory,
    kinds: Sequence[Kind],
    filter: Filter | None,
    as_of: int,
) -> list[tuple[list[Memory], int]]:
    """The page that is asked for of each kind, with the number of all."""
    reads = [
        context.ports.memories.page(
            context.project,
            request.owner,
            kind,
            (request.page - 1) * request.size,
            request.size,
            filter,
            Status(request.status),
            expired=request.show_expired,
            as_of=as_of,
        )
        for kind in kinds
    ]
    return await asyncio.gather(*reads)


def _as_of(request: GetMemory, views: Collection[str], timezone: str) -> int:
    """The moment as of which is listed; 0 for now. Raises `BadRequest`."""
    as_of = last_moment(request.as_of, timezone, "as_of")
    if as_of and PROFILE in views:
        raise BadRequest(NO_PROFILE_OF_A_DAY)
    if as_of and Status(request.status) is not Status.ACTIVATED:
        raise BadRequest("as_of: not together with a status")
    return as_of


def _is_listed(spec: KindSpec, request: GetMemory, views: Collection[str]) -> bool:
    return spec.view in views if views else spec.listing.included(request)


async def _listed(
    context: RequestContext, memories: Mapping[str, list[Memory]], view: View
) -> dict[str, Any]:
    """The items of each list by its name, with what has changed and where it was read;
    a list for every kind.
    """
    annotated: dict[str, list[Memory]] = {spec.wire_list: [] for spec in KINDS.values()}
    for name, of_list in memories.items():
        annotated[name] = await annotate_changes(
            context, of_list, view.reach.as_of, view
        )
    provenance = await provenance_of(
        context, list(chain.from_iterable(annotated.values()))
    )
    lists: dict[str, Any] = {}
    for name, of_list in annotated.items():
        present = present_event if name == _EVENTS else present_memory
        lists[name] = [
            present(memory, listing_extras(memory, provenance)) for memory in of_list
        ]
    return lists


async def memory_by_id(context: RequestContext, memory_id: str) -> Item:
    """One memory. Raises `NotFound` 40001 for one that does not exist or is archived."""
    memories = await context.ports.memories.get(context.project, [memory_id])
    if not memories or memories[0].status is not Status.ACTIVATED:
        raise NotFound(f"no memory {memory_id}", code=Code.NOT_THERE)
    (memory,) = await annotate_changes(context, memories[:1])
    return _in_both_forms(memory, await provenance_of(context, [memory]))


def _in_both_forms(memory: Memory, provenance: Provenance) -> Item:
    """As lists show it, and beside that as the open-source server does: the memos CLI
    reads the sources there.
    """
    item = listed_item(memory, provenance)
    cube_form = present_cube_memory(memory, memory.scope.user)
    metadata = {**cube_form["metadata"], "sources": item.sources}
    return item.model_copy(update={"memory": memory.text, "metadata": metadata})


async def provenance_of(
    context: RequestContext, memories: Sequence[Memory]
) -> Provenance:
    """Read at once what all of the memories come from."""
    message_ids: dict[str, None] = {}
    replaced_ids: dict[str, None] = {}
    for memory in memories:
        replaced_ids |= dict.fromkeys(memory.replaced)
        message_ids |= dict.fromkeys(message_ids_of(memory.origins))
    ports, project = context.ports, context.project
    messages = (
        await ports.messages.get(project, list(message_ids)) if message_ids else []
    )
    replaced = await superseded_memories(ports.memories, project, list(replaced_ids))
    return Provenance(
        messages={message.id: original_message(message) for message in messages},
        replaced={memory.id: memory for memory in replaced},
    )


def listed_item(memory: Memory, provenance: Provenance) -> Item:
    """A memory with its sources, its `info` and its history."""
    return present_memory(memory, listing_extras(memory, provenance))


def present_memory(memory: Memory, extras: Mapping[str, Any]) -> Item:
    """A memory of any kind."""
    return PRESENTERS[memory.kind](memory, extras)


def listing_extras(memory: Memory, provenance: Provenance) -> dict[str, Any]:
    """The sources of a memory, its `info` and its history."""
    history = []
    for replaced_id in memory.replaced:
        replaced = provenance.replaced.get(replaced_id)
        if replaced is not None:
            history.append(
                {
                    "id": replaced_id,
                    "text": replaced.text,
                    "create_time": replaced.created_at,
                    "update_time": replaced.updated_at,
                    "valid_from": period_of(replaced).since,
                    "valid_until": period_of(replaced).until,
                }
            )
    return {
        "sources": memory_sources(memory, provenance),
        "info": dict(memory.info),
        "history": history or None,
        "thumbs": present_thumbs(memory),
    }


def memory_sources(
    memory: Memory, provenance: Provenance, *, with_ids: bool = False
) -> list[dict[str, Any]]:
    """The messages that a memory was read from (`with_ids`: with their `message_id`),
    and the places in files (`file`, and `page` from 1 where the file has pages).
    """
    sources: list[dict[str, Any]] = []
    for origin in memory.origins:
        for message_id in origin.message_ids:
            if message_id in provenance.messages:
                named = {"message_id": message_id} if with_ids else {}
                sources.append({**named, **provenance.messages[message_id]})
        if origin.file and origin.page:
            sources.append({"file": origin.file, "page": origin.page})
        elif origin.file:
            sources.append({"file": origin.file})
    return sources
