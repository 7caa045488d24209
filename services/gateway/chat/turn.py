"""One turn of a chat: recall, ask the model, hand its words on, remember them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from services.gateway.chat.answer_stream import Piece
from services.gateway.chat.extractive import Reason, extractive_answer
from services.gateway.chat.history import Said, history_of
from services.gateway.chat.prompt import prompt_for
from services.gateway.chat.remembered import remembered_for
from services.gateway.chat.time_limit import limited
from services.gateway.context.background import Background
from services.gateway.context.metered_chat import metered_chat
from services.gateway.context.request_context import RequestContext
from services.gateway.context.storage_quota import require_room
from services.gateway.ingest.accept import JobRequest, accept
from services.gateway.ingest.inbound import Inbound, read_messages
from services.gateway.schemas.chat import ChatRequest
from services.gateway.schemas.messages import MessageIn
from services.gateway.search.search_memory import recall_matches
from services.gateway.search.search_remarks import remark_on
from services.gateway.wire.filter_parser import read_filters
from services.gateway.wire.filter_remarks import filter_remarks
from services.gateway.wire.wire_times import last_moment, now
from shared.domain.identity import computed_id
from shared.domain.job_payload import AddPayload
from shared.domain.memory import Kind, Match
from shared.domain.message import QUOTES
from shared.domain.scope import DEFAULT_CONVERSATION, Scope
from shared.errors import BudgetExhausted, Forbidden, Transient, Unavailable
from shared.ports import ChatModel

log = logging.getLogger(__name__)

DEFAULT_MODEL = ""
"""Its name among the chat models; any name that is not configured means it."""
_PAUSES_S = (1.0, 5.0, 20.0, 60.0)
"""Between the tries to remember a turn."""


@dataclass(slots=True)
class PreparedTurn:
    """All that is known before the model is asked: what went wrong until here is an
    error answer, not an event.
    """

    request: ChatRequest
    model: ChatModel | None
    """None where none is configured: then memories are quoted."""
    prompt: Sequence[Mapping[str, Any]]
    quotable: Mapping[Kind, Sequence[Match]]
    """What is quoted where no model answers."""
    used: tuple[str, ...] = ()
    """Ids of the memories that the model was shown."""
    history: Sequence[Said] = ()
    """What was said before."""
    said: str = ""
    """The user's own words in the question; empty where all of it is theirs."""
    zone: tzinfo = UTC
    """Where the user is: whose days a quotation names."""
    quoted: bool = False
    """Whether the answer was a quotation; known when it has been given."""

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """What the model says; a quotation where there is none, or it is away or silent.

        Raises what the model raises once it has begun to speak, and what it raises when
        it refuses the request.
        """
        reason, begun = Reason.NO_MODEL, False
        if self.model is not None:
            reason = Reason.SILENT
            try:
                async with aclosing(self._asked(self.model)) as pieces:
                    async for kind, text in pieces:
                        begun = begun or (kind == "text" and bool(text.strip()))
                        yield kind, text
            except (Transient, BudgetExhausted) as error:
                if begun:
                    raise
                is_over_budget = isinstance(error, BudgetExhausted)
                reason = Reason.BUDGET if is_over_budget else Reason.AWAY
                details = {"model": self.model.name, "reason": error.message}
                log.warning("chat_model_away", extra=details)
        if not begun:
            self.quoted = True
            quoted = extractive_answer(
                self.request.query, self.quotable, reason, self.zone
            )
            yield "text", quoted

    def _asked(self, model: ChatModel) -> AsyncGenerator[Piece, None]:
        options = {
            "temperature": self.request.temperature,
            "top_p": self.request.top_p,
            "max_tokens": self.request.max_tokens,
        }
        return model.stream(self.prompt, options)


def _remark_on_filter(
    context: RequestContext, request: ChatRequest, matches: Mapping[Kind, Any]
) -> None:
    """Where nothing was found: remark what the filter asks for that there may not be."""
    if not any(matches.values()):
        filters = read_filters(request.filter, context.settings.timezone)
        context.remarks.extend(filter_remarks(filters))


async def prepare(context: RequestContext, request: ChatRequest) -> PreparedTurn:
    """Recall and assemble the prompt. Raises what a search raises."""
    models, zone = context.ports.chat_models, ZoneInfo(context.settings.timezone)
    as_of = last_moment(request.as_of, zone.key, "as_of")
    model = models.get(request.model_name) or models.get(DEFAULT_MODEL)
    await remark_on(context, request)
    if request.model_name and request.model_name not in models:
        instead = f"{model.name} answers" if model else "memories are quoted"
        remark = f"model_name: no model {request.model_name} here; {instead}"
        context.remarks.append(remark)
    history = await history_of(context, request, as_of)
    if model is None:
        matches = await recall_matches(context, request, request.user_id, as_of=as_of)
        _remark_on_filter(context, request, matches)
        return PreparedTurn(request, None, (), matches, history=history, zone=zone)
    model = await metered_chat(context, model)
    earlier = [said.text for said in history if said.role == "user"]
    remembered = await remembered_for(context, request, earlier, as_of)
    _remark_on_filter(context, request, remembered.quotable)
    prompt = prompt_for(
        request.query,
        remembered,
        history,
        request.system_prompt,
        as_of or now(),
        zone,
    )
    return PreparedTurn(
        request,
        model,
        prompt.messages,
        remembered.quotable,
        prompt.used,
        history,
        zone=zone,
    )


async def run_turn(
    context: RequestContext,
    turn: PreparedTurn,
    background: Background,
    *,
    remember: bool,
) -> AsyncGenerator[Piece, None]:
    """The pieces of the answer as they come. With `remember`, what was said by then is
    remembered even when the client leaves in the middle. Of a turn whose answer the
    model broke off, or that took too long, only the question is: the client has an error
    and asks again, and half an advice may be the opposite of it. Raises `TookTooLong`.
    """
    within = context.settings.max_answer_s
    texts: list[str] = []
    is_broken_off = False
    try:
        # Closed at once when the client leaves: the model stops.
        async with aclosing(limited(turn.pieces(), within)) as pieces:
            async for piece in pieces:
                kind, text = piece
                if kind == "text":
                    texts.append(text)
                yield piece
    except Exception:
        is_broken_off = True
        raise
    finally:
        if remember and texts:
            answer = "" if is_broken_off else "".join(texts)
            background.start(_remember(context, turn, answer))


async def _remember(context: RequestContext, turn: PreparedTurn, answer: str) -> None:
    """Both sides of the turn become a task, unless the project's quota is used up; of a
    turn without an answer the user's. What was answered nobody sends again while a store is away.
    """
    at = now()
    for pause in _PAUSES_S:
        try:
            await _remember_once(context, turn, answer, at)
            return
        except Unavailable as error:
            log.warning("chat_turn_waits", extra={"error": str(error)})
            await asyncio.sleep(pause)
    await _remember_once(context, turn, answer, at)


async def _remember_once(
    context: RequestContext, turn: PreparedTurn, answer: str, at: int
) -> None:
    request = turn.request
    size = len(request.query.encode()) + len(answer.encode())
    try:
        await require_room(context, size)
    except Forbidden:
        log.warning("chat_turn_not_remembered", extra={"project": context.project})
        return
    scope = Scope(
        context.project,
        request.user_id,
        request.conversation_id or DEFAULT_CONVERSATION,
        request.agent_id,
        request.app_id,
    )
    job = JobRequest(
        scope,
        _fingerprint(context.project, turn, is_answered=bool(answer)),
        AddPayload(recalled=turn.used),
        _both_sides(context, turn, answer, at),
        options=request.options,
        is_admitted=True,  # the chat was answered
    )
    await accept(context.ports, job)


def _fingerprint(project: str, turn: PreparedTurn, *, is_answered: bool) -> str:
    """The same for a turn whose request was sent again, whatever was answered: asked by
    the same user, in the same words, after the same history, in which no try stands that
    failed. All failed tries have one of their own.
    """
    request = turn.request
    before = [(said.role, said.text, said.at) for said in turn.history]
    asked = (request.user_id, request.conversation_id, request.agent_id, request.query)
    kind = "chat turn" if is_answered else "failed chat turn"
    return computed_id(kind, project, *asked, repr(before))


def _both_sides(
    context: RequestContext, turn: PreparedTurn, answer: str, at: int
) -> Inbound:
    """Question and answer, where there is one, as messages of now, however long the
    answer is: the question was checked, and what the user said is not to be lost for it.
    An answer that only quotes memories is kept as a message, and is no new memory.
    """
    chat_time = datetime.fromtimestamp(at / 1000, UTC).isoformat()
    user = MessageIn(
        role="user", content=turn.said or turn.request.query, chat_time=chat_time
    )
    said = [user]
    if answer:
        fields = {"role": "assistant", "content": answer, "chat_time": chat_time}
        quotes = {QUOTES: True} if turn.quoted else {}
        said.append(MessageIn.model_validate(fields | quotes))
    settings = context.settings
    return read_messages(said, at, settings.timezone, None, settings.redact)
