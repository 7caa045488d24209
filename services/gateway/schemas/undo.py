"""tasks/{id}/undo."""

from __future__ import annotations

from pydantic import Field

from services.gateway.schemas.base import EXAMPLE_ID, Outgoing


class LeftAsItIs(Outgoing):
    """A memory of the task that was changed since, and stays."""

    memory_id: str = Field(examples=[EXAMPLE_ID])
    reason: str = Field(
        description="Why, for people.", examples=["changed since by another task"]
    )


class UndoneTask(Outgoing):
    """What undoing a task has done; the same however often it is asked for."""

    task_id: str = Field(examples=[EXAMPLE_ID])
    removed: list[str] = Field(
        description="The ids of the memories that the task had added, and that are gone.",
        examples=[[EXAMPLE_ID]],
    )
    restored: list[str] = Field(
        description="The ids of those that it had archived or changed, and that are as"
        " they were.",
        examples=[[]],
    )
    left: list[LeftAsItIs] = Field(
        description="Those that stay as they are now, since something changed them"
        " after the task."
    )
    undone_at: int = Field(description="Epoch milliseconds.", examples=[1765376341022])
