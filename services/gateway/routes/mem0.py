"""mem0's platform API: memories (docs/clients/mem0.md). Out of the documentation of the
routes, which is the Cloud's.
"""

from __future__ import annotations

import ast
from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.gateway.context.request_context import (
    Context,
    RequestContext,
    fingerprint,
)
from services.gateway.mem0 import changing, entity_lists, reading
from services.gateway.mem0.adding import add, entities_of, refuse_unserved, remarks_on
from services.gateway.mem0.as_given import add_as_given
from services.gateway.mem0.events import results_of, status_of
from services.gateway.mem0.mem0_route import (
    Mem0Route,
    bare,
    refuse_further,
    remarked,
    validated,
)
from services.gateway.mem0.paging import with_links
from services.gateway.schemas.mem0 import (
    AddMemories,
    ChangedMemory,
    ChangedOne,
    ChangedSeveral,
    DeletedSeveral,
    Feedback,
    ListMemories,
    SearchMemories,
)
from services.http import Json
from services.http.sent_query import whole_query
from shared.contract import Code
from shared.domain.job import Job
from shared.errors import BadRequest

PREFIX = "/mem0"
router = APIRouter(route_class=Mem0Route, prefix=PREFIX, include_in_schema=False)

_ENTITY_NAMES = ("user_id", "agent_id", "app_id", "run_id")
_PENDING = "Memory processing has been queued for background execution"
_STORED = "Memories stored successfully"


WholeQuery = Annotated[dict[str, Any], Depends(whole_query)]


def _sent_page(
    page: str = "", page_size: str = "", limit: str = "", top_k: str = ""
) -> dict[str, str]:
    """Which page the query of a list asks for, beside its body."""
    sent = {"page": page, "page_size": page_size, "limit": limit, "top_k": top_k}
    return {name: number for name, number in sent.items() if number}


SentPage = Annotated[dict[str, str], Depends(_sent_page)]


@router.post("/v3/memories/add")
@router.post("/v1/memories")
async def add_memories(request: Request, body: AddMemories, context: Context) -> Json:
    """Remember messages. It answers at once, as the platform does; with `async_mode`
    false when the memories can be found, with `infer` false when they are stored.
    """
    refuse_unserved(body)
    if not body.infer:
        job = await add_as_given(context, body)
    else:
        purpose = "mem0 add"
        job = await add(
            context, body, await fingerprint(request, context.project, purpose)
        )
    return Json(await _added(context, request, body, job))


async def _added(
    context: RequestContext, request: Request, body: AddMemories, job: Job
) -> Any:
    """The answer to an add in the form of its release."""
    status = status_of(job)
    answer: dict[str, Any] = {
        "message": _STORED if job.state.final else _PENDING,
        "status": status if job.state.final else "PENDING",
        "event_id": job.id,
    }
    context.remarks[:0] = [*body.remarks(), *remarks_on(body)]
    context.remarks.extend(job.remarks)
    if context.remarks:
        answer["remarks"] = context.remarks
    if job.state.final:
        answer["results"] = (await results_of(context, [job]))[job.id]
        return answer
    if _version(request) == "v1" and body.output_format:
        return {"results": [answer], "relations": []}
    return [answer] if _version(request) == "v1" else answer


@router.post("/v3/memories/search")
@router.post("/v2/memories/search")
@router.post("/v1/memories/search")
async def search(request: Request, body: SearchMemories, context: Context) -> Json:
    """The memories that answer a query, best first: under `results`, or bare where the
    release reads a list.
    """
    _refuse_beside(body, request)
    results = await reading.search(context, body)
    if _version(request) == "v3" or body.output_format:
        return remarked(context, {"results": results}, body)
    return bare(context, results, body)


@router.post("/v3/memories")
@router.post("/v2/memories")
async def list_by_filters(
    request: Request, body: ListMemories, context: Context, sent_page: SentPage
) -> Json:
    """A page, the newest first; all at once (at most 100) where a release of v2 names
    none. The query counts before the body.
    """
    given = body.model_dump(exclude_unset=True)
    if sent_page.keys() - {"page"}:  # whatever it calls the size
        given.pop("page_size", None)
    listed = validated(ListMemories, {**given, **sent_page})
    return await _listed(context, request, listed, body)


@router.get("/v1/memories")
async def list_by_query(request: Request, context: Context, query: WholeQuery) -> Json:
    """The same for what old releases put into the query of the URL."""
    listed = validated(ListMemories, query)
    return await _listed(context, request, listed)


async def _listed(
    context: RequestContext, request: Request, listed: ListMemories, *sent: ListMemories
) -> Json:
    """A page in the form of its release; `sent`: what the list was read from, if not from
    what the client sent.
    """
    _refuse_beside(listed, request)
    items, total = await reading.page(context, listed)
    if _version(request) == "v3" or listed.page is not None:
        size = listed.page_size or reading.DEFAULT_PAGE
        page = with_links(request, items, total, listed.page or 1, size)
        return remarked(context, page, *sent, listed)
    if listed.output_format:
        return remarked(context, {"results": items}, *sent, listed)
    return bare(context, items, *sent, listed)


@router.delete("/v1/memories")
async def delete_all(context: Context, named: WholeQuery) -> Json:
    """The memories of the entities that are named, gone before the answer."""
    if "filters" in named:
        named = {**_deleting_filters(named.pop("filters")), **named}
    refuse_further(named, _ENTITY_NAMES)
    given = {name: id for name, id in named.items() if name in _ENTITY_NAMES}
    for name, id in given.items():
        if not isinstance(id, str | int) or id == "":  # it would narrow nothing
            raise BadRequest(f"{name}: an id is expected", code=Code.MISSING)
    ids = {name: str(id) for name, id in given.items()}
    body = AddMemories.model_construct(filters=ids)
    await entity_lists.delete_all(context, entities_of(body))
    return remarked(context, {"message": "Memories deleted successfully!"})


@router.get("/v1/memories/{memory_id}/history")
async def history(memory_id: str, context: Context) -> Json:
    """What a memory said, the oldest first."""
    return Json(await changing.history(context, _uuid(memory_id)))


@router.get("/v1/memories/{entity_type}/{entity_id}")
async def memories_of(
    request: Request,
    entity_type: str,
    entity_id: str,
    context: Context,
    query: WholeQuery,
) -> Json:
    """A page of the memories of one entity."""
    field = f"{entity_type}_id"
    if field not in _ENTITY_NAMES:
        raise BadRequest("Invalid entity type")
    listed = validated(ListMemories, {"page": 1, **query, field: entity_id})
    return await _listed(context, request, listed)


@router.get("/v1/memories/{memory_id}")
async def get(memory_id: str, context: Context) -> Json:
    """A memory, expired or not."""
    return Json(await reading.memory_item(context, _uuid(memory_id)))


@router.put("/v1/memories/{memory_id}")
async def update(memory_id: str, body: ChangedMemory, context: Context) -> Json:
    """Change a memory; what it said before stays in its history."""
    changed = await changing.update(context, _uuid(memory_id), body)
    return remarked(context, changed, body)


@router.delete("/v1/memories/{memory_id}")
async def delete(
    request: Request, memory_id: str, context: Context, delete_linked: bool = False
) -> Json:
    """Delete a memory; with `delete_linked` those that it superseded too."""
    refuse_further(request.query_params, ("delete_linked",))
    further = await changing.delete(context, [_uuid(memory_id)], delete_linked)
    answer: dict[str, Any] = {"message": "Memory deleted successfully!"}
    return Json(answer | ({"cascade_count": further} if delete_linked else {}))


@router.put("/v1/batch")
async def batch_update(body: ChangedSeveral, context: Context) -> Json:
    """Change up to a thousand memories, all of them or none."""
    changes = [validated(ChangedOne, given) for given in body.memories]
    count = await changing.update_several(context, changes)
    message = f"Successfully updated {count} memories"
    return remarked(context, {"message": message}, body)


@router.delete("/v1/batch")
async def batch_delete(body: DeletedSeveral, context: Context) -> Json:
    """Delete up to a thousand memories, all of them or none."""
    for named in body.memories:
        _uuid(named.memory_id)
    count = await changing.delete_several(context, body.memories)
    message = f"Successfully deleted {count} memories"
    return remarked(context, {"message": message}, body)


@router.post("/v1/feedback")
async def feedback(body: Feedback, context: Context) -> Json:
    """A thumb on a memory."""
    return remarked(context, await changing.give_feedback(context, body), body)


def _version(request: Request) -> str:
    """v1, v2 or v3: the first part of the path."""
    return str(request.scope["path"]).removeprefix(PREFIX).split("/")[1]


def _uuid(memory_id: str) -> str:
    try:
        return str(UUID(memory_id))
    except ValueError:
        raise BadRequest("memory_id should be a valid UUID") from None


def _refuse_beside(body: SearchMemories | ListMemories, request: Request) -> None:
    """From v3 on entities stand in `filters` only, and the platform says so."""
    beside = [name for name in _ENTITY_NAMES if getattr(body, name)]
    if beside and _version(request) == "v3":
        raise BadRequest(f"{', '.join(beside)}: must be given in filters")


def _deleting_filters(written: Any) -> dict[str, Any]:
    """The `filters` of a deletion: the newest clients write a dict as Python does.
    Raises `BadRequest` where they are none: passed over they would narrow nothing.
    """
    read: Any = None
    with suppress(ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        read = ast.literal_eval(written)
    if not isinstance(read, dict) or not read:
        raise BadRequest("filters: an object is expected that is not empty")
    return {str(key): value for key, value in read.items()}
