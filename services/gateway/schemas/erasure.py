"""Erasure receipts, and the deletion of a project."""

from __future__ import annotations

from pydantic import Field

from services.gateway.schemas.base import Outgoing
from services.gateway.schemas.lost_conditions import WholeDeletion


class Erasure(Outgoing):
    """One deletion: nothing of what was deleted."""

    id: str = Field(examples=["0a89db3a-2061-4c97-a1b8-45700f8745bc"])
    at: int = Field(description="Epoch milliseconds.", examples=[1765376340736])
    what: str = Field(
        description="user, memories, knowledge_base, files or project.",
        examples=["user"],
    )
    subject: str = Field(
        description="A digest of the deleted id, the same for the same id; empty where "
        "there was no one id. Ask by the id itself: `erasures?id=`.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    by: str = Field(
        description="The last characters of the API key that asked for it.",
        examples=["x7Qz"],
    )
    counts: dict[str, int] = Field(
        description="How many of what, as far as they were counted.",
        examples=[{"memories": 12, "messages": 40, "jobs": 20}],
    )


class DeleteProject(WholeDeletion):
    """The project to delete."""

    project_id: str = Field(min_length=1, description="Its name.", examples=["travel"])
