"""Memories as the wire shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.gateway.knowledge.skill_download import skill_path
from services.gateway.schemas.items import (
    FactItem,
    Item,
    PreferenceItem,
    SkillItem,
    SkillValue,
    ToolItem,
    ToolUseItem,
    skill_fields,
)
from services.gateway.schemas.messages import FEEDBACK
from services.gateway.schemas.rating import ThumbItem
from shared.domain.expiry import last_day
from shared.domain.kinds import KINDS
from shared.domain.memory import Kind, Match, Memory, Type
from shared.domain.memory_detail import ASPECT, SKILL_TYPE, SKILL_VALUE
from shared.domain.message import QUOTES, Message
from shared.domain.validity import period_of
from shared.language.quarantine import is_quarantined

Extras = Mapping[str, Any]
"""Fields of an item that do not depend on its kind: `relativity` in a search, `sources`,
`info` and `history` in a listing.
"""

_INTERNAL = frozenset({FEEDBACK, QUOTES})
"""Keys in a message's `extra` that were not sent by the client."""


def present_fact(memory: Memory, extras: Extras) -> FactItem:
    """A fact."""
    return FactItem(
        **_common_fields(memory),
        memory_key=memory.title or memory.text,
        memory_value=memory.text,
        memory_type=memory.type.value,
        memory_time=_time_of_event(memory),
        confidence=memory.confidence,
        tags=list(memory.tags),
        **extras,
    )


def present_preference(memory: Memory, extras: Extras) -> PreferenceItem:
    """A preference."""
    return PreferenceItem(
        **_common_fields(memory),
        preference_type=memory.type.value,
        preference=memory.text,
        reasoning=memory.reasoning,
        **extras,
    )


def present_tool(memory: Memory, extras: Extras) -> ToolItem:
    """A tool's schema, or what happened when tools were used."""
    trajectory: dict[str, Any] = {}
    if memory.type is not Type.SCHEMA:
        trajectory["experience"] = memory.experience
        trajectory["tool_used_status"] = [
            ToolUseItem(
                used_tool=use.tool,
                error_type=use.error_type,
                success_rate=use.success_rate,
                tool_experience=use.experience,
            )
            for use in memory.tools
        ]
    return ToolItem(
        **_common_fields(memory),
        tool_type=memory.type.value,
        tool_value=memory.text,
        **trajectory,
        **extras,
    )


def present_skill(memory: Memory, extras: Extras) -> SkillItem:
    """A skill."""
    detail = memory.detail
    fields: dict[str, Any] = {"name": memory.title, "description": memory.text}
    fields |= skill_fields(detail.get(SKILL_VALUE))
    return SkillItem(
        **_common_fields(memory),
        skill_value=SkillValue(**fields),
        skill_url=skill_path(memory.id),
        skill_type=str(detail.get(SKILL_TYPE) or ""),
        confidence=memory.confidence,
        tags=list(memory.tags),
        **extras,
    )


PRESENTERS: Mapping[Kind, Callable[[Memory, Extras], Item]] = {
    Kind.FACT: present_fact,
    Kind.PREFERENCE: present_preference,
    Kind.TOOL: present_tool,
    Kind.SKILL: present_skill,
}


def matched_lists(
    matches: Mapping[Kind, Sequence[Match]],
    sources: Mapping[str, list[dict[str, Any]]] | None = None,
) -> dict[str, list[Item]]:
    """The lists of a search's answer by their names, the most relevant item first; a
    list for every kind. `sources`: what each memory was read from, by its id.
    """
    lists = {}
    for kind, spec in KINDS.items():
        present = PRESENTERS[kind]
        ordered = sorted(matches.get(kind, ()), key=lambda match: -match.relativity)
        lists[spec.wire_list] = [
            present(
                match.memory,
                {
                    "relativity": match.relativity,
                    "sources": sources[match.memory.id] if sources else None,
                },
            )
            for match in ordered
        ]
    return lists


def present_thumbs(memory: Memory) -> list[ThumbItem] | None:
    """What is thought of a memory, oldest first; None for nothing."""
    return [
        ThumbItem(
            thumb="up" if thumb.up else "down",
            query=thumb.query,
            user_id=thumb.user,
            reason=thumb.reason,
            create_time=thumb.at,
        )
        for thumb in memory.thumbs
    ] or None


def original_message(message: Message) -> dict[str, Any]:
    """A message as it was sent."""
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for call in message.tool_calls
    ]
    optional = {
        "chat_time": message.chat_time,
        "tool_calls": calls,
        "tool_call_id": message.tool_call_id,
    }
    sent: dict[str, Any] = {"role": message.role, "content": message.content}
    sent |= {name: value for name, value in optional.items() if value}
    sent |= {
        name: value for name, value in message.extra.items() if name not in _INTERNAL
    }
    return sent


def _time_of_event(memory: Memory) -> int | None:
    """The day that a model has read in a memory; what was said on no other day than
    that it was said on has none.
    """
    is_dated = ASPECT in memory.detail and memory.happened_at != memory.said_at
    return memory.happened_at if is_dated else None


def _common_fields(memory: Memory) -> dict[str, Any]:
    period = period_of(memory)
    return {
        "id": memory.id,
        "conversation_id": memory.scope.conversation,
        "status": memory.status.value,
        "create_time": memory.created_at,
        "update_time": memory.updated_at,
        "quarantined": is_quarantined(memory) or None,
        "expiration_date": expiration_date(memory),
        "valid_from": period.since,
        "valid_until": memory.valid_until or period.until or None,
    }


def expiration_date(memory: Memory) -> str | None:
    """The last day on which a memory is shown; None for one that does not expire."""
    return last_day(memory.expires_at) if memory.expires_at else None
