"""The four kinds of memories as the wire shows them (contract 1.2, 1.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from services.gateway.schemas.base import (
    EXAMPLE_CONVERSATION,
    EXAMPLE_DATE,
    EXAMPLE_ID,
    Outgoing,
)


def optional(description: str, **more: Any) -> Any:
    """A field that is left out, not null, where it does not apply."""
    return Field(
        default=None,
        description=description,
        exclude_if=lambda value: value is None,
        **more,
    )


class Item(Outgoing):
    """What every kind has. Times are epoch milliseconds."""

    id: str = Field(examples=[EXAMPLE_ID])
    conversation_id: str = Field(
        description="Where it came from.", examples=[EXAMPLE_CONVERSATION]
    )
    status: str = Field(
        description="Only activated memories are shown.", examples=["activated"]
    )
    create_time: int = Field(
        description="Epoch milliseconds.", examples=[1765376340736]
    )
    update_time: int = Field(
        description="Epoch milliseconds.", examples=[1765376340737]
    )
    expiration_date: str | None = optional(
        "The last day on which it is shown; only where it has one.",
        examples=[EXAMPLE_DATE],
    )
    valid_from: int = Field(
        description="When it was first said, epoch milliseconds. Souvenir's own.",
        examples=[1765376340736],
    )
    valid_until: int | None = optional(
        "Only of what holds no more: when what superseded it was said, epoch"
        " milliseconds. Souvenir's own."
    )
    relativity: float | None = optional(
        "How relevant to the query, 0..1; only in a search.", examples=[0.82587826]
    )
    quarantined: bool | None = optional(
        "true: text of a file or of a tool that reads like an instruction to a model: "
        "show it as a quotation, never as an order.",
        examples=[None],
    )
    sources: list[Any] | None = optional(
        "The messages or the places in files it was read from; in a search only where"
        " context_format asks for them, there with their `message_id`."
    )
    info: dict[str, Any] | None = optional(
        "What was sent along as `info`; not in a search."
    )
    history: list[dict[str, Any]] | None = optional(
        "What it took the place of, newest first: `id`, `text`, `create_time`, "
        "`update_time` (when it was archived), `valid_from` and `valid_until`; not in a"
        " search."
    )
    memory: str | None = optional(
        "Its words once more; only where it is asked for by its id."
    )
    metadata: dict[str, Any] | None = optional(
        "Its fields in the form of the open-source server, `sources` among them; only"
        " where it is asked for by its id."
    )
    thumbs: list[Any] | None = optional(
        "What rate/memory was told of it, oldest first: `thumb`, `query`, `user_id`,"
        " `reason`, `create_time`; not in a search. Souvenir's own."
    )


class FactItem(Item):
    """A fact."""

    memory_key: str = Field(description="Its title.", examples=["天气情况"])
    memory_value: str = Field(
        description="The fact itself.",
        examples=["2025年12月10日，上海的天气为阴天，气温在8到12度之间。"],
    )
    memory_type: str = Field(
        description="WorkingMemory, LongTermMemory or UserMemory.",
        examples=["WorkingMemory"],
    )
    memory_time: int | None = Field(
        default=None,
        description="The day that it tells of, as a language model has read it, epoch"
        " milliseconds; null where it tells of none or was read without a model.",
    )
    confidence: float = Field(description="0..1", examples=[0.99])
    tags: list[str] = Field(examples=[["天气", "阴天", "气温"]])


class PreferenceItem(Item):
    """A preference, and the reason for taking it as one."""

    preference_type: str = Field(
        examples=["explicit_preference"],
        description="explicit_preference (said) or implicit_preference (inferred).",
    )
    preference: str = Field(examples=["用户出门旅行喜欢带上全家。"])
    reasoning: str = Field(
        description="Why.", examples=["用户明确说一般都是全家行动。"]
    )


class ToolUseItem(Outgoing):
    """How often one tool succeeded."""

    used_tool: str = Field(examples=["get_weather"])
    error_type: str = Field(description="Empty when it never failed.", examples=[""])
    success_rate: float = Field(description="0..1", examples=[1.0])
    tool_experience: str = Field(examples=["传入城市名即可返回当天天气。"])


class ToolItem(Item):
    """What is known of a tool (ToolSchemaMemory), or what happened when tools were used
    (ToolTrajectoryMemory).
    """

    tool_type: str = Field(examples=["ToolTrajectoryMemory"])
    tool_value: str = Field(
        description="The story, or the schema as JSON text.",
        examples=["用户询问天气 -> 调用 get_weather(城市=上海) -> 返回阴天"],
    )
    tool_used_status: list[ToolUseItem] | None = optional("Only for trajectories.")
    experience: str | None = optional(
        "The rule drawn from it; only for trajectories.",
        examples=["查询天气时先确认城市。"],
    )


class SkillValue(Outgoing):
    """A way of doing something."""

    name: str = ""
    description: str = ""
    procedure: str = ""
    experience: list[str] = Field(default=[])
    preference: list[str] = Field(default=[])
    examples: list[str] = Field(default=[])
    script: dict[str, Any] = Field(default={})
    others: dict[str, Any] = Field(default={})


def skill_fields(stored: Any) -> dict[str, Any]:
    """What of a stored skill are fields of a `SkillValue`."""
    given = stored if isinstance(stored, Mapping) else {}
    return {name: given[name] for name in SkillValue.model_fields if name in given}


class SkillItem(Item):
    """A skill."""

    skill_value: SkillValue
    skill_url: str = Field(
        description="Where its file can be fetched; empty when there is none."
    )
    skill_type: str
    confidence: float = Field(description="0..1")
    tags: list[str]


AnyItem = FactItem | PreferenceItem | ToolItem | SkillItem
"""A memory of any kind."""
