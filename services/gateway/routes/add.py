"""add/message and add/feedback."""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context, fingerprint
from services.gateway.ingest.add_messages import add_feedback, add_messages
from services.gateway.schemas.add import Accepted, AddFeedback, AddMessage
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["memories"])


@router.post(
    "/add/message", summary="Remember what was said", response_model=Envelope[Accepted]
)
async def add_message(request: Request, body: AddMessage, context: Context) -> Json:
    """Keeps the messages word for word and makes memories of them: facts, preferences,
    tool memories.

    With `async_mode` (the default) it answers at once: the raw words can be searched
    immediately, the refined memories replace them soon. Without, it answers when the
    memories can be found. Files and pictures are always read in the background: ask
    `get/status`. The same request sent again (same `Idempotency-Key`, or same body
    within two minutes) is one request: it gets the same `task_id`.
    """
    return answer(
        request,
        await add_messages(
            context, body, await fingerprint(request, context.project, "add")
        ),
    )


@router.post(
    "/add/feedback",
    summary="Correct what is remembered",
    response_model=Envelope[Accepted],
)
async def feedback(request: Request, body: AddFeedback, context: Context) -> Json:
    """Changes memories by what a user says about an answer: a correction, a replacement
    of words everywhere, something new.
    """
    return answer(
        request,
        await add_feedback(
            context, body, await fingerprint(request, context.project, "feedback")
        ),
    )
