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
from services.gateway.context.metered_chat import metered_chat
from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.accept import JobRequest, accept
from services.gateway.ingest.inbound import read_messages
from services.gateway.schemas.chat import ChatRequest
from services.gateway.schemas.messages import MessageIn
from services.gateway.search.search_memory import recall_matches
from services.gateway.wire.wire_times import now
from shared.domain.identity import computed_id
from shared.domain.message import QUOTES
from shared.domain.scope import DEFAULT_CONVERSATION, Scope
from shared.ports import ChatModel

DEFAULT_MODEL = ""
"""Its name among the chat models; any name that is not configured means it."""
HISTORY = 20
"""Messages of the conversation that the model sees, as in the open-source server (contract 2.1)."""


@dataclass(frozen=True, slots=True)
class PreparedTurn:
    """All that is known before the model is asked: what went wrong until here is an
    error answer, not an event.
    """

    request: ChatRequest
    model: ChatModel | None
    """None where none is configured: then the answer is `quotation`."""
    prompt: Sequence[Mapping[str, Any]]
    quotation: str

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """What the model says, or the quotation."""
        if self.model is None:
            yield "text", self.quotation
            return
        options = {
            "temperature": self.request.temperature,
            "top_p": self.request.top_p,
            "max_tokens": self.request.max_tokens,
        }
        async with aclosing(self.model.stream(self.prompt, options)) as pieces:
            async for piece in pieces:
                yield piece


async def prepare(context: RequestContext, request: ChatRequest) -> PreparedTurn:
    """Recall and assemble the prompt. Raises what a search raises."""
    matches = await recall_matches(context, request, request.user_id)
    models = context.ports.chat_models
    model = models.get(request.model_name) or models.get(DEFAULT_MODEL)
    if model is None:
        quotation = extractive_answer(request.query, matches)
        return PreparedTurn(request, None, (), quotation)
    model = await metered_chat(context, model)
    history = await _history(context, request)
    prompt = messages_for(request.query, matches, history, request.system_prompt)
    return PreparedTurn(request, model, prompt, "")


async def run_turn(
    context: RequestContext,
    turn: PreparedTurn,
    background: Background,
    *,
    remember: bool,
) -> AsyncGenerator[Piece, None]:
    """The pieces of the answer as they come. With `remember`, what was said by then is
    remembered even when the client leaves in the middle.
    """
    texts: list[str] = []
    try:
        # Closed at once when the client leaves: the model stops.
        async with aclosing(turn.pieces()) as pieces:
            async for piece in pieces:
                kind, text = piece
                if kind == "text":
                    texts.append(text)
                yield piece
    finally:
        if remember and texts:
            background.start(_remember(context, turn, "".join(texts)))


async def _history(
    context: RequestContext, request: ChatRequest
) -> Sequence[dict[str, Any]]:
    """The conversation so far: as the client sent it, or as it was remembered."""
    if request.history:
        return [
            {"role": message.role, "content": message.content}
            for message in request.history[-HISTORY:]
        ]
    if not request.conversation_id:
        return []
    messages = await context.ports.messages.latest(
        context.project, request.user_id, request.conversation_id, HISTORY
    )
    return [
        {"role": message.role, "content": message.text}
        for message in messages
        if message.role in ("user", "assistant") and message.text
    ]


async def _remember(context: RequestContext, turn: PreparedTurn, answer: str) -> None:
    """Both sides of the turn; an answer that only quotes memories is kept as a message,
    and is no new memory.
    """
    request = turn.request
    at = now()
    chat_time = datetime.fromtimestamp(at / 1000, UTC).isoformat()
    user = MessageIn(role="user", content=request.query, chat_time=chat_time)
    fields = {"role": "assistant", "content": answer, "chat_time": chat_time}
    quotes = {QUOTES: True} if turn.model is None else {}
    assistant = MessageIn.model_validate(fields | quotes)
    settings = context.settings
    inbound = read_messages(
        [user, assistant], at, settings.timezone, settings.max_message_tokens
    )
    scope = Scope(
        context.project,
        request.user_id,
        request.conversation_id or DEFAULT_CONVERSATION,
        request.agent_id,
        request.app_id,
    )
    key = (
        "chat",
        context.project,
        request.user_id,
        request.conversation_id,
        request.query,
        answer,
        at,
    )
    job = JobRequest(scope, computed_id(*key), inbound=inbound, options=request.options)
    await accept(context.ports, job)
