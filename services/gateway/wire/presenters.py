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
)
from services.gateway.schemas.messages import FEEDBACK
from shared.domain.memory import Kind, Match, Memory, ToolUse, Type
from shared.domain.memory_detail import SKILL_TYPE, SKILL_VALUE
from shared.domain.message import QUOTES, Message

Extras = Mapping[str, Any]
"""What an item has besides its own: `relativity` in a search, `sources` and `info` when
it is listed.
"""


def fact(memory: Memory, extras: Extras) -> FactItem:
    """A fact."""
    return FactItem(
        **_common(memory),
        memory_key=memory.title or memory.text,
        memory_value=memory.text,
        memory_type=memory.type.value,
        confidence=memory.confidence,
        tags=list(memory.tags),
        **extras,
    )


def preference(memory: Memory, extras: Extras) -> PreferenceItem:
    """A preference."""
    return PreferenceItem(
        **_common(memory),
        preference_type=memory.type.value,
        preference=memory.text,
        reasoning=memory.reasoning,
        **extras,
    )


def tool(memory: Memory, extras: Extras) -> ToolItem:
    """A tool's schema, or a story of its use with how each tool fared."""
    used: dict[str, Any] = (
        {}
        if memory.type is Type.SCHEMA
        else {
            "tool_used_status": [_tool_use(use) for use in memory.tools],
            "experience": memory.experience,
        }
    )
    return ToolItem(
        **_common(memory),
        tool_type=memory.type.value,
        tool_value=memory.text,
        **used,
        **extras,
    )


def skill(memory: Memory, extras: Extras) -> SkillItem:
    """A skill."""
    detail = memory.detail
    known = {
        name: value
        for name, value in dict(detail.get(SKILL_VALUE) or {}).items()
        if name in SkillValue.model_fields
    }
    value = SkillValue(**({"name": memory.title, "description": memory.text} | known))
    return SkillItem(
        **_common(memory),
        skill_value=value,
        skill_url=skill_path(memory.id),
        skill_type=str(detail.get(SKILL_TYPE) or ""),
        confidence=memory.confidence,
        tags=list(memory.tags),
        **extras,
    )


PRESENTERS: Mapping[Kind, Callable[[Memory, Extras], Item]] = {
    Kind.FACT: fact,
    Kind.PREFERENCE: preference,
    Kind.TOOL: tool,
    Kind.SKILL: skill,
}


def matched(
    matches: Sequence[Match], show: Callable[[Memory, Extras], Any]
) -> list[Any]:
    """Matches as items, the most relevant first."""
    ordered = sorted(matches, key=lambda match: -match.relativity)
    return [show(match.memory, {"relativity": match.relativity}) for match in ordered]


def original(message: Message) -> dict[str, Any]:
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
    return {
        "role": message.role,
        "content": message.content,
        **{name: value for name, value in optional.items() if value},
        **{
            name: value
            for name, value in message.extra.items()
            if name not in (FEEDBACK, QUOTES)
        },
    }


def _common(memory: Memory) -> dict[str, Any]:
    return {
        "id": memory.id,
        "conversation_id": memory.scope.conversation,
        "status": memory.status.value,
        "create_time": memory.created_at,
        "update_time": memory.updated_at,
    }


def _tool_use(use: ToolUse) -> ToolUseItem:
    return ToolUseItem(
        used_tool=use.tool,
        error_type=use.error_type,
        success_rate=use.success_rate,
        tool_experience=use.experience,
    )
