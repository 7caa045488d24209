"""Requests about one owner of memories: a user, or an agent with memories of its own
(contract 1.1, 1.2).
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from services.gateway.schemas.base import EXAMPLE_USER, USER, UserId
from services.gateway.schemas.remarked import RemarkedRequest
from services.http.errors import refused
from shared.contract import Code
from shared.domain.scope import agent_user


class OwnerRequest(RemarkedRequest):
    """A request about the memories of one owner."""

    beside_user: ClassVar[str] = 'narrows nothing; filter {{"agent_id": "{0}"}} does'
    """What becomes of an agent beside a user, who is the owner then; {0} is its id."""

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

    def remarks(self) -> tuple[str, ...]:
        """Also that of a user and an agent only the user counts."""
        if not (self.user_id and self.agent_id):
            return super().remarks()
        in_vain = self.beside_user.format(self.agent_id)
        return (*super().remarks(), f"agent_id: beside user_id it {in_vain}")

    @property
    def owner(self) -> str:
        """The user id under which the memories are stored."""
        return self.user_id or agent_user(self.agent_id or "")

    @property
    def owned_by(self) -> Literal["user", "agent"]:
        """The source in a filter that means the owner's memories."""
        return "user" if self.user_id else "agent"
