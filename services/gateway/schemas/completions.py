"""What OpenAI's clients send to /v1/chat/completions, as far as a memory answers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, ConfigDict, Field, model_validator

from services.gateway.schemas.base import ConversationId, Incoming, UserId
from services.gateway.schemas.sent_numbers import Number, WholeNumber
from services.http.errors import refused
from shared.contract import Code

_TEXT = {"text": "text", "input_text": "text", "refusal": "refusal"}
"""By their type: the field in which parts of a content have their text."""


def _words(part: Mapping[str, Any], name: str) -> str:
    """The text of a part. Raises 40002 where it has none."""
    if part.get(name) is None:
        raise refused(f"{name}: required field missing or empty", Code.MISSING)
    return str(part[name])


class CompletionMessage(Incoming):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str = ""
    unread: tuple[str, ...] = ()
    """The types of the parts that are not read: images, sounds, files."""

    @model_validator(mode="before")
    @classmethod
    def _read_parts(cls, given: Any) -> Any:
        """Parts of a content as the text that they hold, a line each."""
        if not isinstance(given, dict):
            return given
        content = given.get("content")
        if not isinstance(content, list):
            return {**given, "unread": ()}
        parts = [part for part in content if isinstance(part, dict)]
        types = [str(part.get("type", "")) for part in parts]
        texts = [
            _words(part, _TEXT[type])
            for part, type in zip(parts, types, strict=True)
            if type in _TEXT
        ]
        unread = tuple(type for type in dict.fromkeys(types) if type not in _TEXT)
        return {**given, "content": "\n".join(texts), "unread": unread}

    @property
    def only_unread(self) -> bool:
        """Whether it holds nothing that is read."""
        return bool(self.unread) and not self.content.strip()


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
    temperature: Number | None = None
    top_p: Number | None = None
    max_tokens: WholeNumber | None = Field(
        default=None,
        validation_alias=AliasChoices("max_completion_tokens", "max_tokens"),
    )
