"""get/status (contract 1.6)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from services.gateway.schemas.base import EXAMPLE_ID, Id, Incoming, Outgoing
from services.gateway.schemas.items import optional


class GetStatus(Incoming):
    """Which task."""

    task_id: Id = Field(description="From the answer of add/message.", examples=[EXAMPLE_ID])


class TaskStatus(Outgoing):
    """How a task stands. A failed one says why."""

    model_config = ConfigDict(extra="allow")

    task_id: str = Field(examples=[EXAMPLE_ID])
    status: Literal["running", "completed", "failed"] = Field(examples=["completed"])
    memory_views: dict[str, Any] | None = optional("What the task added, updated and deleted.")
    error_code: int | None = optional("Why it failed.", examples=[50104])
    error_message: str | None = optional("Why it failed, for people.")
