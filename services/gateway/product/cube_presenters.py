"""Memories as the open-source server shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from services.gateway.schemas.product import Bucket
from services.gateway.search.prompt_instructions import preference_note
from shared.domain.memory import Kind, Match, Memory, Type


def shown(memory: Memory, user: str, relativity: float | None = None) -> dict[str, Any]:
    """One memory."""
    common = {"id": memory.id, "memory": memory.text, "ref_id": f"[{memory.id[:8]}]"}
    return common | {
        "metadata": common
        | _metadata(memory, user)
        | _of_its_kind(memory)
        | ({} if relativity is None else {"relativity": relativity})
    }


def _metadata(memory: Memory, user: str) -> dict[str, Any]:
    return {
        "key": memory.title,
        "tags": list(memory.tags),
        "memory_type": _type(memory),
        "status": memory.status.value,
        "confidence": memory.confidence,
        "user_id": user,
        "session_id": memory.scope.conversation,
        "created_at": _iso(memory.created_at),
        "updated_at": _iso(memory.updated_at),
        "background": memory.context,
        "info": dict(memory.info),
        "embedding": [],
        "usage": [],
        "sources": [
            {"file": origin.file, "page": origin.page}
            if origin.file
            else {"message_ids": list(origin.message_ids)}
            for origin in memory.origins
        ],
    }


def _of_its_kind(memory: Memory) -> dict[str, Any]:
    if memory.kind is Kind.PREFERENCE:
        return {
            "preference_type": memory.type.value,
            "preference": memory.text,
            "reasoning": memory.reasoning,
        }
    if memory.kind is Kind.SKILL:
        return dict(memory.detail)
    return {"experience": memory.experience} if memory.experience else {}


def _type(memory: Memory) -> str:
    return "PreferenceMemory" if memory.kind is Kind.PREFERENCE else memory.type.value


def _iso(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat()


def bucket(cube: str, memories: Sequence[dict[str, Any]]) -> Bucket:
    """The memories of one cube."""
    return Bucket(cube_id=cube, memories=list(memories), total_nodes=len(memories))


def preference_text(preferences: Sequence[Match]) -> str:
    """The preferences as numbered lists, and how to use them; '' without any."""
    lists = [
        _numbered(
            title,
            [match.memory.text for match in preferences if match.memory.type is type],
        )
        for title, type in (
            ("Explicit Preference:", Type.EXPLICIT),
            ("Implicit Preference:", Type.IMPLICIT),
        )
    ]
    return (
        "\n".join([text for text in lists if text] + [preference_note(preferences)])
        if preferences
        else ""
    )


def _numbered(title: str, texts: Sequence[str]) -> str:
    return (
        "\n".join(
            [title, *(f"{number}. {text}" for number, text in enumerate(texts, 1))]
        )
        + "\n"
        if texts
        else ""
    )
