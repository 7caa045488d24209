"""chat at every prefix, chat/complete, chat/stream and configure under /product."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Body, Request
from starlette.responses import Response, StreamingResponse

from services.gateway.background import Background
from services.gateway.chat.stream import Piece, events
from services.gateway.chat.turn import prepared, turn
from services.gateway.desk import Desk, TheDesk
from services.gateway.schemas.chat import Answered, ChatOrder
from services.http import Envelope, Json, TolerantRoute, answer
from services.http.streaming import event_stream

router = APIRouter(route_class=TolerantRoute, tags=["chat"])
product = APIRouter(route_class=TolerantRoute, prefix="/product", tags=["chat"])

EVENTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {}}, "description": "The answer; as events when streamed."}
}


@router.post("/chat", summary="Answer with what is remembered", response_model=Envelope[Answered], responses=EVENTS)
async def chat(request: Request, order: ChatOrder, desk: TheDesk) -> Response:
    """Recalls what bears on the question, asks the model and remembers the turn.

    With `stream` the answer comes as events `{"type": "reasoning" | "text" | "end" | "error", "data": ...}`.
    Without a configured model it quotes what is remembered, and says so.
    """
    return await (_streamed if order.stream else _whole)(request, order, desk)


@product.post("/chat/complete", summary="Answer with what is remembered (JSON)", response_model=Envelope[Answered], responses=EVENTS)
async def complete(request: Request, order: ChatOrder, desk: TheDesk) -> Response:
    """The same as `chat`; the turn is remembered only with `add_message_on_answer`."""
    return await (_streamed if order.stream else _whole)(request, order, desk)


@product.post("/chat/stream", summary="Answer with what is remembered (events)", response_class=StreamingResponse, responses=EVENTS)
async def stream(request: Request, order: ChatOrder, desk: TheDesk) -> Response:
    """The same as `chat` with `stream`."""
    return await _streamed(request, order, desk)


@product.post("/configure", summary="Accepted for old clients", response_model=Envelope[None])
async def configure(request: Request, desk: TheDesk, config: dict[str, Any] = Body(default={})) -> Json:
    """Models are set by the environment of the server; a configuration sent here is acknowledged and changes nothing."""
    return answer(request, None, "Configuration set successfully")


def _remembers(request: Request, order: ChatOrder) -> bool:
    """Seed 004 says False for /product, the Cloud says true (contract, section 6 row 9)."""
    if order.add_message_on_answer is not None:
        return order.add_message_on_answer
    return not request.scope["path"].startswith("/product/")


async def _begun(request: Request, order: ChatOrder, desk: Desk) -> AsyncIterator[Piece]:
    background: Background = request.app.state.background
    return turn(desk, await prepared(desk, order), background, remembers=_remembers(request, order))


async def _whole(request: Request, order: ChatOrder, desk: Desk) -> Json:
    """The published client gives up after 30 s and sends the same again, twice: the model is asked once."""
    background: Background = request.app.state.background
    key = f"{desk.project} {request.url.path} {order.model_dump_json()}"
    message = "Chat completed successfully" if request.url.path.endswith("/chat/complete") else "ok"
    return answer(request, await background.once(key, lambda: _answered(request, order, desk)), message)


async def _answered(request: Request, order: ChatOrder, desk: Desk) -> Answered:
    said: dict[str, list[str]] = {"text": [], "reasoning": []}
    async for kind, words in await _begun(request, order, desk):
        said[kind].append(words)
    return Answered(response="".join(said["text"]), reasoning="".join(said["reasoning"]) or None)


async def _streamed(request: Request, order: ChatOrder, desk: Desk) -> StreamingResponse:
    return event_stream(events(await _begun(request, order, desk)))
