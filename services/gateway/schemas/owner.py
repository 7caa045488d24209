"""Requests about one owner of memories: a user, or an agent with memories of its own
(contract 1.1, 1.2).
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from services.gateway.schemas.base import EXAMPLE_USER, USER, Incoming, UserId
from services.http.errors import refused
from shared.contract import Code
from shared.domain.scope import agent_user


class OwnerRequest(Incoming):
    """A request about the memories of one owner."""

    user_id: UserId | None = Field(
        default=None, description=USER, examples=[EXAMPLE_USER]
    )
    agent_id: UserId | None = Field(
        default=None,
        description="Instead of a user: the agent whose own memories are meant.",
    )

    @model_validator(mode="after")
    def _require_owner(self) -> Self:
        if not (self.user_id or self.agent_id):
            raise refused("user_id: required field missing or empty", Code.MISSING)
        return self

    @property
    def owner(self) -> str:
        """The user id under which the memories are stored."""
        return self.user_id or agent_user(self.agent_id or "")

    @property
    def owned_by(self) -> Literal["user", "agent"]:
        """The source in a filter that means the owner's memories."""
        return "user" if self.user_id else "agent"
