"""Memories listed: page by page, or one by its id, with the messages and places they
were read from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.memories.annotate_changes import up_to_date
from services.gateway.schemas.items import Item
from services.gateway.schemas.memories import GetMemory, Page
from services.gateway.wire.filter_parser import read_filters
from services.gateway.wire.presenters import PRESENTERS, original
from shared.contract import NOT_THERE
from shared.domain.memory import Kind, Memory, Origin, Status
from shared.errors import NotFound


async def page(context: RequestContext, request: GetMemory) -> Page:
    """One page of every kind that is asked for."""
    filters = read_filters(
        request.filter, context.settings.timezone, owner=request.owned_by
    )
    kinds = [kind for kind in Kind if _included(request, kind)]
    found = await asyncio.gather(
        *(
            context.ports.memories.page(
                context.project,
                request.owner,
                kind,
                (request.page - 1) * request.size,
                request.size,
                filters.user,
            )
            for kind in kinds
        )
    )
    found = [
        (await up_to_date(memories, context.project, context.ports.memories), total)
        for memories, total in found
    ]
    everything = [memory for memories, _ in found for memory in memories]
    sources, before = (
        await said(context, everything),
        await _before(context, everything),
    )
    shown = {
        kind: [_listed(memory, sources, before) for memory in memories]
        for kind, (memories, _) in zip(kinds, found, strict=True)
    }
    return _page(shown, max((total for _, total in found), default=0), request)


def _included(request: GetMemory, kind: Kind) -> bool:
    optional = {
        Kind.PREFERENCE: request.include_preference,
        Kind.TOOL: request.include_tool_memory,
        Kind.SKILL: request.include_skill,
    }
    return optional.get(kind, True)


def _page(shown: Mapping[Kind, Sequence[Any]], total: int, request: GetMemory) -> Page:
    return Page(
        memory_detail_list=list(shown.get(Kind.FACT, ())),
        preference_detail_list=list(shown.get(Kind.PREFERENCE, ())),
        tool_memory_detail_list=list(shown.get(Kind.TOOL, ())),
        skill_detail_list=list(shown.get(Kind.SKILL, ())),
        total=total,
        size=request.size,
        current=request.page,
        pages=-(-total // request.size),
    )


async def one(context: RequestContext, id: str) -> Item:
    """A memory by its id. Raises `NotFound` for one that is not there or not recalled any more."""
    memory = next(iter(await context.ports.memories.get(context.project, [id])), None)
    if memory is None or memory.status is not Status.ACTIVATED:
        raise NotFound(f"no memory {id}", code=NOT_THERE)
    (shown,) = await up_to_date([memory], context.project, context.ports.memories)
    return _listed(
        shown, await said(context, [memory]), await _before(context, [memory])
    )


async def _before(
    context: RequestContext, memories: Iterable[Memory]
) -> dict[str, Memory]:
    """What memories took the place of, by id; what was deleted is gone from their history too."""
    ids = list(dict.fromkeys(id for memory in memories for id in memory.replaced))
    return (
        {
            memory.id: memory
            for memory in await context.ports.memories.get(context.project, ids)
        }
        if ids
        else {}
    )


async def said(
    context: RequestContext, memories: Iterable[Memory]
) -> dict[str, dict[str, Any]]:
    """The messages that memories were read from, as they were sent, by id."""
    ids = list(
        dict.fromkeys(
            id
            for memory in memories
            for origin in memory.origins
            for id in origin.message_ids
        )
    )
    return (
        {
            message.id: original(message)
            for message in await context.ports.messages.get(context.project, ids)
        }
        if ids
        else {}
    )


def _listed(
    memory: Memory, sources: Mapping[str, dict[str, Any]], before: Mapping[str, Memory]
) -> Item:
    history = [
        {
            "id": id,
            "text": before[id].text,
            "create_time": before[id].created_at,
            "update_time": before[id].updated_at,
        }
        for id in memory.replaced
        if id in before
    ]
    read_from = [
        source for origin in memory.origins for source in _sources(origin, sources)
    ]
    return PRESENTERS[memory.kind](
        memory,
        {"sources": read_from, "info": dict(memory.info), "history": history or None},
    )


def _sources(
    origin: Origin, sources: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    messages = [sources[id] for id in origin.message_ids if id in sources]
    place = (
        {"file": origin.file, "page": origin.page}
        if origin.page
        else {"file": origin.file}
    )
    return [*messages, place] if origin.file else messages
