"""rate/memory. Souvenir's own."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context
from services.gateway.memories.rate_memories import Rating, rate_memories
from services.gateway.schemas.rating import RatedMemories, RatedMemory, RateMemory
from services.gateway.wire.presenters import present_thumbs
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["memories"])


@router.post(
    "/rate/memory",
    summary="Thumbs up or down on memories",
    response_model=Envelope[RatedMemories],
)
async def rate_memory(request: Request, body: RateMemory, context: Context) -> Json:
    """A memory with a thumb down comes lower for questions like `query`, one with a thumb
    up higher; `explain` shows the term `thumbs`. One thumb a question: a new one takes
    the place of the old, `none` takes it away.
    """
    rating = Rating(body.up, body.query.strip(), body.user_id or "", body.reason)
    rated = await rate_memories(context, body.memory_ids, rating)
    done = RatedMemories(
        rated=[
            RatedMemory(memory_id=memory.id, thumbs=present_thumbs(memory) or [])
            for memory in rated
        ],
        remarks=[*body.remarks(), *context.remarks] or None,
    )
    return answer(request, done)
