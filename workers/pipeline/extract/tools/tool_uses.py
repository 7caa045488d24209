"""The tool calls of a talk with their results, and what they were made for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.message import Message, ToolCall
from shared.domain.passage import Talk
from workers.pipeline.extract.tools.parsed_result import parsed
from workers.pipeline.extract.tools.result_failure import error_type

LONGEST_VALUE = 160
"""Characters of an argument list or a result that a trajectory quotes."""

_MARKS = ("is_error", "isError", "status", "error")
"""Fields beside a result by which clients mark a failure."""
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_ASKS_BACK = re.compile(
    r"[?？]|\bplease (?:provide|tell|give|confirm|share|enter|specify)\b|\blet me know\b"
    r"|请(?:提供|告诉|告知|问|确认|输入|补充)|\bbitte (?:geben|nennen|bestätigen)\b"
    r"|教えてください|ご入力ください|알려 ?주",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wanted done: what was said until the first call for it."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Use:
    """One call with its result; `error` is empty when it succeeded."""

    call: ToolCall
    result: str
    error: str
    turn: int
    """Which message made the call: calls of one message are parallel."""
    request: Request


@dataclass(frozen=True, slots=True)
class _Asked:
    call: ToolCall
    turn: int
    request: Request


def uses(talk: Talk) -> list[Use]:
    """All calls of the talk that have a result, in the order of the results. A call, and
    the request for it, may stand before the talk.
    """
    asked: dict[str, _Asked] = {}
    done = []
    new = len(talk.before)
    messages = [*talk.before, *talk.messages]
    for turn, (message, request) in enumerate(_with_requests(messages)):
        # in order: some agents use the id of a call again
        calls = message.tool_calls
        asked.update((call.id, _Asked(call, turn, request)) for call in calls)
        answered = asked.get(message.tool_call_id) if message.role == "tool" else None
        if answered is not None and turn >= new:
            done.append(_use(answered, message))
    return done


def _use(asked: _Asked, message: Message) -> Use:
    error = error_type(message.text, asked.call.name, _marks(message))
    return Use(asked.call, message.text, error, asked.turn, asked.request)


def _marks(message: Message) -> Mapping[str, Any]:
    """Fields of the message, or of a part of it, that mark a failure."""
    parts = message.content if isinstance(message.content, list) else []
    holders = [message.extra, *(part for part in parts if isinstance(part, Mapping))]
    marks: dict[str, Any] = {}
    for holder in reversed(holders):
        marks |= {name: holder[name] for name in _MARKS if holder.get(name)}
    return marks


def _with_requests(messages: list[Message]) -> Iterator[tuple[Message, Request]]:
    """Each message with the request that it serves. An answer to a question of the
    assistant belongs to the request that was asked about.
    """
    request, asks_back, begun = Request(0, ""), False, False
    for message in messages:
        if message.role == "user" and message.text.strip():
            if asks_back and request.text:
                text = request.text if begun else f"{request.text} / {message.text}"
                request = Request(request.number, text)
            else:
                request = Request(request.number + 1, message.text)
                begun = False
            asks_back = False
        elif message.role == "assistant":
            begun = begun or bool(message.tool_calls)
            asks_back = bool(_ASKS_BACK.search(message.text))
        yield message, request


def arguments_of(use: Use) -> dict[str, Any]:
    """The arguments by name; none where they are no JSON object."""
    value = parsed(use.call.arguments)
    return value if isinstance(value, dict) else {}


def quoted_arguments(use: Use) -> dict[str, str]:
    """Each argument as it is quoted, by name."""
    return {name: value_text(value) for name, value in arguments_of(use).items()}


def arguments_text(use: Use) -> str:
    """The arguments as they are quoted: with letters in place of their escapes."""
    return shortened(_readable(use.call.arguments))


def result_text(use: Use) -> str:
    """The result as it is quoted; the blocks of an MCP result as their text."""
    value = parsed(use.result)
    if isinstance(value, dict) and isinstance(value.get("content"), list):
        value = value["content"]
    blocks = value if isinstance(value, list) else []
    texts = [block.get("text") for block in blocks if isinstance(block, dict)]
    said = [text for text in texts if isinstance(text, str)]
    if said and len(said) == len(blocks):
        return shortened("\n".join(said))
    return shortened(_readable(use.result))


def value_text(value: Any) -> str:
    """One argument as it is quoted."""
    return shortened(_readable(json.dumps(value, ensure_ascii=False)))


def shortened(text: str, most: int = LONGEST_VALUE) -> str:
    """The text on one line, cut to `most` characters, between words where it has any."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    whole = cut.rsplit(" ", 1)[0]
    return f"{whole if len(whole) > most // 2 else cut}…"


def _readable(text: str) -> str:
    """The text with letters in place of their escapes (\\\\u676d)."""

    def letters(match: re.Match[str]) -> str:
        plain = str(json.loads(f'"{match[0]}"'))
        return "".join(letter if letter.isprintable() else " " for letter in plain)

    readable = _ESCAPES.sub(letters, text)
    return readable.encode("utf-8", "replace").decode("utf-8")
