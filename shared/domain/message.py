"""Messages, their parts, and the tool calls among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shared.domain.scope import Scope

Role = Literal["user", "assistant", "system", "tool"]


QUOTES = "_quotes"
"""Key of `Message.extra`: the message only repeats what is remembered, so there is
nothing new in it.
"""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call that an assistant asked for."""

    id: str
    name: str
    arguments: str
    """JSON text, as it was sent."""


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file or picture in a message."""

    kind: Literal["file", "image"]
    """What the sender called it; its media type is found out from its bytes."""
    source: str = ""
    """Name of its bytes in Sources; empty where only its URL was sent."""
    url: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation, as it was sent and as it was understood."""

    id: str
    scope: Scope
    role: Role
    text: str
    """The text of `content`."""
    content: Any
    """The wire value (a string, a list of parts, or None), with inline base64 replaced
    by a reference to Sources.
    """
    spoken_at: datetime
    """`chat_time` understood, or the time of arrival; aware."""
    arrived_at: int
    """Epoch milliseconds."""
    position: int
    """Index in its request, so that the order survives."""
    job: str
    chat_time: str = ""
    """When it was said, in the words of the sender."""
    speaker: str = ""
    """The name of who said it, where the sender gives one."""
    files: tuple[FilePart, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    """Of a tool's answer: the call that it answers."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the wire's message that are kept as they came, and `QUOTES`."""

    @property
    def quotes(self) -> bool:
        """Whether it only repeats what is remembered."""
        return bool(self.extra.get(QUOTES))
