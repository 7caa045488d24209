"""Memories listed: page by page, or one by its id, with the messages and the places in
files that they were read from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.memories.annotate_changes import annotate_changes
from services.gateway.schemas.items import Item
from services.gateway.schemas.memories import GetMemory, Page
from services.gateway.wire.filter_parser import read_filters
from services.gateway.wire.presenters import PRESENTERS, original_message
from shared.contract import Code
from shared.domain.kinds import KINDS
from shared.domain.memory import Memory, Status
from shared.errors import NotFound

WireMessage = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where some memories come from."""

    messages: Mapping[str, WireMessage]
    """The messages that they were read from, as they were sent, by id."""

    replaced: Mapping[str, Memory]
    """The memories that they superseded, by id; deleted ones are missing."""


async def page_of_memories(context: RequestContext, request: GetMemory) -> Page:
    """One page of every kind that is asked for."""
    timezone = context.settings.timezone
    filters = read_filters(request.filter, timezone, owner=request.owned_by)
    store, offset = context.ports.memories, (request.page - 1) * request.size
    specs = [spec for spec in KINDS.values() if spec.listing.included(request)]
    reads = [
        store.page(
            context.project,
            request.owner,
            spec.kind,
            offset,
            request.size,
            filters.user,
            Status(request.status),
        )
        for spec in specs
    ]
    pages = await asyncio.gather(*reads)
    annotated: dict[str, list[Memory]] = {spec.wire_list: [] for spec in KINDS.values()}
    for spec, (memories, _) in zip(specs, pages, strict=True):
        annotated[spec.wire_list] = await annotate_changes(
            memories, context.project, store
        )
    every_memory = list(chain.from_iterable(annotated.values()))
    provenance = await provenance_of(context, every_memory)
    lists: dict[str, Any] = {
        wire_list: [listed_item(memory, provenance) for memory in memories]
        for wire_list, memories in annotated.items()
    }
    total = max((count for _, count in pages), default=0)
    return Page(
        **lists,
        total=total,
        size=request.size,
        current=request.page,
        pages=-(-total // request.size),
    )


async def memory_by_id(context: RequestContext, memory_id: str) -> Item:
    """One memory. Raises `NotFound` 40001 for one that does not exist or is archived."""
    memories = await context.ports.memories.get(context.project, [memory_id])
    if not memories or memories[0].status is not Status.ACTIVATED:
        raise NotFound(f"no memory {memory_id}", code=Code.NOT_THERE)
    (memory,) = await annotate_changes(
        memories[:1], context.project, context.ports.memories
    )
    return listed_item(memory, await provenance_of(context, [memory]))


async def provenance_of(
    context: RequestContext, memories: Sequence[Memory]
) -> Provenance:
    """Read at once what all of the memories come from."""
    message_ids: dict[str, None] = {}
    replaced_ids: dict[str, None] = {}
    for memory in memories:
        replaced_ids |= dict.fromkeys(memory.replaced)
        for origin in memory.origins:
            message_ids |= dict.fromkeys(origin.message_ids)
    ports, project = context.ports, context.project
    messages = (
        await ports.messages.get(project, list(message_ids)) if message_ids else []
    )
    replaced = (
        await ports.memories.get(project, list(replaced_ids)) if replaced_ids else []
    )
    return Provenance(
        messages={message.id: original_message(message) for message in messages},
        replaced={memory.id: memory for memory in replaced},
    )


def listed_item(memory: Memory, provenance: Provenance) -> Item:
    """A memory with its sources, its `info` and its history."""
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
                }
            )
    extras = {
        "sources": memory_sources(memory, provenance),
        "info": dict(memory.info),
        "history": history or None,
    }
    return PRESENTERS[memory.kind](memory, extras)


def memory_sources(memory: Memory, provenance: Provenance) -> list[dict[str, Any]]:
    """The messages that a memory was read from, and the places in files (`file`, and
    `page` from 1 where the file has pages).
    """
    sources: list[dict[str, Any]] = []
    for origin in memory.origins:
        sources += [
            provenance.messages[message_id]
            for message_id in origin.message_ids
            if message_id in provenance.messages
        ]
        if origin.file and origin.page:
            sources.append({"file": origin.file, "page": origin.page})
        elif origin.file:
            sources.append({"file": origin.file})
    return sources
