"""search/memory."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context
from services.gateway.schemas.search import Found, SearchMemory
from services.gateway.search.search_answer import search
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["memories"])


@router.post(
    "/search/memory",
    summary="Recall what bears on a query",
    response_model=Envelope[Found],
)
async def search_memory(request: Request, body: SearchMemory, context: Context) -> Json:
    """The user's memories, the project's public ones and those of the named knowledge
    bases, the most relevant first.

    `conversation_id` raises that conversation's memories and hides no others; `filter`
    does hide.
    """
    results = await search(context, body)
    response = answer(request, results)
    if results.context_etag:
        response.headers["ETag"] = f'"{results.context_etag}"'
    return response
