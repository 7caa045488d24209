"""What OpenAI's clients send to /v1/chat/completions, as far as a memory answers it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, ConfigDict, Field

from services.gateway.schemas.base import ConversationId, Incoming, UserId

_TEXT = ("text", "input_text")


def as_text(given: Any) -> Any:
    """Content parts as the text that they hold, a line each; others as they are."""
    if not isinstance(given, list):
        return given
    parts = [part for part in given if isinstance(part, dict)]
    return "\n".join(str(p.get("text", "")) for p in parts if p.get("type") in _TEXT)


class CompletionMessage(Incoming):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: Annotated[str, BeforeValidator(as_text)] = ""


class CompletionMetadata(Incoming):
    """What may stand in `metadata`: whose memory it is."""

    user_id: UserId | None = None
    conversation_id: ConversationId = ""


class CompletionRequest(Incoming):
    """A conversation whose last message is to be answered."""

    model_config = ConfigDict(extra="allow")

    messages: Annotated[list[CompletionMessage], Field(min_length=1)]
    model: str = ""
    stream: bool = False
    user: UserId | None = None
    metadata: CompletionMetadata = CompletionMetadata()
    store: bool | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = Field(
        default=None,
        validation_alias=AliasChoices("max_completion_tokens", "max_tokens"),
    )
