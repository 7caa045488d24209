"""What is remembered, as blocks of a prompt: JSON, one object a line, so that no text
can end the block that it stands in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from services.gateway.profiles.known_profile import ProfileEntry
from shared.domain.memory import Match, Memory, Type
from shared.language.attribution import by_assistant
from shared.language.quarantine import MARK, is_quarantined
from shared.language.token_estimate import beginning, tokens

ESCAPED_LESS = "\\u003c"
"""For "<", so that no memory can close the block that it stands in."""


LARGEST = 0.5
"""Share of a block that one memory may fill: a longer one is shown as far as that goes,
and leaves room for the others.
"""

Value = tuple[str, Mapping[str, Any]]
"""The id of a memory, and what is shown of it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a prompt, and the ids of the memories that are shown in it."""

    text: str = ""
    ids: tuple[str, ...] = ()


def block(name: str, values: Iterable[Value], budget: int) -> Block:
    """The values that fit into so many tokens, the first ones first, between tags;
    nothing without any. One that is too long is shortened, one that does not fit any more
    passed over.
    """
    lines: list[str] = []
    ids: list[str] = []
    most = int(budget * LARGEST)
    for id, value in values:
        line = _line({key: _shortened(entry, most) for key, entry in value.items()})
        cost = tokens(line)
        if cost <= budget:
            budget -= cost
            lines.append(line)
            ids.append(id)
    if not lines:
        return Block()
    return Block("\n".join([f"<{name}>", *lines, f"</{name}>"]), tuple(ids))


def _line(value: Mapping[str, Any]) -> str:
    """What there is of a value, as JSON on one line that closes no block."""
    present = {name: entry for name, entry in value.items() if entry}
    line = json.dumps(present, ensure_ascii=False)
    return line.replace("<", ESCAPED_LESS)


def _shortened(entry: Any, most: int) -> Any:
    return beginning(entry, most) if isinstance(entry, str) else entry


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
