"""What was found as one text for a prompt (`context_tokens` of search/memory).

The same memories give the same text, byte for byte, however the query was worded: what
fits is chosen by relevance, then written in the order in which it was remembered. So a
model's prompt cache holds until a memory changes, and a new one only adds to the end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import chain
from typing import Any, Literal

from services.gateway.chat.memory_blocks import (
    ESCAPED_LESS,
    memory_value,
    preference_value,
)
from services.gateway.memories.list_memories import Provenance, memory_sources
from shared.domain.identity import digest
from shared.domain.memory import Kind, Match
from shared.language.token_estimate import tokens

ContextFormat = Literal["memory", "sources", "mixed"]
"""memory: what is remembered; sources: what it was read from; mixed: both."""

_FRAME = "<memories>\n{}\n</memories>"
_FRAME_TOKENS = tokens(_FRAME)
_TOLD_BY_SOURCES = frozenset({"source"})
"""Fields of a memory that its sources tell better."""


@dataclass(frozen=True, slots=True)
class ContextText:
    """The text, and a name of just this text."""

    text: str
    etag: str


def context_text(
    matches: Mapping[Kind, Sequence[Match]],
    provenance: Provenance,
    format: ContextFormat,
    budget: int,
    zone: tzinfo,
) -> ContextText:
    """The matches that fit into `budget` tokens, as JSON, one a line between tags, so
    that no memory can end the block; "" where none does.
    """
    ranked = sorted(
        chain.from_iterable(matches.values()),
        key=lambda match: (-match.relativity, match.memory.id),
    )
    left = budget - _FRAME_TOKENS
    chosen: list[tuple[Match, str]] = []
    for match in ranked:
        line = _line(match, provenance, format, zone)
        cost = tokens(line + "\n")
        if cost <= left and all(line != other for _, other in chosen):
            chosen.append((match, line))
            left -= cost
    chosen.sort(key=lambda pair: (pair[0].memory.created_at, pair[0].memory.id))
    lines = [line for _, line in chosen]
    text = _FRAME.format("\n".join(lines)) if lines else ""
    return ContextText(text, digest(text.encode()))


def _line(
    match: Match, provenance: Provenance, format: ContextFormat, zone: tzinfo
) -> str:
    """One memory as JSON."""
    sources = memory_sources(match.memory, provenance)
    if format == "sources" and sources:
        value: Mapping[str, Any] = {"sources": sources}
    else:
        is_preference = match.memory.kind is Kind.PREFERENCE
        fields = (preference_value if is_preference else memory_value)(match, zone)
        value = {
            name: entry
            for name, entry in fields.items()
            if entry and not (format == "mixed" and name in _TOLD_BY_SOURCES)
        }
        if format == "mixed":
            value = {**value, "sources": sources}
    line = json.dumps(value, ensure_ascii=False, default=str)
    return line.replace("<", ESCAPED_LESS)
