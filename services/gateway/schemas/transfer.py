"""export/memory, import/memory, list/user: everything of a user, taken out and brought
in again. Souvenir's own, not of the contract.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from services.gateway.schemas.base import (
    EXAMPLE_USER,
    USER,
    Incoming,
    Outgoing,
    UserId,
    clamped,
)

MOST_RECORDS = 200

_RECORD = (
    'Each has `record` ("message" or "memory"), `user_id`, `conversation_id`, `agent_id` and `app_id`; the rest is what is kept of it. '
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


class Export(Incoming):
    """Whose records, and from where on."""

    user_id: UserId = Field(description=USER, examples=[EXAMPLE_USER])
    after: str = Field(
        default="",
        description="`after` of the answer before; empty for the first.",
        examples=["message:200"],
    )
    size: Annotated[int, *clamped(1, MOST_RECORDS)] = Field(
        default=MOST_RECORDS, description="How many at most.", examples=[200]
    )


class Exported(Outgoing):
    """Some of the records: first the messages, the oldest first, then the memories of each kind."""

    records: list[dict[str, Any]] = Field(
        description=_RECORD, examples=[[EXAMPLE_RECORD]]
    )
    after: str | None = Field(
        description="Where to go on; null at the end.", examples=["fact:200"]
    )


class Import(Incoming):
    """Records to keep as they are."""

    user_id: UserId = Field(description=USER, examples=[EXAMPLE_USER])
    records: list[dict[str, Any]] = Field(
        max_length=MOST_RECORDS,
        description=f"At most {MOST_RECORDS}. {_RECORD}",
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
    """Everybody of whom something is kept."""

    user_id_list: list[str] = Field(
        description="In alphabetical order. `agent:x` holds what is agent x's own.",
        examples=[["ana", "ben"]],
    )
