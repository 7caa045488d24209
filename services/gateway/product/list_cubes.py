"""Cubes listed: their memories by kind, and what a playground shows of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.memories.annotate_changes import up_to_date
from services.gateway.product.cube_presenters import shown
from services.gateway.schemas.product import Bucket, GetAll, ProductGet, ProductListed
from services.gateway.schemas.search import Recalling
from services.gateway.search.search_memory import recall_matches
from services.gateway.wire.filter_parser import read_filters
from shared.domain.filter import Filter
from shared.domain.memory import Kind, Memory, Status

_AT_ONCE, _MOST = 500, 10_000


async def listed(context: RequestContext, request: ProductGet) -> ProductListed:
    """A cube's memories of the kinds asked for, all of them or a page."""
    filter = read_filters(request.filter, context.settings.timezone).user
    wanted = {
        Kind.FACT: True,
        Kind.PREFERENCE: request.include_preference,
        Kind.TOOL: request.include_tool_memory,
        Kind.SKILL: request.include_skill_memory,
    }
    found = await asyncio.gather(
        *(
            _of_kind(context, request, kind, filter) if wanted[kind] else _nothing()
            for kind in Kind
        )
    )
    buckets: Mapping[Kind, list[Bucket]] = dict(zip(Kind, found, strict=True))
    return ProductListed(
        text_mem=buckets[Kind.FACT],
        pref_mem=buckets[Kind.PREFERENCE],
        tool_mem=buckets[Kind.TOOL],
        skill_mem=buckets[Kind.SKILL],
    )


async def _nothing() -> list[Bucket]:
    return []


async def _of_kind(
    context: RequestContext, request: ProductGet, kind: Kind, filter: Filter | None
) -> list[Bucket]:
    cube = request.mem_cube_id
    if request.page is None and request.page_size is None:
        memories: Sequence[Memory] = await every(context, cube, kind, filter)
        total = len(memories)
    else:
        size = request.page_size or 20
        memories, total = await context.ports.memories.page(
            context.project, cube, kind, ((request.page or 1) - 1) * size, size, filter
        )
    told = await up_to_date(memories, context.project, context.ports.memories)
    return [
        Bucket(
            cube_id=cube,
            memories=[shown(memory, cube) for memory in told],
            total_nodes=total,
        )
    ]


async def every(
    context: RequestContext, cube: str, kind: Kind, filter: Filter | None = None
) -> list[Memory]:
    """All memories of a kind, the newest first; at most ten thousand."""
    found: list[Memory] = []
    for offset in range(0, _MOST, _AT_ONCE):
        page, total = await context.ports.memories.page(
            context.project, cube, kind, offset, _AT_ONCE, filter
        )
        found += page
        if not page or len(found) >= total:
            break
    return found


async def by_ids(context: RequestContext, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Memories by id, those that there are."""
    found = await context.ports.memories.get(context.project, ids) if ids else []
    told = await up_to_date(
        [memory for memory in found if memory.status is Status.ACTIVATED],
        context.project,
        context.ports.memories,
    )
    return [shown(memory, memory.scope.user) for memory in told]


async def everything(context: RequestContext, request: GetAll) -> list[dict[str, Any]]:
    """Every cube as a graph: its memories are the nodes; there are no edges here.
    Activation and parameter memories do not exist.
    """
    cubes = request.mem_cube_ids or [request.user_id]
    return [
        await _graph(context, cube, request)
        if request.memory_type == "text_mem"
        else _empty(cube)
        for cube in cubes
    ]


async def _graph(context: RequestContext, cube: str, request: GetAll) -> dict[str, Any]:
    memories = (
        await _searched(context, cube, request.search_query)
        if request.search_query
        else await every(context, cube, Kind.FACT)
    )
    nodes = [shown(memory, cube) for memory in memories]
    children = [
        {"id": memory.id, "node_name": memory.title, "memory_type": memory.type.value}
        for memory in memories
    ]
    by_type = Counter(memory.type.value for memory in memories)
    return {
        "cube_id": cube,
        "memories": [
            {
                "nodes": nodes,
                "edges": [],
                "tree_structure": {"node_name": cube, "children": children},
            }
        ],
        "memory_statistics": {"total": len(nodes), **by_type},
    }


def _empty(cube: str) -> dict[str, Any]:
    return {"cube_id": cube, "memories": [], "memory_statistics": {"total": 0}}


async def _searched(context: RequestContext, cube: str, query: str) -> list[Memory]:
    found = await recall_matches(
        context,
        Recalling(query=query, memory_limit_number=25, include_preference=False),
        cube,
    )
    return [match.memory for match in found[Kind.FACT]]
