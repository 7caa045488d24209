"""Cubes listed: their memories by kind, and as the graph that a playground shows."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.memories.annotate_changes import annotate_changes
from services.gateway.memories.newer_memories import View
from services.gateway.product.cube_presenters import present_cube_memory
from services.gateway.schemas.kind_fields import Bucket
from services.gateway.schemas.product import GetAll, ProductGet, ProductListed
from services.gateway.schemas.search import Recalling
from services.gateway.search.search_memory import recall_matches
from services.gateway.wire.filter_parser import read_filters
from services.gateway.wire.filter_remarks import filter_remarks
from services.gateway.wire.unknown_names import unknown_ids
from shared.all_listed import all_listed
from shared.domain.filter import Filter, Filters
from shared.domain.kinds import KINDS
from shared.domain.memory import Kind, Memory, Status
from shared.domain.memory_list import MemoryList
from shared.domain.scope import Reach

_MAX_LISTED = 10_000
"""Memories of one kind in a listing without pages."""

_DEFAULT_PAGE = 20
"""Memories on a page whose size is not given."""

_MAX_GRAPH_MATCHES = 25
"""Memories in the graph of a search."""


async def list_cube(context: RequestContext, request: ProductGet) -> ProductListed:
    """A cube's memories of the kinds asked for, all of them or a page. Where there are
    none, what the filter asks for that there may not be is remarked.
    """
    filters = read_filters(request.filter, context.settings.timezone)
    specs = [spec for spec in KINDS.values() if spec.cube_listing.included(request)]
    buckets = await asyncio.gather(
        *(kind_bucket(context, request, spec.kind, filters) for spec in specs)
    )
    if not any(bucket.total_nodes for bucket in buckets):
        context.remarks.extend(filter_remarks(filters))
    lists: dict[str, Any] = {spec.cube_list: [] for spec in KINDS.values()}
    for spec, bucket in zip(specs, buckets, strict=True):
        lists[spec.cube_list].append(bucket)
    return ProductListed(**lists)


async def kind_bucket(
    context: RequestContext, request: ProductGet, kind: Kind, filters: Filters
) -> Bucket:
    """A cube's memories of one kind, with the number of all of them."""
    project, store, cube = context.project, context.ports.memories, request.mem_cube_id
    if request.page is None and request.page_size is None:
        memories = await all_of_kind(context, cube, kind, filters.user)
        total = len(memories)
    else:
        size = request.page_size or _DEFAULT_PAGE
        offset = ((request.page or 1) - 1) * size
        memories, total = await store.page(
            project, cube, kind, offset, size, filters.user
        )
    view = View(Reach(project, cube), filters)
    annotated = await annotate_changes(context, memories, view=view)
    return Bucket(
        cube_id=cube,
        memories=[present_cube_memory(memory, cube) for memory in annotated],
        total_nodes=total,
    )


async def all_of_kind(
    context: RequestContext, cube: str, kind: Kind, user_filter: Filter | None = None
) -> list[Memory]:
    """All memories of a kind, the newest first; at most ten thousand."""
    wanted = MemoryList(
        context.project, cube, kind, filter=user_filter, newest_first=True
    )
    return await all_listed(context.ports.memories, wanted, _MAX_LISTED)


async def memories_by_id(
    context: RequestContext, ids: Sequence[str]
) -> list[dict[str, Any]]:
    """The memories of these ids that exist and are not archived; the others are
    remarked.
    """
    store = context.ports.memories
    stored = await store.get(context.project, ids) if ids else []
    activated = [memory for memory in stored if memory.status is Status.ACTIVATED]
    context.remarks.extend(unknown_ids(ids, [memory.id for memory in activated]))
    annotated = await annotate_changes(context, activated)
    return [present_cube_memory(memory, memory.scope.user) for memory in annotated]


async def cube_graphs(context: RequestContext, request: GetAll) -> list[dict[str, Any]]:
    """Every cube as a graph: its memories are the nodes; there are no edges. Activation
    and parameter memories do not exist, so their cubes are empty.
    """
    cubes = request.mem_cube_ids or [request.user_id]
    if request.memory_type == "text_mem":
        return [await cube_graph(context, cube, request.search_query) for cube in cubes]
    return [
        {"cube_id": cube, "memories": [], "memory_statistics": {"total": 0}}
        for cube in cubes
    ]


async def cube_graph(context: RequestContext, cube: str, query: str) -> dict[str, Any]:
    """The facts of a cube, or those that a query recalls, as nodes of a graph."""
    if query:
        search = Recalling(
            query=query,
            memory_limit_number=_MAX_GRAPH_MATCHES,
            include_preference=False,
        )
        matches = await recall_matches(context, search, cube)
        memories = [match.memory for match in matches[Kind.FACT]]
    else:
        memories = await all_of_kind(context, cube, Kind.FACT)
    nodes = [present_cube_memory(memory, cube) for memory in memories]
    children = [
        {"id": memory.id, "node_name": memory.title, "memory_type": memory.type.value}
        for memory in memories
    ]
    tree = {"node_name": cube, "children": children}
    by_type = Counter(memory.type.value for memory in memories)
    return {
        "cube_id": cube,
        "memories": [{"nodes": nodes, "edges": [], "tree_structure": tree}],
        "memory_statistics": {"total": len(nodes), **by_type},
    }
