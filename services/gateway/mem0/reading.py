"""Searches and lists of mem0's dialect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from zoneinfo import ZoneInfo

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.fast_memories import FAST
from services.gateway.mem0.filter_language import only_user, read_filters
from services.gateway.mem0.present import NO_GRAPH, SHOWN, Item, only, present
from services.gateway.mem0.sent_times import moment_of
from services.gateway.memories.annotate_changes import annotate_changes
from services.gateway.memories.newer_memories import View
from services.gateway.recall.recall_request import RecallRequest
from services.gateway.schemas.mem0 import ListedFields, ListMemories, SearchMemories
from services.gateway.search.search_memory import (
    count_query,
    half_life_of,
    recall_with_remarks,
)
from services.gateway.wire.unknown_names import unknown_names
from services.gateway.wire.wire_times import last_moment, now
from shared.all_listed import all_listed
from shared.contract import Code
from shared.domain.filter import Condition, Filter, Filters, Group
from shared.domain.kinds import KIND_OF_TYPE, STATEMENTS
from shared.domain.memory import Memory, Status
from shared.domain.memory_list import MemoryList
from shared.domain.scope import Reach
from shared.errors import NotFound

DEFAULT_PAGE = 100
"""Memories on a page where the client names no number."""

_STATEMENTS = Condition(
    "memory_type",
    "in",
    tuple(kind.value for kind, of in KIND_OF_TYPE.items() if of in STATEMENTS),
)
_REFINED = Group("not", (Condition("tags", "eq", FAST),))
"""Not the raw words of what is still being read: mem0 shows what came of them."""


def filter_of(context: RequestContext, request: ListedFields) -> Filter:
    """What a request lets through. Raises `BadRequest`."""
    return read_filters(request.all_filters, context.settings.timezone)


async def search(context: RequestContext, request: SearchMemories) -> list[Item]:
    """The facts and preferences that answer, best first, each with its `score`. Raises
    `BadRequest`.
    """
    filter = filter_of(context, request)
    await count_query(context, request.query)
    as_of = last_moment(request.as_of, context.settings.timezone, "as_of")
    user = context.access.owner or only_user(filter)
    reach = Reach(
        context.project,
        user=user,
        public=False,
        everybody=not user,
        expired=request.show_expired,
        as_of=as_of,
    )
    recall_request = RecallRequest(
        reach,
        request.query,
        limits=dict.fromkeys(sorted(STATEMENTS), request.top_k),
        relativity=request.threshold,
        filters=Filters(user=filter),
        now=moment_of(request.reference_date, context, "reference_date")
        or as_of
        or now(),
        zone=ZoneInfo(context.settings.timezone),
        half_life=await half_life_of(context, as_of),
    )
    context.remarks.extend(_in_vain(request))
    recalled = await recall_with_remarks(context, recall_request)
    matches = list(chain.from_iterable(recalled.matches.values()))
    matches.sort(key=lambda match: -match.relativity)
    return [
        only(request.fields, {**present(match.memory), "score": match.relativity})
        for match in matches[: request.top_k]
    ]


async def page(
    context: RequestContext, request: ListMemories
) -> tuple[list[Item], int]:
    """A page, the newest first, and the number of all. Raises `BadRequest`."""
    context.remarks.extend(_in_vain(request))
    size, wanted = request.page_size or DEFAULT_PAGE, _list_of(context, request)
    memories, total = await context.ports.memories.page(
        wanted.project,
        wanted.user,
        wanted.kind,
        ((request.page or 1) - 1) * size,
        size,
        wanted.filter,
        expired=wanted.expired,
        as_of=wanted.as_of,
    )
    return await _items(context, request, memories, wanted.as_of), total


async def latest(
    context: RequestContext, request: ListMemories, most: int
) -> list[Item]:
    """At most so many, the newest first, whatever page is asked for. Raises `BadRequest`."""
    wanted = _list_of(context, request)
    memories = await all_listed(context.ports.memories, wanted, most)
    return await _items(context, request, memories, wanted.as_of)


def _in_vain(request: ListedFields) -> Iterator[str]:
    """What is asked for and has no effect, for people."""
    yield from unknown_names("fields", request.fields, SHOWN)
    if request.enable_graph:
        yield NO_GRAPH


def _list_of(context: RequestContext, request: ListMemories) -> MemoryList:
    parts = (filter_of(context, request), _STATEMENTS, _REFINED)
    return MemoryList(
        context.project,
        context.access.owner or None,
        filter=Group("and", parts),
        expired=request.show_expired,
        as_of=last_moment(request.as_of, context.settings.timezone, "as_of"),
        newest_first=True,
    )


async def _items(
    context: RequestContext,
    request: ListMemories,
    memories: Sequence[Memory],
    as_of: int,
) -> list[Item]:
    """Memories as they are shown, with what has changed since."""
    owner = context.access.owner
    reach = Reach(
        context.project, owner, public=False, everybody=not owner, as_of=as_of
    )
    view = View(reach, Filters(user=filter_of(context, request)))
    noted = await annotate_changes(context, memories, as_of, view)
    return [only(request.fields, present(memory)) for memory in noted]


async def memory_item(context: RequestContext, memory_id: str) -> Item:
    """A memory by its id, expired or not. Raises `NotFound`."""
    memory = await activated(context, memory_id)
    (noted,) = await annotate_changes(context, [memory])
    return present(noted)


async def activated(context: RequestContext, memory_id: str) -> Memory:
    """A memory that has not been superseded. Raises `NotFound` 40307."""
    memories = await context.ports.memories.get(context.project, [memory_id])
    if not memories or memories[0].status is not Status.ACTIVATED:
        raise NotFound("Memory not found!", code=Code.UNKNOWN_MEMORY)
    return memories[0]
