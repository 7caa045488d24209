"""chat at every prefix, chat/complete, chat/stream and configure under /product."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from services.gateway.chat.answer_stream import Piece, events
from services.gateway.chat.turn import prepare, run_turn
from services.gateway.chat.turn_slots import TurnSlots, in_slot
from services.gateway.context.background import Background
from services.gateway.context.checks import require_reach
from services.gateway.context.request_context import Context, RequestContext
from services.gateway.schemas.chat import Answered, ChatRequest
from services.http import Envelope, Json, TolerantRoute, answer
from services.http.event_stream import event_stream
from shared.contract import Code
from shared.domain.api_key import KeyScope
from shared.errors import Forbidden

router = APIRouter(route_class=TolerantRoute, tags=["chat"])
product = APIRouter(route_class=TolerantRoute, prefix="/product", tags=["chat"])

T = TypeVar("T")

_NOT_CONFIGURED = (
    "nothing was changed: models and settings are set by the environment of the server"
)
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/event-stream": {}},
        "description": "The answer; as events when streamed.",
    }
}


@router.post(
    "/chat",
    summary="Answer with what is remembered",
    response_model=Envelope[Answered],
    responses=EVENTS,
)
async def chat(request: Request, body: ChatRequest, context: Context) -> Response:
    """Recalls what bears on the question, asks the model and remembers the turn.

    With `stream` the answer comes as events `{"type": "reasoning" | "text" | "end" |
    "error", "data": ...}`. Without a configured model it quotes what is remembered, and
    says so.
    """
    return await (_streamed if body.stream else _whole)(request, body, context)


@product.post(
    "/chat/complete",
    summary="Answer with what is remembered (JSON)",
    response_model=Envelope[Answered],
    responses=EVENTS,
)
async def complete(request: Request, body: ChatRequest, context: Context) -> Response:
    """The same as `chat`; the turn is remembered only with `add_message_on_answer`."""
    return await (_streamed if body.stream else _whole)(request, body, context)


@product.post(
    "/chat/stream",
    summary="Answer with what is remembered (events)",
    response_class=StreamingResponse,
    responses=EVENTS,
)
async def stream(request: Request, body: ChatRequest, context: Context) -> Response:
    """The same as `chat` with `stream`."""
    return await _streamed(request, body, context)


@product.post(
    "/configure",
    summary="Accepted for old clients",
    response_model=Envelope[None],
)
async def configure(
    request: Request, context: Context, config: dict[str, Any] = Body(default={})
) -> Json:
    """Models are set by the environment of the server; a configuration sent here is
    acknowledged and changes nothing, which is remarked.
    """
    message = "Configuration set successfully"
    return answer(request, None, message, remarks=[_NOT_CONFIGURED])


async def _whole(request: Request, body: ChatRequest, context: RequestContext) -> Json:
    """The answer at once."""
    completes = request.url.path.endswith("/chat/complete")
    message = "Chat completed successfully" if completes else "ok"

    async def collect() -> Answered:
        texts: dict[str, list[str]] = {"text": [], "reasoning": []}
        async for kind, text in await answer_pieces(request, body, context):
            texts[kind].append(text)
        reasoning = "".join(texts["reasoning"])
        return Answered(
            response="".join(texts["text"]),
            reasoning=reasoning or None,
            remarks=context.remarks or None,
        )

    return answer(request, await asked_once(request, body, context, collect), message)


async def asked_once(
    request: Request,
    body: BaseModel,
    context: RequestContext,
    work: Callable[[], Coroutine[Any, Any, T]],
) -> T:
    """The result of `work`. Clients give up after 30 s or so and send the same again,
    twice: while the first is answered, the model is asked once.
    """
    background: Background = request.app.state.background
    caller = (context.project, context.access.owner, *context.key.scopes)
    key = f"{caller!r} {request.url.path} {body.model_dump_json()}"
    return await background.once(key, work)


async def _streamed(
    request: Request, body: ChatRequest, context: RequestContext
) -> StreamingResponse:
    """The answer as events."""
    pieces = await answer_pieces(request, body, context)
    return event_stream(events(pieces, remarks=context.remarks))


async def answer_pieces(
    request: Request, body: ChatRequest, context: RequestContext, said: str = ""
) -> AsyncIterator[Piece]:
    """The answer, begun: what is wrong with the request has been raised by now. `said`:
    the user's own words, where the question holds others too.

    The turn is remembered when the caller says so; without a word, everywhere but under
    /product, as the two published servers do (contract, section 6 row 9).
    """
    may_write = KeyScope.WRITE in context.key.scopes
    remember = body.add_message_on_answer
    if remember is None:
        is_remembered = not request.scope["path"].startswith("/product/")
        remember = may_write and is_remembered and not body.as_of
    if remember and not may_write:
        raise Forbidden(
            "add_message_on_answer: this key has no scope 'write'",
            code=Code.KEY_NOT_ALLOWED,
        )
    if remember:  # an error after the answer would reach nobody
        await require_reach(context, body.options)
    else:
        context.remarks.extend(body.in_vain_unremembered())
    background: Background = request.app.state.background
    turn = await prepare(context, body)
    turn.said = said
    pieces = run_turn(context, turn, background, remember=remember)
    if turn.model is None:
        return pieces
    slots: TurnSlots = request.app.state.turn_slots
    return await in_slot(slots.of(turn.model).taken(context.project), pieces)
