"""Messages without secrets, before anything of them is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from shared.domain.message import Message
from shared.language.redaction import redacted, redacted_value, written

_WHERE = "the messages"


def without_secrets_of(
    messages: Sequence[Message], kinds: Collection[str]
) -> tuple[tuple[Message, ...], str]:
    """The messages without secrets of some kinds, and what was taken out, for people; ""
    for nothing.
    """
    counts: Counter[str] = Counter()
    cleared = tuple(_without(message, kinds, counts) for message in messages)
    return cleared, written(counts, _WHERE) if counts else ""


def _without(message: Message, kinds: Collection[str], counts: Counter[str]) -> Message:
    text, counted = redacted(message.text, kinds)
    counts += counted
    content = _content(message.content, kinds)
    calls = []
    for call in message.tool_calls:
        arguments, counted = redacted(call.arguments, kinds)
        counts += counted
        calls.append(replace(call, arguments=arguments))
    extra, counted = redacted_value(message.extra, kinds)
    counts += counted
    return replace(
        message, text=text, content=content, tool_calls=tuple(calls), extra=extra
    )


def _content(content: Any, kinds: Collection[str]) -> Any:
    """The wire value: its texts, whose secrets are counted in the message's text. Files
    and pictures keep their addresses, which are fetched.
    """
    if isinstance(content, str):
        return redacted(content, kinds)[0]
    if not isinstance(content, list):
        return content
    return [
        {**part, "text": redacted(part["text"], kinds)[0]}
        if isinstance(part, dict) and isinstance(part.get("text"), str)
        else part
        for part in content
    ]
