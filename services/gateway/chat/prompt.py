"""The prompt of a chat: instructions first, what is remembered apart from them as data,
then the conversation and the question.

What stays the same comes first and the time last, so that endpoints can keep the
beginning from one request to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from services.gateway.chat.chat_instructions import BASE, DATA
from services.gateway.chat.history import Said
from services.gateway.chat.memory_blocks import (
    Block,
    block,
    by_kind,
    memory_value,
    preference_value,
    profile_value,
)
from services.gateway.chat.remembered import Remembered

PROFILE_TOKENS, PREFERENCE_TOKENS, MEMORY_TOKENS = 600, 800, 4000
"""Tokens of each block at most; what comes first in it is kept."""
PAUSE_MS = 3 * 3600 * 1000
"""Milliseconds of silence after which the model learns that the talk had paused."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is sent, and what it is shown of what is remembered."""

    messages: Sequence[Mapping[str, Any]]
    used: tuple[str, ...] = ()
    """The ids of all memories that an answer may be made of."""


def prompt_for(
    query: str,
    remembered: Remembered,
    history: Sequence[Said],
    system_prompt: str,
    now: int,
    zone: ZoneInfo,
) -> Prompt:
    """The chat messages to send. `now`: epoch milliseconds."""
    blocks = blocks_of(remembered, zone)
    data = "\n".join(block.text for block in blocks if block.text)
    parts = [system_prompt or BASE, f"{DATA}\n{data}" if data else ""]
    parts.append(time_lines(now, zone, history))
    messages = [
        {"role": "system", "content": "\n\n".join(filter(None, parts))},
        *(message.wire for message in history),
        {"role": "user", "content": query},
    ]
    used = dict.fromkeys(chain.from_iterable(block.ids for block in blocks))
    return Prompt(messages, tuple(used))


def blocks_of(remembered: Remembered, zone: ZoneInfo) -> list[Block]:
    """What is remembered, as far as it fits."""
    profile = [(entry.memory.id, profile_value(entry)) for entry in remembered.profile]
    preferences = [
        (match.memory.id, preference_value(match, zone))
        for match in remembered.preferences
    ]
    memories = [
        (match.memory.id, memory_value(match, zone))
        for match in by_kind(remembered.memories)
    ]
    return [
        block("profile", profile, PROFILE_TOKENS),
        block("preferences", preferences, PREFERENCE_TOKENS),
        block("memories", memories, MEMORY_TOKENS),
    ]


def time_lines(now: int, zone: ZoneInfo, history: Sequence[Said]) -> str:
    """The current time, and when the conversation was left off where that is a while ago."""
    lines = [f"Current time: {written_time(now, zone)}."]
    last = history[-1].at if history else 0
    if last and now - last > PAUSE_MS:
        lines.append(f"The message before this one: {written_time(last, zone)}.")
    return "\n".join(lines)


def written_time(at: int, zone: ZoneInfo) -> str:
    """A moment (epoch milliseconds): 2026-11-26 15:10, Thursday (Europe/Berlin, UTC+01:00)."""
    moment = datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)
    return f"{moment:%Y-%m-%d %H:%M, %A} ({zone.key}, UTC{moment.isoformat()[-6:]})"
