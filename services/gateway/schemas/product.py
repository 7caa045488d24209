"""The open-source server's dialect (contract, section 2): cubes instead of users,
sessions instead of conversations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from services.gateway.schemas.base import (
    EXAMPLE_ID,
    EXAMPLE_USER,
    ConversationId,
    Info,
    Outgoing,
    Relativity,
    StoredIds,
    Texts,
    UserId,
    Words,
    counted,
    refuse_empty,
)
from services.gateway.schemas.kind_fields import (
    CubeListingFields,
    CubeLists,
    CubeSearchFields,
)
from services.gateway.schemas.lost_conditions import (
    IDS,
    conditions_in_vain,
    refuse_lost_conditions,
)
from services.gateway.schemas.messages import MessageIn
from services.gateway.schemas.remarked import RemarkedRequest
from services.gateway.schemas.search import Filter
from services.http.errors import refused
from shared.contract import Code

CUBE = "A store of memories of its own; the user's when absent."


def session() -> Any:
    """session_id, for which some clients say conversation_id."""
    return Field(
        default="",
        validation_alias=AliasChoices("session_id", "conversation_id"),
        description="The conversation.",
    )


def chosen_cubes(listed: Sequence[str], older: str, user: str) -> list[str]:
    """The cubes of a list, each once; without any that of the older name, or the user's."""
    return list(dict.fromkeys(filter(None, listed))) or [older or user]


def cube_in_vain(name: str, listed: Sequence[str], older: str) -> Iterator[str]:
    """A remark where the older name has another cube than the list, by its name, which
    alone counts.
    """
    if older and any(listed) and older not in listed:
        yield f"mem_cube_id: beside {name} it means nothing; these count"


class CubeQuery(RemarkedRequest):
    """What to look for, and in which cubes."""

    query: Words = Field(description="What to look for.", examples=["国庆去哪玩"])
    user_id: UserId = Field(description="Who asks.", examples=[EXAMPLE_USER])
    readable_cube_ids: Texts = Field(default=[], description=CUBE)
    mem_cube_id: str = Field(
        default="", description="An older name of one readable cube."
    )
    session_id: ConversationId = session()


class ProductSearch(CubeSearchFields, CubeQuery):
    """A question to one or more cubes."""

    relativity: Relativity = Field(
        default=0.45,
        description="The least relevance that comes back; 0 lets everything through.",
    )
    filter: Filter = None

    @property
    def cubes(self) -> list[str]:
        """The cubes to search."""
        return chosen_cubes(self.readable_cube_ids, self.mem_cube_id, self.user_id)

    def remarks(self) -> tuple[str, ...]:
        """Also a cube that is not searched."""
        listed = self.readable_cube_ids
        in_vain = cube_in_vain("readable_cube_ids", listed, self.mem_cube_id)
        return (*super().remarks(), *in_vain)


def _as_truth_value(given: Any) -> Any:
    """ "async" and "sync", or a truth value."""
    if not isinstance(given, str):
        return given
    return {"async": True, "sync": False}.get(given.lower(), given)


def _as_user_message(given: Any) -> Any:
    """A text as one message of the user."""
    if isinstance(given, str) and given:
        return [{"role": "user", "content": given}]
    return given


AsyncMode = Annotated[
    bool,
    BeforeValidator(_as_truth_value),
    Field(json_schema_extra={"type": "string", "enum": ["async", "sync"]}),
]


class ProductAdd(RemarkedRequest):
    """Messages to remember in a cube."""

    user_id: UserId = Field(description="Whose.", examples=[EXAMPLE_USER])
    writable_cube_ids: Texts = Field(default=[], description=CUBE)
    mem_cube_id: str = Field(
        default="", description="An older name of one writable cube."
    )
    session_id: ConversationId = session()
    messages: Annotated[
        list[MessageIn], BeforeValidator(_as_user_message), Field(min_length=1)
    ] = Field(
        validation_alias=AliasChoices("messages", "memory_content"),
        description="What was said; plain words are the user's.",
    )
    async_mode: AsyncMode = Field(
        default=True,
        description="sync: answer with the finished memories; async: with the raw ones, at once.",
    )
    custom_tags: Texts = Field(default=[], description="Candidate tags.")
    info: Info = Field(default={}, description="Any further facts about it.")

    @property
    def cubes(self) -> list[str]:
        """The cubes to write to."""
        return chosen_cubes(self.writable_cube_ids, self.mem_cube_id, self.user_id)

    def remarks(self) -> tuple[str, ...]:
        """Also a cube that is not written to."""
        listed = self.writable_cube_ids
        in_vain = cube_in_vain("writable_cube_ids", listed, self.mem_cube_id)
        return (*super().remarks(), *in_vain)


class Added(Outgoing):
    """A memory that the messages were made into."""

    memory: str = Field(description="The memory itself.", examples=["用户住在上海。"])
    memory_id: str = Field(examples=[EXAMPLE_ID])
    memory_type: str = Field(examples=["LongTermMemory"])
    cube_id: str = Field(description="Where it is.", examples=[EXAMPLE_USER])


class ProductFound(CubeLists):
    """What was recalled, by kind and cube."""

    act_mem: list[Any] = Field(default=[])
    para_mem: list[Any] = Field(default=[])
    pref_note: str = ""
    pref_string: str = Field(
        default="", description="The preferences as numbered lists, with the note."
    )


class CubeListing(RemarkedRequest):
    """Which cube to list."""

    mem_cube_id: UserId = Field(description="The cube.", examples=[EXAMPLE_USER])
    user_id: str = Field(default="", description="Who asks; not used.")


class ProductGet(CubeListingFields, CubeListing):
    """A cube's memories, all of them or a page."""

    filter: Filter = None
    page: Annotated[int, *counted(1, 1_000_000)] | None = Field(
        default=None, description="From 1; everything when absent."
    )
    page_size: Annotated[int, *counted(1, 1000)] | None = Field(
        default=None, description="So many of each kind; everything when absent."
    )


class ProductListed(CubeLists):
    """A cube's memories by kind."""


class GetAll(RemarkedRequest):
    """Everything in some cubes, as a playground shows it."""

    user_id: UserId = Field(description="Who asks.", examples=[EXAMPLE_USER])
    memory_type: Literal["text_mem", "act_mem", "param_mem", "para_mem"] = Field(
        default="text_mem",
        description="Only text memories exist here; of the others there are none.",
        examples=["text_mem"],
    )
    mem_cube_ids: Texts = Field(default=[], description=CUBE)
    search_query: str = Field(default="", description="Only what bears on this.")


_SELECTORS = dict.fromkeys(
    ("memory_ids", "file_ids", "writable_cube_ids", "filter"), Code.EMPTY
)
_SELECTORS |= dict.fromkeys(("user_id", "session_id", "conversation_id"), Code.MISSING)
"""What says which memories go; beside ids the others say no more."""


class ProductDelete(RemarkedRequest):
    """What to delete: memories, files, or what a filter, a user and a session describe."""

    writable_cube_ids: Texts = Field(
        default=[], description="The cubes that it may be deleted from."
    )
    memory_ids: StoredIds = Field(
        default=[], description="Memories by id.", examples=[[EXAMPLE_ID]]
    )
    file_ids: StoredIds = Field(
        default=[],
        description="Files of knowledge bases by id.",
        examples=[[EXAMPLE_ID]],
    )
    filter: Filter = None
    user_id: str = Field(
        default="", description="Whose memories.", examples=[EXAMPLE_USER]
    )
    session_id: ConversationId = session()

    @model_validator(mode="before")
    @classmethod
    def _refuse_empty(cls, given: Any) -> Any:
        if not (isinstance(given, dict) and any(given.get(name) for name in IDS)):
            refuse_empty(given, _SELECTORS)
            refuse_lost_conditions(given, _SELECTORS)
        return given

    @model_validator(mode="after")
    def _require_target(self) -> ProductDelete:
        if self.memory_ids and self.file_ids:
            raise refused(
                "memory_ids and file_ids: send a request for each", Code.MALFORMED
            )
        chosen = (self.memory_ids, self.file_ids, self.user_id, self.session_id)
        if not any(chosen) and self.filter is None:
            raise refused(
                "memory_ids, file_ids, filter, user_id or session_id: required field "
                "missing or empty",
                Code.MISSING,
            )
        return self

    def remarks(self) -> tuple[str, ...]:
        """Also the conditions that narrow nothing."""
        conditions = ("filter", "session_id")
        in_vain = [*conditions_in_vain(self, conditions)]
        cubes = self.writable_cube_ids
        if cubes and self.user_id and self.user_id not in cubes:
            in_vain.append("user_id: beside writable_cube_ids it narrows nothing")
        return (*super().remarks(), *in_vain)


class ProductFeedback(RemarkedRequest):
    """A correction."""

    user_id: UserId = Field(description="Who says it.", examples=[EXAMPLE_USER])
    session_id: ConversationId = session()
    history: list[MessageIn] = Field(
        default=[],
        description="The conversation that it is about, to understand it by; the last 20"
        " messages count. When absent, what is stored of the conversation.",
    )
    feedback_content: Words = Field(
        description="The feedback, in the user's words.",
        examples=["不对，我现在住在上海，不是北京。"],
    )
    feedback_time: str = Field(
        default="",
        description="When it was given, in free text; now when absent.",
        examples=["2025-12-10 10:00:00"],
    )
    retrieved_memory_ids: StoredIds = Field(
        default=[],
        description="The memories that it is about, where they are known.",
        examples=[[EXAMPLE_ID]],
    )
    writable_cube_ids: Texts = Field(default=[], description=CUBE)
    mem_cube_id: str = Field(
        default="", description="An older name of one writable cube."
    )
    async_mode: AsyncMode = Field(
        default=True, description="sync: answer when it is done; async: at once."
    )
    info: Info = Field(default={}, description="Any further facts about it.")

    @property
    def cubes(self) -> list[str]:
        """The cubes that are corrected."""
        return chosen_cubes(self.writable_cube_ids, self.mem_cube_id, self.user_id)

    def remarks(self) -> tuple[str, ...]:
        """Also a cube that is not corrected."""
        listed = self.writable_cube_ids
        in_vain = cube_in_vain("writable_cube_ids", listed, self.mem_cube_id)
        return (*super().remarks(), *in_vain)


class Suggestions(RemarkedRequest):
    """Whom to suggest questions to."""

    user_id: UserId = Field(description="Who asks.", examples=[EXAMPLE_USER])
    mem_cube_id: str = Field(default="", description=CUBE)
    language: Literal["zh", "en"] = Field(
        default="zh", description="Of the questions.", examples=["zh"]
    )


class CubeExists(RemarkedRequest):
    """Which cube."""

    mem_cube_id: UserId = Field(description="The cube.", examples=[EXAMPLE_USER])
