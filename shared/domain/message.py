"""What was said: messages, their parts, and the calls of tools among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shared.domain.scope import Scope

Role = Literal["user", "assistant", "system", "tool"]


QUOTES = "_quotes"
"""In a message's `extra`: it only repeats what is remembered, so there is nothing new in it."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call that an assistant asked for; `arguments` is the JSON text as it was sent."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file or picture in a message: waiting in Sources under `source`, or still at `url`.

    `kind` is what the sender called it; the media type is found out from the bytes.
    """

    kind: Literal["file", "image"]
    source: str = ""
    url: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation, as it was sent and as we read it.

    `content` is the wire value (a string, a list of parts, or None), except that inline
    base64 is replaced by a reference to Sources. `text` is the text of it. `spoken_at`
    is `chat_time` understood, or the time of arrival. `position` is the place within
    its request, so the order survives.
    """

    id: str
    scope: Scope
    role: Role
    text: str
    content: Any
    spoken_at: datetime
    arrived_at: int
    position: int
    job: str
    chat_time: str = ""
    speaker: str = ""
    files: tuple[FilePart, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def quotes(self) -> bool:
        """Whether it only repeats what is remembered."""
        return bool(self.extra.get(QUOTES))
