"""Hooks of Claude Code: recall before a turn, remember after it.

Claude Code runs a hook with a JSON object on standard input; what the first prints is put
before the prompt. A memory that is away costs a turn its memories, never the turn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from souvenir_client.client import Client
from souvenir_client.integrations.recalled_text import recalled_text
from souvenir_client.integrations.user_memory import UserMemory

Event = dict[str, Any]


def recall(event: Event, client: Client, user: str) -> str:
    """What is remembered about the prompt of a UserPromptSubmit event; "" for nothing."""
    prompt = str(event.get("prompt") or "")
    return recalled_text(client.search(prompt, user)) if prompt.strip() else ""


def remember(event: Event, client: Client, user: str) -> None:
    """Remember the last turn of the transcript that a Stop event names."""
    with Path(event["transcript_path"]).open(encoding="utf-8") as lines:
        turn = last_turn(lines)
    UserMemory(client, user, str(event.get("session_id") or "")).remember(turn)


def last_turn(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The last prompt of a transcript and what was answered to it, as messages."""
    question = ""
    answers: list[str] = []
    for role, text in _spoken(lines):
        if role == "user":
            question, answers = text, []
        else:
            answers.append(text)
    turn = [("user", question), ("assistant", "\n".join(answers))]
    return [{"role": role, "content": text} for role, text in turn]


def _spoken(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Who says what, line by line; results of tools and what subagents say is left out."""
    for line in lines:
        entry = _object(line)
        message = entry.get("message")
        aside = entry.get("isSidechain") or entry.get("isMeta")
        if aside or not isinstance(message, dict):
            continue
        text = _words(message.get("content"))
        if text and message.get("role") in ("user", "assistant"):
            yield message["role"], text


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
