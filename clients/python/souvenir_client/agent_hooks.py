"""Hooks of Claude Code: recall before a turn, remember after it.

Claude Code runs a hook with a JSON object on standard input; what the first prints is put
before the prompt. A memory that is away costs a turn its memories, never the turn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from souvenir_client.client import Client
from souvenir_client.integrations.user_memory import OnError, UserMemory
from souvenir_client.values import ApiError

Event = dict[str, Any]


NOT_SAID = ("<command-", "<local-command-", "<bash-", "[Request interrupted")
"""How entries under the user's name begin that Claude Code itself has written."""

ASIDE = ("isSidechain", "isMeta", "isCompactSummary")
"""Marks of entries that are no talk between user and assistant."""

HOOK_S = 4.0
"""Seconds that a hook waits: every prompt waits for it."""

KNOWN_KEY = 422
"""The status of a key under which something else is stored: here the same turn, when a
second Stop hook has let the assistant go on.
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A prompt and what was answered to it."""

    messages: list[dict[str, Any]]

    key: str
    """The same whenever the same turn is handed over; "" where the transcript has none."""


def recall(event: Event, client: Client, user: str, on_error: OnError) -> str:
    """What is remembered about the prompt of a UserPromptSubmit event; "" for nothing."""
    memory = UserMemory(client, user, on_error=on_error, turn_s=HOOK_S)
    return memory.text(str(event.get("prompt") or ""))


def remember(event: Event, client: Client, user: str, on_error: OnError) -> None:
    """Remember the last turn of the transcript that a Stop event names."""
    with Path(event["transcript_path"]).open(encoding="utf-8") as lines:
        turn = last_turn(lines)

    def unless_known(error: Exception) -> None:
        if not (isinstance(error, ApiError) and error.status == KNOWN_KEY):
            on_error(error)

    session = str(event.get("session_id") or "")
    memory = UserMemory(client, user, session, on_error=unless_known, turn_s=HOOK_S)
    memory.remember(turn.messages, key=turn.key)


def last_turn(lines: Iterable[str]) -> Turn:
    """The last prompt of a transcript and what was answered to it, as messages."""
    question = key = ""
    answers: list[str] = []
    for entry, text in _spoken(lines):
        if entry["type"] == "user":
            question, key, answers = text, str(entry.get("uuid") or ""), []
        else:
            answers.append(text)
    turn = [("user", question), ("assistant", "\n".join(answers))]
    return Turn([{"role": role, "content": text} for role, text in turn], key)


def _spoken(lines: Iterable[str]) -> Iterator[tuple[Event, str]]:
    """Entries of user and assistant with their words; results of tools, what subagents say
    and what Claude Code writes itself is left out.
    """
    for line in lines:
        entry = _object(line)
        message = entry.get("message")
        if not isinstance(message, dict) or any(map(entry.get, ASIDE)):
            continue
        if entry.get("type") not in ("user", "assistant"):
            continue
        text = _words(message.get("content"))
        if text and not (entry["type"] == "user" and text.startswith(NOT_SAID)):
            yield entry, text


def _object(line: str) -> Event:
    """A line's object; an empty one for a line that is none, such as one half written."""
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _words(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = (part for part in content or () if isinstance(part, dict))
    texts = (part.get("text") for part in parts if part.get("type") == "text")
    return "\n".join(text for text in texts if text)
