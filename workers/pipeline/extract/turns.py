"""Turns: messages of which it is known who speaks."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.message import Message
from workers.pipeline.extract.cues import NOT_A_SPEAKER, SPEAKER


@dataclass(frozen=True, slots=True)
class Turn:
    """One message taken apart: who speaks, and what they say."""

    message: Message
    speaker: str
    text: str


def read_turn(message: Message) -> Turn | None:
    """The turn of a message; None where nobody says anything (tool results, system prompts, empty messages)."""
    if message.role not in ("user", "assistant") or not message.text.strip():
        return None
    named = SPEAKER.match(message.text) if not message.speaker else None
    if named is None or named[1].lower() in NOT_A_SPEAKER:
        return Turn(message, message.speaker, message.text.strip())
    return Turn(message, named[1], message.text[named.end() :].strip())
