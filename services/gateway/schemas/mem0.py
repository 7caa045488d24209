"""What mem0's published clients send (docs/clients/mem0.md): releases of several years,
so that a field may stand where only an old one puts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AliasChoices, BeforeValidator, ConfigDict, Field

from services.gateway.schemas.base import (
    AS_OF,
    AsOf,
    ConversationId,
    ExpirationDate,
    ExpiryChange,
    Incoming,
    Info,
    OneOrMore,
    StoredId,
    UserId,
    Words,
    as_list,
    counted,
)
from services.gateway.schemas.remarked import RemarkedPart, RemarkedRequest
from services.gateway.schemas.sent_numbers import Number
from shared.language.foreign_json import foreign_json

MOST_MATCHES = 100
"""Memories in the answer of a search; more count as so many."""
MOST_IN_BATCH = 1000
MOST_ON_PAGE = 200
MOST_SAMPLED = 10
"""Users of whom profiles are shown as a sample."""

SENT_IN_VAIN = frozenset(
    """
    api_version filter_memories keyword_search org_id org_name project_id project_name
    rerank reranking source version
    """.split()
)
"""Fields that published clients, and what is built on them, send although they mean nothing
here: there is one project a key, and every search is by words and by meaning.
"""

Texts = Annotated[list[str], BeforeValidator(as_list)]
Object = Annotated[
    dict[str, Any],
    BeforeValidator(
        lambda given: foreign_json(given) if isinstance(given, str) else given
    ),
]
"""An object; in the query of a URL as JSON text."""


class Mem0Request(RemarkedRequest):
    """A request of mem0's dialect: what there is to say of it stands in the answer, where
    that is an object.
    """

    sent_in_vain: ClassVar[frozenset[str]] = SENT_IN_VAIN


class EntityFields(Mem0Request):
    """Whose memories are meant."""

    user_id: UserId | None = None
    agent_id: UserId | None = None
    app_id: UserId | None = None
    run_id: ConversationId | None = None


def as_messages(given: Any) -> Any:
    """A text is what a user said."""
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    return given


class Mem0Message(Incoming):
    """A message; what it says is read by the Cloud's own schema."""

    model_config = ConfigDict(extra="allow")

    role: str = "user"
    content: Any = None


class AddMemories(EntityFields):
    """Messages to remember."""

    messages: Annotated[
        list[Mem0Message], OneOrMore, BeforeValidator(as_messages), Field(min_length=1)
    ]
    metadata: Info = Field(default={})
    infer: bool = True
    filters: dict[str, Any] | None = Field(
        default=None, description="The newest clients name the entities here."
    )
    async_mode: bool = True
    timestamp: int | float | str | None = Field(
        default=None, description="When it was said: seconds, or a time in words."
    )
    expiration_date: ExpirationDate = ""
    custom_categories: list[Any] | None = None
    custom_instructions: str = ""
    agent_custom_instructions: str = ""
    includes: str = ""
    excludes: str = ""
    output_format: str = ""
    immutable: bool = False
    enable_graph: bool = False
    structured_data_schema: dict[str, Any] | None = None


class ListedFields(EntityFields):
    """What both searches and lists may ask for."""

    filters: Object | None = None
    metadata: Object | None = None
    categories: Texts | None = None
    fields: Texts = Field(default=[])
    show_expired: bool = False
    as_of: AsOf = Field(default="", description=AS_OF)
    output_format: str = ""
    enable_graph: bool = False

    @property
    def all_filters(self) -> dict[str, Any]:
        """`filters` with what stands beside them: old clients name entities at the top."""
        beside = {
            "user_id": self.user_id,
            "agent_id": self.agent_id,
            "app_id": self.app_id,
            "run_id": self.run_id,
            "metadata": self.metadata,
            "categories": {"in": self.categories} if self.categories else None,
        }
        every = [self.filters or {}]
        every += [{name: value} for name, value in beside.items() if value]
        return {"AND": every}


class SearchMemories(ListedFields):
    """A question to the memories that filters let through."""

    query: Words
    top_k: Annotated[int, *counted(1, MOST_MATCHES)] = Field(
        default=10, validation_alias=AliasChoices("top_k", "limit")
    )
    threshold: Annotated[Number, Field(ge=0, le=1)] = 0.1
    reference_date: int | float | str | None = None


class ListMemories(ListedFields):
    """A page of the memories that filters let through, the newest first."""

    start_date: str | None = None
    end_date: str | None = None
    keywords: str | None = None
    page: Annotated[int, *counted(1, 1_000_000)] | None = None
    page_size: Annotated[int, *counted(1, MOST_ON_PAGE)] | None = Field(
        default=None, validation_alias=AliasChoices("page_size", "limit", "top_k")
    )

    @property
    def all_filters(self) -> dict[str, Any]:
        """The days and the words too."""
        every: list[Mapping[str, Any]] = [super().all_filters]
        if self.start_date:
            every.append({"created_at": {"gte": self.start_date}})
        if self.end_date:
            every.append({"created_at": {"lte": self.end_date}})
        if self.keywords:
            every.append({"keywords": {"icontains": self.keywords}})
        return {"AND": every}


class ChangedMemory(ExpiryChange, Mem0Request):
    """What is to be different about a memory. `expiration_date` null takes the date away."""

    text: str | None = Field(
        default=None, validation_alias=AliasChoices("text", "data", "memory")
    )
    metadata: Info | None = None
    timestamp: int | float | str | None = None


class ChangedOne(ChangedMemory):
    """The same of one of several memories."""

    memory_id: StoredId


class ChangedSeveral(Mem0Request):
    """Changes of up to a thousand memories."""

    memories: Annotated[list[dict[str, Any]], Field(max_length=MOST_IN_BATCH)]


class Named(RemarkedPart):
    """A memory by its id."""

    memory_id: StoredId


class DeletedOne(Named, EntityFields):
    """A memory to delete, and to whom it has to belong."""


class DeletedSeveral(Mem0Request):
    """Up to a thousand memories to delete."""

    memories: Annotated[list[DeletedOne], Field(min_length=1, max_length=MOST_IN_BATCH)]


class Feedback(Named, Mem0Request):
    """A thumb on a memory."""

    feedback: str | None = None
    feedback_reason: str | None = None


class EditedProject(Incoming):
    """What to change about a project; fields that are not known are named in the refusal."""

    model_config = ConfigDict(extra="allow")

    custom_instructions: str | None = None
    custom_categories: list[Any] | None = None
    multilingual: bool | None = None
    decay: bool | None = None


class CreatedExport(Mem0Request):
    """The form of an export, and whose memories fill it."""

    form: Object = Field(validation_alias="schema")
    filters: Object | None = None


class FetchedExport(Incoming):
    """Which export."""

    memory_export_id: str = ""


class GeneratedProfiles(Mem0Request):
    """Whose profiles are wanted now: one user's, or those of some."""

    operation: Literal["trigger", "sample"] = "trigger"
    entity_type: str = "user"
    entity_id: str = ""
    limit: Annotated[int, *counted(1, MOST_SAMPLED)] = 5


class EditedProfiles(Mem0Request):
    """What to change about profiles."""

    enabled: bool | None = None
    entities: dict[str, dict[str, Any] | None] = Field(default={})
