"""The prompt of a chat: instructions first, what is remembered apart from them as data,
then the conversation and the question.

What stays the same comes first and the time last, so that endpoints can keep the
beginning from one request to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.gateway.chat.chat_instructions import BASE, DATA
from services.gateway.chat.history import Said
from services.gateway.chat.memory_blocks import (
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


def messages_for(
    query: str,
    remembered: Remembered,
    history: Sequence[Said],
    system_prompt: str,
    now: int,
    timezone: str,
) -> list[Mapping[str, Any]]:
    """The chat messages to send. `now`: epoch milliseconds; `timezone`: a name of the
    IANA database.
    """
    zone = ZoneInfo(timezone)
    blocks = [
        block("profile", map(profile_value, remembered.profile), PROFILE_TOKENS),
        block(
            "preferences",
            [preference_value(m, zone) for m in remembered.preferences],
            PREFERENCE_TOKENS,
        ),
        block(
            "memories",
            [memory_value(m, zone) for m in by_kind(remembered.memories)],
            MEMORY_TOKENS,
        ),
    ]
    data = "\n".join(filter(None, blocks))
    parts = [system_prompt or BASE, f"{DATA}\n{data}" if data else ""]
    parts.append(time_lines(now, zone, history))
    return [
        {"role": "system", "content": "\n\n".join(filter(None, parts))},
        *(message.wire for message in history),
        {"role": "user", "content": query},
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
