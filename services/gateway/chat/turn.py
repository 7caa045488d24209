"""One turn of a chat: recall, ask the model, hand its words on, remember them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.gateway.chat.answer_stream import Piece
from services.gateway.chat.extractive import extractive_answer
from services.gateway.chat.prompt import messages_for
from services.gateway.context.background import Background
from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.accept import JobRequest, accept
from services.gateway.ingest.inbound import read_messages
from services.gateway.schemas.chat import ChatRequest
from services.gateway.schemas.messages import MessageIn
from services.gateway.search.search_memory import recalled
from services.gateway.wire.wire_times import now
from shared.domain.identity import computed_id
from shared.domain.message import QUOTES
from shared.domain.scope import DEFAULT_CONVERSATION, Scope
from shared.ports import ChatModel

HISTORY = 20
"""Messages of the conversation that the model sees, as in the open-source server (contract 2.1)."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is known before the model is asked: what went wrong until here is an
    error answer, not an event.
    """

    request: ChatRequest
    model: ChatModel | None
    prompt: Sequence[Mapping[str, Any]]
    quoted: str


async def prepared(context: RequestContext, request: ChatRequest) -> Prepared:
    """Recall and assemble. Raises what a search raises."""
    matches = await recalled(context, request, request.user_id)
    model = chosen(context, request.model_name)
    if model is None:
        return Prepared(request, None, (), extractive_answer(request.query, matches))
    return Prepared(
        request,
        model,
        messages_for(
            request.query,
            matches,
            await _history(context, request),
            request.system_prompt,
        ),
        "",
    )


async def turn(
    context: RequestContext, ready: Prepared, background: Background, *, remembers: bool
) -> AsyncGenerator[Piece, None]:
    """The pieces of the answer as they come. What was said by then is remembered even
    when the client leaves in the middle.
    """
    said: list[str] = []
    try:
        async with aclosing(
            _pieces(ready)
        ) as pieces:  # closed at once when the client leaves: the model stops
            async for piece in pieces:
                if piece[0] == "text":
                    said.append(piece[1])
                yield piece
    finally:
        if remembers and said:
            background.start(
                _remember(
                    context, ready.request, "".join(said), quotes=ready.model is None
                )
            )


async def _pieces(ready: Prepared) -> AsyncGenerator[Piece, None]:
    if ready.model is None:
        yield "text", ready.quoted
        return
    options = {
        "temperature": ready.request.temperature,
        "top_p": ready.request.top_p,
        "max_tokens": ready.request.max_tokens,
    }
    async with aclosing(ready.model.stream(ready.prompt, options)) as pieces:
        async for piece in pieces:
            yield piece


def chosen(context: RequestContext, name: str) -> ChatModel | None:
    """The model of that name, else the default one, else None."""
    models = context.ports.chat_models
    return models.get(name) or models.get("")


async def _history(
    context: RequestContext, request: ChatRequest
) -> Sequence[dict[str, Any]]:
    if request.history:
        return [
            {"role": said.role, "content": said.content}
            for said in request.history[-HISTORY:]
        ]
    if not request.conversation_id:
        return []
    earlier = await context.ports.messages.latest(
        context.project, request.user_id, request.conversation_id, HISTORY
    )
    talked = (
        message
        for message in earlier
        if message.role in ("user", "assistant") and message.text
    )
    return [{"role": message.role, "content": message.text} for message in talked]


async def _remember(
    context: RequestContext, request: ChatRequest, answer: str, *, quotes: bool
) -> None:
    """Both sides of the turn; an answer that only `quotes` memories is kept as said,
    and is no new memory.
    """
    at = now()
    spoken = datetime.fromtimestamp(at / 1000, UTC).isoformat()
    said = MessageIn.model_validate(
        {"role": "assistant", "content": answer, "chat_time": spoken}
        | ({QUOTES: True} if quotes else {})
    )
    sent = [MessageIn(role="user", content=request.query, chat_time=spoken), said]
    scope = Scope(
        context.project,
        request.user_id,
        request.conversation_id or DEFAULT_CONVERSATION,
        request.agent_id,
        request.app_id,
    )
    await accept(
        context.ports,
        JobRequest(
            scope,
            computed_id(
                "chat",
                context.project,
                request.user_id,
                request.conversation_id,
                request.query,
                answer,
                at,
            ),
            inbound=read_messages(
                sent, at, context.settings.timezone, context.settings.max_message_tokens
            ),
            options=request.options,
        ),
    )
