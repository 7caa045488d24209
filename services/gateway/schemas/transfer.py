"""export/memory, import/memory, list/user: everything of a user, exported and imported
again. Souvenir's own, not of the contract.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from services.gateway.schemas.base import (
    EXAMPLE_USER,
    USER,
    Outgoing,
    UserId,
    counted,
)
from services.gateway.schemas.remarked import RemarkedRequest
from services.http.errors import refused
from shared.contract import Code

MAX_RECORDS = 200
"""Records in one request or answer."""

_RECORD = (
    'Each has `record` ("message" or "memory"; of a knowledge base also "knowledge_base" '
    'or "knowledge_file"), `user_id` or `knowledgebase_id`, `conversation_id`, '
    "`agent_id` and `app_id`; the rest is what is kept of it. "
    "Times are epoch milliseconds."
)
EXAMPLE_RECORD: dict[str, Any] = {
    "record": "memory",
    "user_id": "ana",
    "conversation_id": "0928",
    "type": "LongTermMemory",
    "text": "The user lives in Lisbon.",
    "created_at": 1765376340736,
}
EXAMPLE_AFTER = "fact:1765376340736.0.7d7a3c0e-54f5-5c8f-9f0b-0f1d7f3c2a11"


class Export(RemarkedRequest):
    """A user or a knowledge base whose records are exported, and the position to go on
    from.
    """

    user_id: UserId | None = Field(
        default=None, description=USER, examples=[EXAMPLE_USER]
    )
    knowledgebase_id: str = Field(
        default="",
        description="Instead of a user: the knowledge base that is exported.",
        examples=[""],
    )
    superseded: bool = Field(
        default=False,
        description="Also the memories that newer ones took the place of, archived.",
    )
    after: str = Field(
        default="",
        description="`after` of the answer before; empty for the first.",
        examples=[EXAMPLE_AFTER],
    )
    size: Annotated[int, *counted(1, MAX_RECORDS)] = Field(
        default=MAX_RECORDS, description="How many at most.", examples=[200]
    )

    @model_validator(mode="after")
    def _require_owner(self) -> Self:
        if not (self.user_id or self.knowledgebase_id):
            raise refused("user_id: required field missing or empty", Code.MISSING)
        return self


class Exported(Outgoing):
    """The next records: the messages, then the memories of each kind; of a knowledge base
    itself, its files, its memories; the oldest first. What comes and goes meanwhile takes
    nothing else out of an export.
    """

    records: list[dict[str, Any]] = Field(
        description=_RECORD, examples=[[EXAMPLE_RECORD]]
    )
    after: str | None = Field(
        description="Where to go on; null at the end.", examples=[EXAMPLE_AFTER]
    )


class Import(RemarkedRequest):
    """Records to store as they are."""

    user_id: UserId = Field(description=USER, examples=[EXAMPLE_USER])
    records: list[dict[str, Any]] = Field(
        max_length=MAX_RECORDS,
        description=f"At most {MAX_RECORDS}. {_RECORD}",
        examples=[[EXAMPLE_RECORD]],
    )


class Imported(Outgoing):
    """What was written."""

    messages: int = Field(description="Messages written.", examples=[0])
    memories: int = Field(description="Memories written.", examples=[1])
    known: int = Field(
        description="Records passed over, since the user has them already.",
        examples=[0],
    )


class Users(Outgoing):
    """All users who have a message or a memory."""

    user_id_list: list[str] = Field(
        description="In alphabetical order. `agent:x` holds what is agent x's own.",
        examples=[["ana", "ben"]],
    )
