"""Profiles and events as the wire shows them, where `include_memory_view` asks for them
(contract 1.2, 1.4).
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from services.gateway.schemas.base import EXAMPLE_ID, Incoming, Outgoing, Texts
from services.gateway.schemas.items import Item, optional

VIEWS = (
    "Only these views, in place of the `include_...` fields: detail_factual, profile, "
    "event, preference, tool_memory, skill. Names that do not exist are ignored, and remarked."
)


class ViewFields(Incoming):
    """Which views an answer has."""

    include_memory_view: Texts = Field(
        default=[], description=VIEWS, examples=[["profile", "event"]]
    )


class ProfileItem(Outgoing):
    """One attribute of a profile."""

    id: str = Field(
        description="The memory that holds it, or that it was read from.",
        examples=[EXAMPLE_ID],
    )
    memory: str = Field(
        description="Path and value.", examples=["基础信息.职业: 产品经理"]
    )
    memory_type: str = Field(default="ProfileMemory", examples=["ProfileMemory"])
    template_id: str = Field(
        description="Empty for what was read from memories without a template.",
        examples=[EXAMPLE_ID],
    )
    profile_category: str = Field(examples=["基础信息"])
    profile_field: str = Field(examples=["职业"])
    profile_path: str = Field(examples=["基础信息.职业"])
    value: str = Field(examples=["产品经理"])
    status: str = Field(examples=["activated"])
    confidence: float = Field(description="0..1", examples=[0.99])
    relativity: float = Field(
        description="How relevant to the query, 0..1. A profile comes whole, whatever "
        "the threshold.",
        examples=[0.6782],
    )
    algorithm_updatable: bool = Field(
        description="Whether what is said may change it.", examples=[True]
    )
    create_time: int = Field(examples=[1765376340736])
    update_time: int = Field(examples=[1765376340737])


class Profile(Outgoing):
    """A profile of an owner: all of its fields."""

    id: str = Field(
        description="Of the binding; empty for what was read from memories without a template."
    )
    profile_template_id: str = Field(examples=[EXAMPLE_ID])
    profile_template_name: str = Field(examples=["客服用户属性"])
    memory_type: str = Field(default="ProfileMemory", examples=["ProfileMemory"])
    status: str = Field(default="activated", examples=["activated"])
    properties: dict[str, Any] = Field(
        description='`{category: {field: {"value", "algorithm_updatable"}}}`.',
        examples=[
            {"基础信息": {"职业": {"value": "产品经理", "algorithm_updatable": True}}}
        ],
    )
    create_time: int = Field(examples=[1765376340736])
    update_time: int = Field(examples=[1765376340737])


class EventItem(Item):
    """Something that happened, or is planned, on a day that is known."""

    event_key: str = Field(description="Its title.", examples=["方案评审"])
    event_value: str = Field(description="What happens.", examples=["与李四评审方案。"])
    event_type: str = Field(default="EventMemory", examples=["EventMemory"])
    event_time: list[str] = Field(
        description="The days it speaks of, YYYY-MM-DD; first and last of a period.",
        examples=[["2026-06-12", "2026-06-14"]],
    )
    event_location: list[str] = Field(
        description="Where; empty where that is not certain.", examples=[[]]
    )
    event_roles: list[str] = Field(
        description="Who takes part, as far as that is certain.", examples=[["user"]]
    )
    tags: list[str] = Field(examples=[["评审"]])


class ViewLists(Outgoing):
    """The lists of the two views of facts; left out where no view is asked for."""

    profile_detail_list: list[ProfileItem] | None = optional(
        "The owner's profile, attribute by attribute; only with include_memory_view."
    )
    event_detail_list: list[EventItem] | None = optional(
        "Events; only with include_memory_view."
    )


class ViewPage(Outgoing):
    """The same in a listing."""

    profile_detail_list: list[Profile] | None = optional(
        "The owner's profiles; only with include_memory_view."
    )
    event_detail_list: list[EventItem] | None = optional(
        "Events; only with include_memory_view."
    )
