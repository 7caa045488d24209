"""Chat for OpenAI's clients: who changes the base URL has a memory (docs/clients/openai.md).
Out of the documentation of the routes, which is the Cloud's.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.chat.completion_form import (
    NOT_REMEMBERED,
    CompletionForm,
    chat_request_of,
    error_of,
    remarks_on,
    words_of_user,
)
from services.gateway.context.request_context import Context, RequestContext
from services.gateway.routes.chat import answer_pieces, asked_once
from services.gateway.schemas.chat import ChatRequest
from services.gateway.schemas.completions import CompletionRequest
from services.gateway.wire.foreign_route import ForeignRoute, kept_headers
from services.gateway.wire.wire_times import now
from services.http import Json
from services.http.event_stream import event_stream
from shared.contract import Code
from shared.domain.identity import computed_id
from shared.errors import BadRequest, NotFound

_OF_USER = "/users/{user_id}/v1"
"""The base URL of one user."""
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
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
    listed = [_model(name) for name in names or [QUOTING]]
    return Json({"object": "list", "data": listed})


@router.get("/v1/models/{name:path}")
@router.get(f"{_OF_USER}/models/{{name:path}}")
async def model(context: Context, name: str) -> Json:
    """One of them. Raises `NotFound`."""
    names = {model.name for model in context.ports.chat_models.values()} or {QUOTING}
    if name not in names:
        raise NotFound(f"no model {name}")
    return Json(_model(name))


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "souvenir"}


@router.api_route("/v1/{path:path}", methods=_METHODS)
@router.api_route(f"{_OF_USER}/{{path:path}}", methods=_METHODS)
async def unserved(request: Request, path: str) -> Response:
    """Raises `NotFound`: the rest of OpenAI's API is not here."""
    raise NotFound(f"{path}: not served here; chat/completions and models are")


async def _completed(
    request: Request, body: CompletionRequest, context: RequestContext, user: str
) -> Response:
    asked = chat_request_of(body, user)
    context.remarks.extend(remarks_on(body))
    said = words_of_user(asked) if body.store is None else asked.query
    if not said:
        asked.add_message_on_answer = False
        context.remarks.append(NOT_REMEMBERED)
    if body.stream:
        pieces = await answer_pieces(request, asked, context, said)
        form = _form(body, context, asked)
        return event_stream(form.chunks(pieces, remarks=context.remarks))

    async def collect() -> dict[str, Any]:
        texts: dict[str, str] = {}
        async for kind, text in await answer_pieces(request, asked, context, said):
            texts[kind] = texts.get(kind, "") + text
        return _form(body, context, asked).whole(texts, context.remarks)

    return Json(await asked_once(request, body, context, collect))


def _form(
    body: CompletionRequest, context: RequestContext, asked: ChatRequest
) -> CompletionForm:
    at = now()
    id = computed_id("completion", context.project, asked.user_id, asked.query, at)
    return CompletionForm(f"chatcmpl-{id}", body.model or QUOTING, at // 1000)
