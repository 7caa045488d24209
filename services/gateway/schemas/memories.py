"""get/memory, delete/memory, update/memory (contract 1.4, 1.5, 1.7, 1.11)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AliasChoices, Field, model_validator

from services.gateway.schemas.base import (
    AS_OF,
    EXAMPLE_DATE,
    EXAMPLE_ID,
    EXAMPLE_USER,
    SHOW_EXPIRED,
    AsOf,
    EmptyOrWords,
    ExpiryChange,
    Outgoing,
    PageNumber,
    PageSize,
    StoredId,
    StoredIds,
    UserId,
    UserIds,
    refuse_empty,
)
from services.gateway.schemas.items import optional
from services.gateway.schemas.kind_fields import ItemLists, ListingFields
from services.gateway.schemas.lost_conditions import (
    conditions_in_vain,
    refuse_lost_conditions,
)
from services.gateway.schemas.owner import OwnerRequest
from services.gateway.schemas.remarked import RemarkedRequest
from services.gateway.schemas.search import Filter
from services.gateway.schemas.view_items import ViewFields, ViewPage
from services.http.errors import refused
from shared.contract import Code


class PageRequest(OwnerRequest):
    """Which page of an owner's memories."""

    page: PageNumber = Field(
        default=1,
        validation_alias=AliasChoices("page", "current"),
        description="From 1.",
        examples=[1],
    )
    size: PageSize = Field(
        default=10,
        description="So many of each kind on a page; at most 50.",
        examples=[10],
    )


class GetMemory(ViewFields, ListingFields, PageRequest):
    """A page of an owner's memories, the newest first."""

    filter: Filter = None
    status: Literal["activated", "archived"] = Field(
        default="activated",
        description="archived: those that are no longer recalled. Souvenir's own.",
    )
    show_expired: bool = Field(default=False, description=SHOW_EXPIRED)
    as_of: AsOf = Field(default="", description=AS_OF, examples=[EXAMPLE_DATE])


class Page(ViewPage, ItemLists):
    """One page of each kind."""

    total: int = Field(
        description="The number of memories of the kind that has the most.",
        examples=[42],
    )
    size: int = Field(examples=[10])
    current: int = Field(description="This page, from 1.", examples=[1])
    pages: int = Field(examples=[5])
    remarks: list[str] | None = optional(
        "What of the request means nothing here, and where nothing was found what the"
        " filter asks for that there may not be. Souvenir's own."
    )


_SELECTORS = {
    "memory_ids": Code.EMPTY,
    "filter": Code.EMPTY,
    "user_id": Code.MISSING,
    "user_ids": Code.MISSING,
    "agent_id": Code.MISSING,
    "memory_type": Code.MISSING,
}
"""What says which memories go; beside memory_ids the others say no more."""


class DeleteMemory(RemarkedRequest):
    """Memories to delete: named ones, or everything of a user, of an agent, or what a
    filter matches.
    """

    memory_ids: StoredIds | None = Field(
        default=None,
        description="The memories. With a user: they must all be that user's.",
        examples=[[EXAMPLE_ID]],
    )
    user_id: UserIds = Field(
        default=[],
        validation_alias=AliasChoices("user_id", "user_ids"),
        description="Without memory_ids: everything of this user goes, messages too.",
        examples=[EXAMPLE_USER],
    )
    agent_id: UserId | None = Field(
        default=None, description="Everything that belongs to this agent."
    )
    filter: Filter = None
    memory_type: str = Field(
        default="",
        description="Only memories of this type, e.g. LongTermMemory or preference.",
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_empty(cls, given: Any) -> Any:
        if not (isinstance(given, dict) and given.get("memory_ids")):
            refuse_empty(given, _SELECTORS)
            refuse_lost_conditions(given, _SELECTORS)
        return given

    @model_validator(mode="after")
    def _require_target(self) -> DeleteMemory:
        by_filter = self.filter is not None
        if not (self.memory_ids or self.user_id or self.agent_id or by_filter):
            raise refused(
                "memory_ids or user_id: required field missing or empty", Code.MISSING
            )
        return self

    def remarks(self) -> tuple[str, ...]:
        """Also the conditions that narrow nothing."""
        conditions = ("agent_id", "filter", "memory_type")
        return (*super().remarks(), *conditions_in_vain(self, conditions))


class RestoreMemory(RemarkedRequest):
    """Which version of a memory is to be current again."""

    memory_id: StoredId = Field(description="The memory.", examples=[EXAMPLE_ID])
    version_id: StoredId = Field(
        description="The id of an entry of its `history`.", examples=[EXAMPLE_ID]
    )


class RestoredMemory(Outgoing):
    """What restoring a version has done."""

    memory_id: str = Field(
        description="The memory that says now what the version said: the same one where"
        " it had been changed by hand, else the one that had been superseded.",
        examples=[EXAMPLE_ID],
    )
    text: str = Field(description="What it says.", examples=["用户住在北京。"])
    archived_id: str = Field(
        description="What was current, as it stands in the history; empty where the"
        " memory said that already, and nothing was done.",
        examples=[EXAMPLE_ID],
    )
    update_time: int = Field(
        description="When, epoch milliseconds.", examples=[1765376340737]
    )


class UpdateMemory(ExpiryChange, RemarkedRequest):
    """What to change about a memory."""

    memory_id: StoredId = Field(description="The memory.", examples=[EXAMPLE_ID])
    content: EmptyOrWords = Field(
        default="", description="The new text.", examples=["用户住在上海。"]
    )
    title: EmptyOrWords = Field(
        default="", description="The new title.", examples=["住址"]
    )
    status: Literal["", "activated", "archived", "deleted"] = Field(
        default="", description="archived: no longer recalled; deleted: gone."
    )

    @model_validator(mode="after")
    def _require_change(self) -> UpdateMemory:
        changes = (self.content, self.title, self.status)
        if not any(changes) and self.expiration_date is None:
            raise refused(
                "content, title, status or expiration_date: required field missing or"
                " empty",
                Code.MISSING,
            )
        return self


class Done(Outgoing):
    """It is done."""

    success: bool = Field(examples=[True])
    remarks: list[str] | None = optional(
        "Where there was nothing to do, or it has another effect than it seems to: why."
        " Souvenir's own."
    )
