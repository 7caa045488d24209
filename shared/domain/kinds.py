"""The kinds of memories, as a table: one row holds all that sets a kind apart.

Schemas, searches, listings, status views and presenters loop over `KINDS`. The names in
it are those of the wire (contract 1.2, 1.4, 1.6 and section 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Which list of an answer a memory belongs to."""

    FACT = "fact"
    PREFERENCE = "preference"
    TOOL = "tool"
    SKILL = "skill"


class Type(StrEnum):
    """The wire's name of the finer kind (contract 1.12)."""

    WORKING = "WorkingMemory"
    LONG_TERM = "LongTermMemory"
    USER = "UserMemory"
    EXPLICIT = "explicit_preference"
    IMPLICIT = "implicit_preference"
    TRAJECTORY = "ToolTrajectoryMemory"
    SCHEMA = "ToolSchemaMemory"
    SKILL = "SkillMemory"


@dataclass(frozen=True, slots=True)
class RequestFields:
    """The fields of one request that concern one kind."""

    limit: str = ""
    """The number of memories that may come back; '' where pages set it."""

    include: str = ""
    """The truth value that turns the kind on; '' for a kind that is always on."""

    def included(self, request: object) -> bool:
        """Whether a request asks for the kind."""
        return not self.include or bool(getattr(request, self.include))

    def limit_of(self, request: object) -> int:
        """How many memories of the kind a request asks for; 0 where it is turned off."""
        return int(getattr(request, self.limit)) if self.included(request) else 0


@dataclass(frozen=True, slots=True)
class KindSpec:
    """All that sets one kind of memories apart."""

    kind: Kind

    types: tuple[Type, ...]
    """The finer types that belong to it; each type belongs to one kind."""

    statement: bool
    """Whether its memories are statements, which the merge compares with one another;
    the others say how something is done.
    """

    view: str
    """Its name in the summary of get/status and in `allow_memory_view` of add/message."""

    wire_list: str
    """The list of an answer that holds its memories."""

    search: RequestFields
    """Its fields in search/memory and chat."""

    listing: RequestFields
    """Its fields in get/memory."""

    cube_list: str
    """The list of an answer of the open-source server that holds its memories."""

    cube_search: RequestFields
    """Its fields in /product/search."""

    cube_listing: RequestFields
    """Its fields in /product/get_memory."""


_SPECS = (
    KindSpec(
        kind=Kind.FACT,
        types=(Type.WORKING, Type.LONG_TERM, Type.USER),
        statement=True,
        view="detail_factual",
        wire_list="memory_detail_list",
        search=RequestFields("memory_limit_number"),
        listing=RequestFields(),
        cube_list="text_mem",
        cube_search=RequestFields("top_k"),
        cube_listing=RequestFields(),
    ),
    KindSpec(
        kind=Kind.PREFERENCE,
        types=(Type.EXPLICIT, Type.IMPLICIT),
        statement=True,
        view="preference",
        wire_list="preference_detail_list",
        search=RequestFields("preference_limit_number", "include_preference"),
        listing=RequestFields(include="include_preference"),
        cube_list="pref_mem",
        cube_search=RequestFields("pref_top_k", "include_preference"),
        cube_listing=RequestFields(include="include_preference"),
    ),
    KindSpec(
        kind=Kind.TOOL,
        types=(Type.TRAJECTORY, Type.SCHEMA),
        statement=False,
        view="tool_memory",
        wire_list="tool_memory_detail_list",
        search=RequestFields("tool_memory_limit_number", "include_tool_memory"),
        listing=RequestFields(include="include_tool_memory"),
        cube_list="tool_mem",
        cube_search=RequestFields("tool_mem_top_k", "search_tool_memory"),
        cube_listing=RequestFields(include="include_tool_memory"),
    ),
    KindSpec(
        kind=Kind.SKILL,
        types=(Type.SKILL,),
        statement=False,
        view="skill",
        wire_list="skill_detail_list",
        search=RequestFields("skill_limit_number", "include_skill"),
        listing=RequestFields(include="include_skill"),
        cube_list="skill_mem",
        cube_search=RequestFields("skill_mem_top_k", "include_skill_memory"),
        cube_listing=RequestFields(include="include_skill_memory"),
    ),
)

KINDS: Mapping[Kind, KindSpec] = {spec.kind: spec for spec in _SPECS}
"""Every kind, in the order in which answers list them."""

KIND_OF_TYPE: dict[Type, Kind] = {}
"""The kind that each type belongs to."""

KIND_OF_VIEW: dict[str, Kind] = {}
"""The kind that each name in `allow_memory_view` means."""

for _spec in _SPECS:
    KIND_OF_TYPE |= dict.fromkeys(_spec.types, _spec.kind)
    KIND_OF_VIEW[_spec.view] = _spec.kind

STATEMENTS = frozenset(spec.kind for spec in _SPECS if spec.statement)
"""The kinds whose memories are compared with one another."""
