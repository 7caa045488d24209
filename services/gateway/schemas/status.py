"""get/status (contract 1.6)."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from services.gateway.schemas.base import EXAMPLE_ID, Id
from services.gateway.schemas.remarked import RemarkedRequest
from services.http.task_view import Task


class GetStatus(RemarkedRequest):
    """Which task."""

    task_id: Id = Field(
        description="From the answer of add/message.", examples=[EXAMPLE_ID]
    )


class TaskStatus(Task):
    """How a task stands. A failed one says why."""

    model_config = ConfigDict(extra="ignore")
