"""Messages of the wire into messages of the domain; inline bytes are taken out of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from services.gateway.ingest.inline_files import decoded, is_url
from services.gateway.ingest.redact_messages import without_secrets_of
from services.gateway.schemas.messages import (
    NAME_KEYS,
    FilePart,
    ImagePart,
    MessageIn,
    TextPart,
    has_files,
    has_words,
    text_of,
)
from shared.contract import Code
from shared.domain import message as domain
from shared.domain.identity import computed_id, digest
from shared.domain.job_payload import Queue
from shared.domain.scope import Scope
from shared.errors import BadRequest
from shared.language.chat_time import parse_chat_time
from shared.language.token_estimate import tokens

MOST_REMARKS = 20
"""Remarks on one request."""
SOURCE = "source:"
"""Stands before the name of a Source where the inline bytes were."""
_KEYS: Mapping[str, tuple[Literal["file", "image"], str, str]] = {
    "file": ("file", "file", "file_data"),
    "image_url": ("image", "image_url", "url"),
}
"""By a part's type: the kind of the file, the key of its object, the key in it."""
_KNOWN = frozenset(("role", "content", "chat_time", "tool_calls", "tool_call_id"))
"""Fields of a message that have one in the domain; the others are stored as `extra`."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A request's messages, not yet anybody's."""

    messages: tuple[domain.Message, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The inline files, by name in Sources (SHA-256)."""
    redacted: tuple[str, ...] = ()
    """Which secrets were taken out, for people."""
    remarks: tuple[str, ...] = ()
    """What of them could not be read, for people."""

    @property
    def tokens(self) -> int:
        """An estimate of the tokens in all texts."""
        return sum(tokens(message.text) for message in self.messages)

    @property
    def stored_bytes(self) -> int:
        """Bytes of all texts and inline files."""
        texts = sum(len(message.text.encode()) for message in self.messages)
        return texts + sum(map(len, self.files.values()))

    @property
    def queue(self) -> Queue:
        """Which workers can read it."""
        has_files = any(message.files for message in self.messages)
        return Queue.FILES if has_files else Queue.TEXT

    def messages_for(self, scope: Scope, job: str) -> tuple[domain.Message, ...]:
        """The messages as those of a scope and a job."""
        return tuple(
            replace(
                message, id=computed_id(job, message.position), scope=scope, job=job
            )
            for message in self.messages
        )


def read_messages(
    sent: Sequence[MessageIn],
    arrived_at: int,
    timezone: str,
    most_tokens: int | None,
    redact: Collection[str] = (),
) -> Inbound:
    """The messages of a request, without the secrets that `redact` names (kinds of
    `shared.language.redaction`). `arrived_at` is in epoch milliseconds, `most_tokens`
    None for messages that were taken already. Decoding large
    files takes a while: not for the event loop.

    Raises `BadRequest` with BAD_CONTENT, BAD_FORMAT or MESSAGES_TOO_LONG.
    """
    zone = ZoneInfo(timezone)
    files: dict[str, bytes] = {}
    messages = tuple(
        _message(message, position, arrived_at, zone, files)
        for position, message in enumerate(sent)
    )
    remarks: list[str] = []
    for position, message in enumerate(sent):
        remarks.extend(_remarks(message, position, str(zone)))
    inbound = Inbound(messages, files, remarks=tuple(remarks[:MOST_REMARKS]))
    if most_tokens is not None and inbound.tokens > most_tokens:
        raise BadRequest(
            f"messages: longer than {most_tokens} tokens together",
            code=Code.MESSAGES_TOO_LONG,
        )
    return without_secrets(inbound, redact) if redact else inbound


def without_secrets(inbound: Inbound, kinds: Collection[str]) -> Inbound:
    """The same without secrets in its messages; its files are read by the workers."""
    messages, note = without_secrets_of(inbound.messages, kinds)
    return replace(inbound, messages=messages, redacted=(note,) if note else ())


def _remarks(sent: MessageIn, position: int, timezone: str) -> Iterator[str]:
    """What is odd about a message and is taken all the same."""
    if sent.chat_time and parse_chat_time(sent.chat_time, timezone) is None:
        yield (
            f"messages.{position}.chat_time: {sent.chat_time[:60]!r} is not a time that"
            " can be read; the time of arrival counts"
        )
    if not (has_words(sent) or has_files(sent) or sent.tool_calls):
        yield f"messages.{position}: without content"


def _message(
    sent: MessageIn,
    position: int,
    arrived_at: int,
    zone: ZoneInfo,
    files: dict[str, bytes],
) -> domain.Message:
    """One message; the bytes of its inline files go to `files`."""
    text, content, parts = _content(sent, position, files)
    named = parse_chat_time(sent.chat_time, str(zone)) if sent.chat_time else None
    calls = []
    for call in sent.tool_calls:
        arguments = call.function.arguments
        if not isinstance(arguments, str):
            arguments = json.dumps(arguments, ensure_ascii=False)
        calls.append(domain.ToolCall(call.id, call.function.name, arguments))
    extra = {
        key: value
        for key, value in sent.model_dump(exclude_unset=True).items()
        if key not in _KNOWN and value is not None
    }
    return domain.Message(
        id="",
        scope=Scope("", ""),
        role=sent.role,
        text=text,
        content=content,
        spoken_at=named or datetime.fromtimestamp(arrived_at / 1000, zone),
        arrived_at=arrived_at,
        position=position,
        job="",
        chat_time=sent.chat_time,
        speaker=sent.speaker,
        files=tuple(parts),
        tool_calls=tuple(calls),
        tool_call_id=sent.tool_call_id,
        extra=extra,
    )


def _content(
    message: MessageIn, position: int, files: dict[str, bytes]
) -> tuple[str, Any, list[domain.FilePart]]:
    """The text, the content to store, in which names stand for inline bytes, and the
    files. Their bytes go to `files`.
    """
    if not isinstance(message.content, list):
        return message.content or "", message.content, []
    stored: list[Any] = []
    parts: list[domain.FilePart] = []
    for index, part in enumerate(message.content):
        values = part.model_dump(exclude_unset=True) | {"type": part.type}
        stored.append(values)
        if not isinstance(part, TextPart):
            place = f"messages.{position}.content.{index}"
            parts.append(_file(part, values, files, place))
    return text_of(message.content), stored, parts


def _file(
    part: FilePart | ImagePart,
    values: dict[str, Any],
    files: dict[str, bytes],
    place: str,
) -> domain.FilePart:
    """One file. Where it is inline, its bytes go to `files` and its name into `values`."""
    kind, outer, inner = _KEYS[part.type]
    holder = values[outer]
    content = holder[inner]
    names = [str(holder[key]) for key in NAME_KEYS if holder.get(key)]
    name = names[0] if names else ""
    if is_url(content):
        return domain.FilePart(kind, url=content.strip(), name=name)
    data = decoded(content, f"{place}.{outer}.{inner}")
    source = digest(data)
    files[source] = data
    holder[inner] = SOURCE + source
    return domain.FilePart(kind, source=source, name=name)
