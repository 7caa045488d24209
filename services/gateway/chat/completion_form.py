"""Chat in the form of OpenAI's API: what its clients send becomes a chat request, what
the chat answers a completion, whole or in chunks.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import chain
from typing import Any

from services.gateway.chat.answer_stream import (
    KEEP_ALIVE,
    KEEP_ALIVE_S,
    Piece,
    failure_of,
    with_keep_alive,
)
from services.gateway.chat.program_requests import own_words
from services.gateway.schemas.chat import ChatRequest, HistoryMessage
from services.gateway.schemas.completions import CompletionRequest
from services.http.event_stream import event
from shared.contract import Code
from shared.errors import BadRequest, NotSupported

INSTRUCTING = ("system", "developer")
"""Roles whose words are instructions."""
_UNSERVED = ("tools", "functions", "response_format", "n", "logprobs", "modalities")
"""Fields that would change the form of the answer."""
_AS_SERVED: tuple[Any, ...] = (None, False, 1, [], ["text"], {"type": "text"})
"""Values of them that ask for what is answered anyway."""
_SENT_ANYWAY = frozenset(
    (
        *_UNSERVED,  # refused, or asking for what is answered anyway
        *"parallel_tool_calls prompt_cache_key safety_identifier service_tier".split(),
        *"stream_options tool_choice".split(),
    )
)
"""Fields that OpenAI's clients send by themselves: nothing is said of them."""
_MOST, _SHOWN = 20, 60
"""Remarks on fields that are not read, and characters of such a name."""
NOT_REMEMBERED = (
    "store: what a chat program asks for itself (a title, tags, questions) is not"
    " remembered, unless store is true"
)
_FIELDS = {"text": "content", "reasoning": "reasoning_content"}
"""The field of a message in which a kind of piece stands."""


def chat_request_of(request: CompletionRequest, user: str) -> ChatRequest:
    """The last message is the question, those before it are the history, and what the
    system says takes the place of the built-in instructions. Raises `BadRequest` where
    nothing is asked, `NotSupported` for an answer of another form.
    """
    extra = request.model_extra or {}
    unserved = [name for name in _UNSERVED if extra.get(name) not in _AS_SERVED]
    if unserved:
        raise NotSupported(
            f"{', '.join(unserved)}: not served; ask the model itself, with the memories"
            " of search/memory"
        )
    said = [m for m in request.messages if m.role not in INSTRUCTING]
    if said and said[-1].role == "user" and said[-1].only_unread:
        kinds = ", ".join(said[-1].unread)
        raise BadRequest(f"messages: {kinds} without a text; only text is read")
    if not said or said[-1].role != "user" or not said[-1].content.strip():
        raise BadRequest("messages: the last one must be the user's", code=Code.EMPTY)
    system = [m.content for m in request.messages if m.role in INSTRUCTING]
    given: dict[str, Any] = {
        "temperature": request.temperature,
        "top_p": request.top_p,
        "max_tokens": request.max_tokens,
        "add_message_on_answer": False if request.store is False else None,
    }
    return ChatRequest(
        user_id=user,
        query=said[-1].content,
        history=[HistoryMessage.model_validate(m.model_dump()) for m in said[:-1]],
        system_prompt="\n\n".join(system),
        conversation_id=request.metadata.conversation_id,
        model_name=request.model,
        **{name: value for name, value in given.items() if value is not None},
    )


def remarks_on(request: CompletionRequest) -> list[str]:
    """What of the request is not read, for people."""
    unread = dict.fromkeys(chain.from_iterable(m.unread for m in request.messages))
    asked = [name for name, value in (request.model_extra or {}).items() if value]
    others = [name for name in asked if name not in _SENT_ANYWAY]
    return [
        *(f"messages: {kind} is not read, only text is" for kind in unread),
        *(f"{name[:_SHOWN]}: is not read here" for name in others[:_MOST]),
    ]


def words_of_user(asked: ChatRequest) -> str:
    """What of the question is to be remembered as the user's; "" where a program asks."""
    is_first = not asked.history
    return own_words(asked.query, asked.system_prompt, is_first=is_first)


@dataclass(frozen=True, slots=True)
class CompletionForm:
    """One answer."""

    id: str
    model: str
    created: int
    """Seconds since 1970."""

    def whole(self, texts: Mapping[str, str], remarks: list[str]) -> dict[str, Any]:
        """The answer at once; `texts` by their kind."""
        message = {"role": "assistant", "content": texts.get("text", "")}
        if texts.get("reasoning"):
            message["reasoning_content"] = texts["reasoning"]
        answer = self._answer("chat.completion", {"message": message}, "stop")
        return answer | ({"remarks": remarks} if remarks else {})

    async def chunks(
        self,
        pieces: AsyncIterator[Piece],
        *,
        remarks: Sequence[str] = (),
        keep_alive_s: float = KEEP_ALIVE_S,
    ) -> AsyncGenerator[bytes, None]:
        """The answer as events, the last one `[DONE]`; an error is an event too. Leaving
        early closes `pieces`.
        """
        yield self._event({"role": "assistant", "content": ""})
        try:
            async with aclosing(with_keep_alive(pieces, keep_alive_s)) as alive:
                async for piece in alive:
                    if piece is None:
                        yield KEEP_ALIVE
                    else:
                        yield self._event({_FIELDS[piece[0]]: piece[1]})
        except Exception as error:  # who reads learns that it ended, and why
            yield event({"error": error_of(*failure_of(error))})
        else:
            last = self._answer("chat.completion.chunk", {"delta": {}}, "stop")
            yield event(last | ({"remarks": remarks} if remarks else {}))
        yield b"data: [DONE]\n\n"

    def _event(self, delta: Mapping[str, str], ended: str | None = None) -> bytes:
        return event(self._answer("chat.completion.chunk", {"delta": delta}, ended))

    def _answer(
        self, kind: str, said: Mapping[str, Any], ended: str | None
    ) -> dict[str, Any]:
        choice = {"index": 0, **said, "finish_reason": ended}
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "choices": [choice],
        }


def error_of(message: str, code: int, status: int = 0) -> dict[str, Any]:
    """An error as OpenAI's clients read it, with the code of the contract."""
    kinds = {
        401: "authentication_error",
        403: "permission_error",
        429: "rate_limit_error",
    }
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return {
        "message": message,
        "type": kinds.get(status, kind),
        "param": None,
        "code": str(code),
    }
