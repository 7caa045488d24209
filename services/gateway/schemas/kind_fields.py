"""The fields that requests and answers have for each kind of memories. Their names are
those in `shared.domain.kinds.KINDS`; a new kind gets its fields here.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, Field

from services.gateway.schemas.base import (
    EXAMPLE_USER,
    Incoming,
    MatchLimit,
    Outgoing,
    counted,
)
from services.gateway.schemas.items import FactItem, PreferenceItem, SkillItem, ToolItem

TopK = Annotated[int, *counted(0, 100)]


def limit(default: int, items: str, *aliases: str) -> Any:
    """The number of memories of one kind that come back. The first of `aliases` is the
    field's own name.
    """
    return Field(
        default=default,
        validation_alias=AliasChoices(*aliases) if aliases else None,
        examples=[default],
        description=f"At most so many {items}; more than 25 counts as 25.",
    )


class SearchFields(Incoming):
    """What a search of the Cloud contract asks of each kind."""

    memory_limit_number: MatchLimit = limit(9, "facts", "memory_limit_number", "top_k")
    include_preference: bool = Field(default=True, description="Preferences too.")
    preference_limit_number: MatchLimit = limit(
        9, "preferences", "preference_limit_number", "pref_top_k"
    )
    include_tool_memory: bool = Field(default=False, description="Tool memories too.")
    tool_memory_limit_number: MatchLimit = limit(6, "tool memories")
    include_skill: bool = Field(default=False, description="Skills too.")
    skill_limit_number: MatchLimit = limit(6, "skills")


class ListingFields(Incoming):
    """Which kinds get/memory lists."""

    include_preference: bool = Field(default=True, description="Preferences too.")
    include_tool_memory: bool = Field(default=True, description="Tool memories too.")
    include_skill: bool = Field(default=True, description="Skills too.")


class ItemLists(Outgoing):
    """A list of memories for each kind."""

    memory_detail_list: list[FactItem] = Field(description="Facts.")
    preference_detail_list: list[PreferenceItem] = Field(description="Preferences.")
    tool_memory_detail_list: list[ToolItem] = Field(description="Tool memories.")
    skill_detail_list: list[SkillItem] = Field(description="Skills.")


class CubeSearchFields(Incoming):
    """What a search of the open-source server asks of each kind."""

    top_k: TopK = Field(default=10, description="At most so many facts.")
    include_preference: bool = Field(default=True, description="Preferences too.")
    pref_top_k: TopK = Field(default=6, description="At most so many preferences.")
    search_tool_memory: bool = Field(default=True, description="Tool memories too.")
    tool_mem_top_k: TopK = Field(
        default=6, description="At most so many tool memories."
    )
    include_skill_memory: bool = Field(default=True, description="Skills too.")
    skill_mem_top_k: TopK = Field(default=3, description="At most so many skills.")


class CubeListingFields(Incoming):
    """Which kinds a listing of the open-source server has."""

    include_preference: bool = Field(default=True, description="Preferences too.")
    include_tool_memory: bool = Field(default=True, description="Tool memories too.")
    include_skill_memory: bool = Field(default=True, description="Skills too.")


class Bucket(Outgoing):
    """The memories of one cube."""

    cube_id: str = Field(examples=[EXAMPLE_USER])
    memories: list[dict[str, Any]] = Field(
        description="`id`, `memory`, `ref_id` and `metadata` of each."
    )
    total_nodes: int = Field(description="How many there are.", examples=[1])


class CubeLists(Outgoing):
    """For each kind a bucket of every cube."""

    text_mem: list[Bucket]
    pref_mem: list[Bucket]
    tool_mem: list[Bucket]
    skill_mem: list[Bucket]
