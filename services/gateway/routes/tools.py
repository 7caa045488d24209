"""rerank and extract/memory: the machinery without the memory."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context
from services.gateway.ingest.extract_preview import extract_preview
from services.gateway.schemas.rerank import (
    Document,
    Extracted,
    ExtractMemory,
    Ranked,
    Rerank,
    Reranked,
    Usage,
)
from services.gateway.search.rerank_documents import reranked
from services.gateway.wire.token_estimate import tokens
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["tools"])


@router.post(
    "/rerank", summary="Texts in the order of their relevance", response_model=Reranked
)
async def rerank(body: Rerank, context: Context) -> Json:
    """By words and by meaning, as memories are recalled. Answers without the envelope,
    as reranking services do.
    """
    read = tokens(body.query) + sum(tokens(document) for document in body.documents)
    await context.meter.tokens(read)
    ranked = (await reranked(body.query, body.documents, context.ports.embedder))[
        : body.top_n
    ]
    return Json(
        Reranked(
            id=f"rerank-{uuid.uuid4().hex[:12]}",
            model=body.model,
            usage=Usage(prompt_tokens=read, total_tokens=read),
            results=[
                Ranked(
                    index=place,
                    document=Document(text=body.documents[place]),
                    relevance_score=score,
                )
                for place, score in ranked
            ],
        )
    )


@router.post(
    "/extract/memory",
    summary="What would be remembered",
    response_model=Envelope[Extracted],
)
async def extract_memory(
    request: Request, body: ExtractMemory, context: Context
) -> Json:
    """Extracts facts and preferences and gives them back; nothing is stored."""
    return answer(request, await extract_preview(context, body))
