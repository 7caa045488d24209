"""One turn of a chat: recall, ask the model, hand its words on, remember them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.gateway.accept import Order, accept
from services.gateway.background import Background
from services.gateway.chat.extractive import extractive_answer
from services.gateway.chat.prompt import messages_for
from services.gateway.chat.stream import Piece
from services.gateway.desk import Desk
from services.gateway.inbound import read_messages
from services.gateway.schemas.chat import ChatOrder
from services.gateway.schemas.messages import MessageIn
from services.gateway.search import recalled
from services.gateway.times import now
from shared.domain.identity import computed_id
from shared.domain.message import QUOTES
from shared.domain.scope import DEFAULT_CONVERSATION, Scope
from shared.ports import ChatModel

HISTORY = 20
"""Messages of the conversation that the model sees, as in the open-source server (contract 2.1)."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is known before the model is asked: what went wrong until here is an error answer, not an event."""

    order: ChatOrder
    model: ChatModel | None
    prompt: Sequence[Mapping[str, Any]]
    quoted: str


async def prepared(desk: Desk, order: ChatOrder) -> Prepared:
    """Recall and assemble. Raises what a search raises."""
    matches = await recalled(desk, order, order.user_id)
    model = chosen(desk, order.model_name)
    if model is None:
        return Prepared(order, None, (), extractive_answer(order.query, matches))
    return Prepared(order, model, messages_for(order.query, matches, await _history(desk, order), order.system_prompt), "")


async def turn(desk: Desk, ready: Prepared, background: Background, *, remembers: bool) -> AsyncGenerator[Piece, None]:
    """The pieces of the answer as they come. What was said by then is remembered even when the client leaves in the middle."""
    said: list[str] = []
    try:
        async with aclosing(_pieces(ready)) as pieces:  # closed at once when the client leaves: the model stops
            async for piece in pieces:
                if piece[0] == "text":
                    said.append(piece[1])
                yield piece
    finally:
        if remembers and said:
            background.start(_remember(desk, ready.order, "".join(said), quotes=ready.model is None))


async def _pieces(ready: Prepared) -> AsyncGenerator[Piece, None]:
    if ready.model is None:
        yield "text", ready.quoted
        return
    options = {"temperature": ready.order.temperature, "top_p": ready.order.top_p, "max_tokens": ready.order.max_tokens}
    async with aclosing(ready.model.stream(ready.prompt, options)) as pieces:
        async for piece in pieces:
            yield piece


def chosen(desk: Desk, name: str) -> ChatModel | None:
    """The model of that name, else the default one, else None."""
    models = desk.ports.chat_models
    return models.get(name) or models.get("")


async def _history(desk: Desk, order: ChatOrder) -> Sequence[dict[str, Any]]:
    if order.history:
        return [{"role": said.role, "content": said.content} for said in order.history[-HISTORY:]]
    if not order.conversation_id:
        return []
    earlier = await desk.ports.messages.latest(desk.project, order.user_id, order.conversation_id, HISTORY)
    talked = (message for message in earlier if message.role in ("user", "assistant") and message.text)
    return [{"role": message.role, "content": message.text} for message in talked]


async def _remember(desk: Desk, order: ChatOrder, answer: str, *, quotes: bool) -> None:
    """Both sides of the turn; an answer that only `quotes` memories is kept as said, and is no new memory."""
    at = now()
    spoken = datetime.fromtimestamp(at / 1000, UTC).isoformat()
    said = MessageIn.model_validate({"role": "assistant", "content": answer, "chat_time": spoken} | ({QUOTES: True} if quotes else {}))
    sent = [MessageIn(role="user", content=order.query, chat_time=spoken), said]
    scope = Scope(desk.project, order.user_id, order.conversation_id or DEFAULT_CONVERSATION, order.agent_id, order.app_id)
    await accept(desk.ports, Order(
        scope, computed_id("chat", desk.project, order.user_id, order.conversation_id, order.query, answer, at),
        inbound=read_messages(sent, at, desk.settings.timezone, desk.settings.max_message_tokens),
        options=order.options))
