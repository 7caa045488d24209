"""What is remembered, as blocks of a prompt: JSON, one object a line, so that no text
can end the block that it stands in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from services.gateway.profiles.known_profile import ProfileEntry
from shared.domain.memory import Match, Memory, Type
from shared.language.attribution import by_assistant
from shared.language.quarantine import MARK, is_quarantined
from shared.language.token_estimate import tokens

ESCAPED_LESS = "\\u003c"
"""For "<", so that no memory can close the block that it stands in."""


def block(name: str, values: Iterable[Mapping[str, Any]], budget: int) -> str:
    """The values that fit into so many tokens, the first ones first, between tags; ""
    without any.
    """
    lines: list[str] = []
    for value in values:
        present = {key: entry for key, entry in value.items() if entry}
        line = json.dumps(present, ensure_ascii=False).replace("<", ESCAPED_LESS)
        budget -= tokens(line)
        if budget < 0:
            break
        lines.append(line)
    return "\n".join([f"<{name}>", *lines, f"</{name}>"]) if lines else ""


def profile_value(entry: ProfileEntry) -> Mapping[str, Any]:
    """One attribute of the user."""
    return {"attribute": entry.path, "value": entry.value}


def preference_value(match: Match, zone: tzinfo) -> Mapping[str, Any]:
    """One preference of the user, and whether it was stated or inferred."""
    memory = match.memory
    return {
        "preference": memory.text,
        "basis": "stated" if memory.type is Type.EXPLICIT else "inferred",
        "because": memory.reasoning if memory.type is Type.IMPLICIT else "",
        "said_on": said_on(memory, zone),
    }


def memory_value(match: Match, zone: tzinfo) -> Mapping[str, Any]:
    """One memory with its days, its speaker and its source."""
    memory = match.memory
    said, about = said_on(memory, zone), about_day(memory)
    return {
        "kind": memory.kind.value,
        "text": memory.text,
        "said_on": said,
        "about_day": about if about != said else "",
        "said_by": speaker(memory),
        "source": source(memory),
        "experience": memory.experience,
        "quarantined": MARK if is_quarantined(memory) else "",
    }


def said_on(memory: Memory, zone: tzinfo) -> str:
    """The day it was said, or else made, as YYYY-MM-DD; "" when unknown."""
    at = memory.said_at or memory.created_at
    return datetime.fromtimestamp(at / 1000, zone).strftime("%Y-%m-%d") if at else ""


def about_day(memory: Memory) -> str:
    """The day it speaks of; "" when unknown. Days without an hour are noon in UTC."""
    at = memory.happened_at
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d") if at else ""


def speaker(memory: Memory) -> str:
    """Who said it: a name, "assistant", or "" for the user and for documents."""
    return memory.speaker or ("assistant" if by_assistant(memory.text) else "")


def source(memory: Memory) -> str:
    """Where it was read: a file with its page, or the conversation."""
    return file_of(memory) or f"conversation {memory.scope.conversation}"


def file_of(memory: Memory) -> str:
    """The file it was read from, with its page; "" for what was said."""
    for origin in memory.origins:
        if origin.file:
            return f"{origin.file}, page {origin.page}" if origin.page else origin.file
    return ""


def by_kind(matches: Mapping[Any, Sequence[Match]]) -> Iterable[Match]:
    """The matches kind by kind, each kind best first."""
    for of_kind in matches.values():
        yield from of_kind
