"""rerank and extract/memory: the machinery without the memory."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request

from services.gateway.desk import TheDesk
from services.gateway.extracting import extracted
from services.gateway.reranking import reranked
from services.gateway.schemas.rerank import Document, Extracted, ExtractMemory, Ranked, Rerank, Reranked, Usage
from services.gateway.tokens import tokens
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["tools"])


@router.post("/rerank", summary="Texts in the order of their relevance", response_model=Reranked)
async def rerank(order: Rerank, desk: TheDesk) -> Json:
    """By words and by meaning, as memories are recalled. Answers without the envelope, as reranking services do."""
    read = tokens(order.query) + sum(tokens(document) for document in order.documents)
    await desk.meter.tokens(read)
    ranked = (await reranked(order.query, order.documents, desk.ports.embedder))[:order.top_n]
    return Json(Reranked(
        id=f"rerank-{uuid.uuid4().hex[:12]}", model=order.model, usage=Usage(prompt_tokens=read, total_tokens=read),
        results=[Ranked(index=place, document=Document(text=order.documents[place]), relevance_score=score) for place, score in ranked]))


@router.post("/extract/memory", summary="What would be remembered", response_model=Envelope[Extracted])
async def extract_memory(request: Request, order: ExtractMemory, desk: TheDesk) -> Json:
    """Extracts facts and preferences and gives them back; nothing is stored."""
    return answer(request, await extracted(desk, order))
