"""rate/memory. Souvenir's own."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from services.gateway.schemas.base import (
    EXAMPLE_ID,
    EXAMPLE_USER,
    Outgoing,
    StoredIds,
    UserId,
)
from services.gateway.schemas.items import optional
from services.gateway.schemas.remarked import RemarkedRequest
from services.http.errors import refused
from shared.contract import Code

MOST_RATED = 100
"""Memories of one request."""
LONGEST = 2000
"""Characters of a question and of a reason."""


class RateMemory(RemarkedRequest):
    """What somebody thinks of memories, or of those that a search gave."""

    memory_ids: StoredIds = Field(
        description="The memories, at most 100: all or none are rated.",
        examples=[[EXAMPLE_ID]],
    )
    thumb: Literal["up", "down", "none"] = Field(
        description="up: of use; down: of none; none: takes back what was thought before.",
        examples=["down"],
    )
    query: str = Field(
        default="",
        max_length=LONGEST,
        description="The question that it was, or was not, of use for: it counts for"
        " questions like this one. Without it a little for every question.",
        examples=["国庆去哪玩"],
    )
    user_id: UserId | None = Field(
        default=None,
        description="Of memories that others see too (public ones, knowledge bases): in"
        " whose searches it counts. Without it in everybody's; by a key for one user"
        " always in that user's.",
        examples=[EXAMPLE_USER],
    )
    reason: str = Field(
        default="", max_length=LONGEST, description="Why, for people.", examples=[""]
    )

    @model_validator(mode="after")
    def _require_some(self) -> RateMemory:
        if not self.memory_ids:
            raise refused("memory_ids: must not be empty", Code.EMPTY)
        if len(self.memory_ids) > MOST_RATED:
            raise refused(f"memory_ids: at most {MOST_RATED}", Code.MALFORMED)
        return self

    @property
    def up(self) -> bool | None:
        """None where it is taken back."""
        return None if self.thumb == "none" else self.thumb == "up"


class ThumbItem(Outgoing):
    """One thumb on a memory."""

    thumb: Literal["up", "down"] = Field(examples=["down"])
    query: str = Field(
        description="The question that it is about; empty for any.",
        examples=["国庆去哪玩"],
    )
    user_id: str = Field(
        description="In whose searches it counts; empty for all who see the memory.",
        examples=[""],
    )
    reason: str = Field(examples=[""])
    create_time: int = Field(
        description="Epoch milliseconds.", examples=[1765376340737]
    )


class RatedMemory(Outgoing):
    """A memory and what is thought of it now."""

    memory_id: str = Field(examples=[EXAMPLE_ID])
    thumbs: list[ThumbItem] = Field(description="Oldest first, at most 20.")


class RatedMemories(Outgoing):
    """The memories that were rated."""

    rated: list[RatedMemory]
    remarks: list[str] | None = optional("What could not be done as usual.")
