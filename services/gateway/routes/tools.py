"""rerank and extract/memory: ranking and extraction, of what is not stored."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context
from services.gateway.ingest.extract_preview import (
    begin_preview,
    extract_preview,
    preview_result,
)
from services.gateway.schemas.base import Id
from services.gateway.schemas.tools import (
    Document,
    Extracted,
    ExtractedLater,
    ExtractMemory,
    Ranked,
    Rerank,
    Reranked,
    Usage,
)
from services.gateway.search.rerank_documents import rerank_documents
from services.http import Envelope, Json, TolerantRoute, answer
from shared.language.token_estimate import tokens

router = APIRouter(route_class=TolerantRoute, tags=["tools"])


@router.post(
    "/rerank", summary="Texts in the order of their relevance", response_model=Reranked
)
async def rerank(body: Rerank, context: Context) -> Json:
    """By a reranker where one is configured, else by words and by meaning, as memories
    are recalled. Answers without the envelope, as reranking services do.
    """
    token_count = sum(map(tokens, (body.query, *body.documents)))
    await context.meter.tokens(token_count)
    ranking = await rerank_documents(body.query, body.documents, context.recall_models)
    results = [
        Ranked(
            index=index,
            document=Document(text=body.documents[index]),
            relevance_score=score,
        )
        for index, score in ranking.places[: body.top_n]
    ]
    answered = Reranked(
        id=f"rerank-{uuid.uuid4().hex[:12]}",
        model=ranking.model or body.model,
        usage=Usage(prompt_tokens=token_count, total_tokens=token_count),
        results=results,
        remarks=list(body.remarks()) or None,
    )
    return Json(answered)


@router.post(
    "/extract/memory",
    summary="What would be remembered",
    response_model=Envelope[Extracted | ExtractedLater],
)
async def extract_memory(
    request: Request, body: ExtractMemory, context: Context
) -> Json:
    """Extracts facts and preferences and gives them back; nothing is stored."""
    if body.async_mode:
        return answer(request, await begin_preview(context, body))
    return answer(request, await extract_preview(context, body))


@router.get(
    "/extract/memory/{task_id}",
    summary="The result of an asynchronous extraction",
    response_model=Envelope[ExtractedLater],
)
async def extracted_memory(request: Request, task_id: Id, context: Context) -> Json:
    """It can be asked for until the end of the next day (UTC)."""
    return answer(request, await preview_result(context, task_id))
