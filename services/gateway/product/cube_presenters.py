"""Memories as the open-source server shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from services.gateway.search.prompt_instructions import preference_note
from shared.domain.memory import Kind, Match, Memory, Origin, Type
from shared.language.quarantine import is_quarantined

_PREFERENCE_LISTS = {
    Type.EXPLICIT: "Explicit Preference:",
    Type.IMPLICIT: "Implicit Preference:",
}
"""The headings of `pref_string`."""


def present_cube_memory(
    memory: Memory, user: str, relativity: float | None = None
) -> dict[str, Any]:
    """One memory; with its relativity in a search."""
    common = {"id": memory.id, "memory": memory.text, "ref_id": f"[{memory.id[:8]}]"}
    metadata = common | _metadata(memory, user) | kind_metadata(memory)
    if is_quarantined(memory):
        metadata["quarantined"] = True
    if relativity is not None:
        metadata["relativity"] = relativity
    return common | {"metadata": metadata}


def _metadata(memory: Memory, user: str) -> dict[str, Any]:
    memory_type: str = memory.type.value
    if memory.kind is Kind.PREFERENCE:
        memory_type = "PreferenceMemory"
    return {
        "key": memory.title,
        "tags": list(memory.tags),
        "memory_type": memory_type,
        "status": memory.status.value,
        "confidence": memory.confidence,
        "user_id": user,
        "session_id": memory.scope.conversation,
        "created_at": iso_time(memory.created_at),
        "updated_at": iso_time(memory.updated_at),
        "background": memory.context,
        "info": dict(memory.info),
        "embedding": [],
        "usage": [],
        "sources": [origin_source(origin) for origin in memory.origins],
    }


def origin_source(origin: Origin) -> dict[str, Any]:
    """Where a memory was read: a page of a file, or messages."""
    if origin.file:
        return {"file": origin.file, "page": origin.page}
    return {"message_ids": list(origin.message_ids)}


def kind_metadata(memory: Memory) -> dict[str, Any]:
    """What only memories of one kind have."""
    if memory.kind is Kind.PREFERENCE:
        return {
            "preference_type": memory.type.value,
            "preference": memory.text,
            "reasoning": memory.reasoning,
        }
    if memory.kind is Kind.SKILL:
        return dict(memory.detail)
    return {"experience": memory.experience} if memory.experience else {}


def iso_time(milliseconds: int) -> str:
    """ISO 8601 in UTC of epoch milliseconds."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


def preference_text(preferences: Sequence[Match]) -> str:
    """The preferences as numbered lists, and how to use them; '' without any."""
    if not preferences:
        return ""
    parts = []
    for preference_type, title in _PREFERENCE_LISTS.items():
        texts = [
            match.memory.text
            for match in preferences
            if match.memory.type is preference_type
        ]
        if texts:
            lines = [f"{number}. {text}" for number, text in enumerate(texts, 1)]
            parts.append("\n".join([title, *lines]) + "\n")
    return "\n".join([*parts, preference_note(preferences)])
