"""Messages of the wire into messages of the domain; the bytes among them are told apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from services.gateway.ingest.inline_files import decoded, is_url
from services.gateway.schemas.messages import (
    Call,
    FilePart,
    ImagePart,
    MessageIn,
    TextPart,
)
from services.gateway.wire.token_estimate import tokens
from shared.contract import Code
from shared.domain import message as domain
from shared.domain.identity import computed_id, digest
from shared.domain.scope import Scope
from shared.errors import BadRequest
from shared.language.chat_time import parse_chat_time

SOURCE = "source:"  # stands before a Source's name where the inline bytes were
_KEYS: Mapping[
    str, tuple[Literal["file", "image"], str, str]
] = {  # a part's type: our kind, the key of the object, the key in it
    "file": ("file", "file", "file_data"),
    "image_url": ("image", "image_url", "url"),
}
_READ = frozenset(("role", "content", "chat_time", "tool_calls", "tool_call_id"))


@dataclass(frozen=True, slots=True)
class Inbound:
    """A request's messages, not yet anybody's, and its inline files by name (SHA-256)."""

    messages: tuple[domain.Message, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def tokens(self) -> int:
        """How many are in the words, about."""
        return sum(tokens(message.text) for message in self.messages)

    @property
    def queue(self) -> str:
        """Which workers can read it."""
        return "files" if any(message.files for message in self.messages) else "text"

    def belonging(self, scope: Scope, job: str) -> tuple[domain.Message, ...]:
        """The messages as those of a scope and a job."""
        return tuple(
            replace(
                message, id=computed_id(job, message.position), scope=scope, job=job
            )
            for message in self.messages
        )


def read_messages(
    sent: Sequence[MessageIn], arrived_at: int, timezone: str, most_tokens: int
) -> Inbound:
    """What was sent, understood. Raises `BadRequest` with 40008, 40009 or 40013.
    Decoding large files takes a while: not for the loop.
    """
    read = [
        _read(message, position, arrived_at, ZoneInfo(timezone))
        for position, message in enumerate(sent)
    ]
    inbound = Inbound(
        tuple(message for message, _ in read),
        {name: data for _, files in read for name, data in files.items()},
    )
    if inbound.tokens > most_tokens:
        raise BadRequest(
            f"messages: longer than {most_tokens} tokens together",
            code=Code.MESSAGES_TOO_LONG,
        )
    return inbound


def _read(
    sent: MessageIn, position: int, arrived_at: int, zone: ZoneInfo
) -> tuple[domain.Message, dict[str, bytes]]:
    content, parts, files = _content(sent, position)
    message = domain.Message(
        id="",
        scope=Scope("", ""),
        role=sent.role,
        text=_text(sent),
        content=content,
        spoken_at=_spoken_at(sent, arrived_at, zone),
        arrived_at=arrived_at,
        position=position,
        job="",
        chat_time=sent.chat_time,
        speaker=sent.role_name,
        files=tuple(parts),
        tool_calls=tuple(_call(call) for call in sent.tool_calls),
        tool_call_id=sent.tool_call_id,
        extra=_extra(sent),
    )
    return message, files


def _text(sent: MessageIn) -> str:
    if isinstance(sent.content, list):
        return "\n".join(
            part.text
            for part in sent.content
            if isinstance(part, TextPart) and part.text
        )
    return sent.content or ""


def _spoken_at(sent: MessageIn, arrived_at: int, zone: ZoneInfo) -> datetime:
    arrival = datetime.fromtimestamp(arrived_at / 1000, zone)
    return (
        parse_chat_time(sent.chat_time, str(zone)) if sent.chat_time else None
    ) or arrival


def _call(call: Call) -> domain.ToolCall:
    given = call.function.arguments
    return domain.ToolCall(
        call.id,
        call.function.name,
        given if isinstance(given, str) else json.dumps(given, ensure_ascii=False),
    )


def _extra(sent: MessageIn) -> dict[str, Any]:
    return {
        name: value
        for name, value in sent.model_dump(exclude_unset=True).items()
        if name not in _READ and value is not None
    }


def _content(
    sent: MessageIn, position: int
) -> tuple[Any, list[domain.FilePart], dict[str, bytes]]:
    """The content to keep (bytes replaced by their names), the files of it, and the bytes."""
    if not isinstance(sent.content, list):
        return sent.content, [], {}
    kept: list[Any] = []
    parts: list[domain.FilePart] = []
    files: dict[str, bytes] = {}
    for number, part in enumerate(sent.content):
        kept.append(part.model_dump(exclude_unset=True) | {"type": part.type})
        if not isinstance(part, TextPart):
            parts.append(
                _file(part, kept[-1], files, f"messages.{position}.content.{number}")
            )
    return kept, parts, files


def _file(
    part: FilePart | ImagePart,
    kept: dict[str, Any],
    files: dict[str, bytes],
    field: str,
) -> domain.FilePart:
    """One file; where it is inline its bytes go to `files` and its name into `kept`."""
    kind, outer, inner = _KEYS[part.type]
    held = kept[outer]
    given, name = held[inner], _name(held)
    if is_url(given):
        return domain.FilePart(kind, url=given.strip(), name=name)
    data = decoded(given, f"{field}.{outer}.{inner}")
    source = digest(data)
    files[source] = data
    held[inner] = SOURCE + source
    return domain.FilePart(kind, source=source, name=name)


def _name(extra: dict[str, Any]) -> str:
    return next(
        (
            str(extra[key])
            for key in ("filename", "file_name", "name")
            if extra.get(key)
        ),
        "",
    )
