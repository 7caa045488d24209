"""Chat for OpenAI's clients: who changes the base URL has a memory (docs/clients/openai.md).
Out of the documentation of the routes, which is the Cloud's.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.chat.completion_form import (
    CompletionForm,
    chat_request_of,
    error_of,
)
from services.gateway.context.request_context import Context, RequestContext
from services.gateway.routes.chat import answer_pieces
from services.gateway.schemas.completions import CompletionRequest
from services.gateway.wire.foreign_route import ForeignRoute, kept_headers
from services.gateway.wire.wire_times import now
from services.http import Json
from services.http.event_stream import event_stream
from shared.contract import Code
from shared.domain.identity import computed_id
from shared.errors import BadRequest

_OF_USER = "/users/{user_id}/v1"
"""The base URL of one user."""
QUOTING = "souvenir"
"""The model's name where none is configured: memories are quoted."""


class CompletionRoute(ForeignRoute):
    """A route whose errors OpenAI's clients read."""

    def in_its_form(self, refusal: Response) -> Json:
        """`{"error": {"message", "type", "code"}}`."""
        envelope, status = json.loads(bytes(refusal.body)), refusal.status_code
        error = error_of(envelope["message"], envelope["code"], status)
        return Json({"error": error}, status, headers=kept_headers(refusal))


router = APIRouter(route_class=CompletionRoute, include_in_schema=False)


@router.post("/v1/chat/completions")
async def complete(
    request: Request, body: CompletionRequest, context: Context
) -> Response:
    """Answer with what is remembered of the user whom the request, or the key, names."""
    user = body.user or body.metadata.user_id or context.access.owner
    if not user:
        raise BadRequest(
            "user: whose memory it is must be named, here, by the address"
            " /users/{user_id}/v1 or by a key for one user",
            code=Code.MISSING,
        )
    return await _completed(request, body, context, user)


@router.post(f"{_OF_USER}/chat/completions")
async def complete_for_user(
    request: Request, user_id: str, body: CompletionRequest, context: Context
) -> Response:
    """The same for the user of the address, whatever the request names."""
    return await _completed(request, body, context, user_id)


@router.get("/v1/models")
@router.get(f"{_OF_USER}/models")
async def models(context: Context) -> Json:
    """The configured models."""
    names = {model.name: None for model in context.ports.chat_models.values()}
    listed = [
        {"id": name, "object": "model", "created": 0, "owned_by": "souvenir"}
        for name in names or [QUOTING]
    ]
    return Json({"object": "list", "data": listed})


async def _completed(
    request: Request, body: CompletionRequest, context: RequestContext, user: str
) -> Response:
    asked = chat_request_of(body, user)
    pieces = await answer_pieces(request, asked, context)
    at = now()
    id = f"chatcmpl-{computed_id('completion', context.project, user, asked.query, at)}"
    form = CompletionForm(id, body.model or QUOTING, at // 1000)
    if body.stream:
        return event_stream(form.chunks(pieces))
    texts: dict[str, str] = {}
    async for kind, text in pieces:
        texts[kind] = texts.get(kind, "") + text
    answer: dict[str, Any] = form.whole(texts, context.remarks)
    return Json(answer)
