"""Short ways to write a talk."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from shared.domain.message import Message, ToolCall
from shared.domain.passage import Talk
from shared.domain.scope import Scope

SCOPE = Scope("p", "u", "c")
NOON = datetime(2024, 5, 10, 12, tzinfo=UTC)


def said(role: str, text: str, position: int = 0, **more: object) -> Message:
    """One message; `more` are further fields."""
    return Message(
        f"m{position}", SCOPE, role, text, text, NOON, 0, position, "job", **more
    )  # type: ignore[arg-type]


def talk(*lines: tuple[str, str], before: Iterable[Message] = ()) -> Talk:
    """A talk of (role, text) pairs."""
    return Talk(
        tuple(
            said(role, text, position) for position, (role, text) in enumerate(lines)
        ),
        tuple(before),
    )


def run(*steps: tuple[str, dict[str, object], str], ask: str = "Please help") -> Talk:
    """An agent's run: (tool, arguments, result) in order."""
    messages = [said("user", ask, 0)]
    for number, (tool, arguments, result) in enumerate(steps):
        call = ToolCall(f"call{number}", tool, json.dumps(arguments))
        messages.append(said("assistant", "", 2 * number + 1, tool_calls=(call,)))
        messages.append(said("tool", result, 2 * number + 2, tool_call_id=call.id))
    return Talk(tuple(messages))
