"""project/keys: keys made, listed, rotated, revoked. Souvenir's own."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from services.gateway.schemas.administration import Administration, OnlyKnown
from services.gateway.schemas.base import (
    EXAMPLE_ID,
    EXAMPLE_USER,
    MAX_ID,
    Outgoing,
    Words,
    at_most,
)
from services.gateway.schemas.sent_numbers import Number, WholeNumber
from services.http.errors import refused
from shared.contract import Code
from shared.domain.api_key import KeyScope

ScopeWord = Literal["read", "write", "admin"]
"""The type of a model's field `scopes`: the words of `KeyScope`."""
MAX_NAME = 100
MAX_OVERLAP_S = 7 * 24 * 3600.0
"""Seconds for which an old secret may go on beside the new one."""

_EXPIRES = "Epoch milliseconds from which on it opens nothing"
_SCOPES = (
    "read: search, list, export, chat. write: add, change, import, delete. admin: keys, "
    "quotas, settings and audit log of the project."
)
_User = Annotated[str, at_most(MAX_ID, Code.USER_TOO_LONG)]


class CreateKey(Administration, OnlyKnown):
    """A key to make."""

    name: Annotated[Words, at_most(MAX_NAME, Code.MALFORMED)] = Field(
        description="For people; at most 100 characters.", examples=["ci"]
    )
    scopes: Annotated[list[ScopeWord], Field(min_length=1)] = Field(
        default=["read", "write"],
        description=_SCOPES,
        examples=[["read", "write"]],
    )
    user_id: _User = Field(
        default="",
        description="The only user that it opens; every user of the project when absent.",
        examples=[EXAMPLE_USER],
    )
    agent_id: _User = Field(
        default="",
        description="Instead of a user: the agent whose own memories it opens.",
    )
    expires_at: Annotated[WholeNumber, Field(ge=0, le=(1 << 42) - 1)] = Field(
        default=0, description=f"{_EXPIRES}; never when absent."
    )

    @model_validator(mode="after")
    def _check_owner(self) -> Self:
        if self.user_id and self.agent_id:
            raise refused("user_id or agent_id, not both", Code.MALFORMED)
        if (self.user_id or self.agent_id) and KeyScope.ADMIN in self.scopes:
            raise refused(
                "scopes: a key for one user cannot administer the project",
                Code.MALFORMED,
            )
        return self


class RevokeKey(Administration, OnlyKnown):
    """The key to revoke is in the path."""


class RotateKey(Administration, OnlyKnown):
    """How a key is rotated."""

    overlap_s: Annotated[Number, Field(ge=0, le=MAX_OVERLAP_S)] = Field(
        default=0.0,
        description="Seconds for which the old secret works beside the new one; at most "
        "7 days. 0: it ends at once.",
        examples=[3600],
    )


class KeyView(Outgoing):
    """A key without its secret. Times are epoch milliseconds."""

    id: str = Field(
        description="`first` is the key of the settings or of the data folder.",
        examples=[EXAMPLE_ID],
    )
    name: str = Field(examples=["ci"])
    project: str = Field(examples=["default"])
    scopes: list[ScopeWord] = Field(description=_SCOPES, examples=[["read", "write"]])
    user_id: str | None = Field(
        description="The only user that it opens.", examples=[None]
    )
    agent_id: str | None = Field(
        description="The only agent whose own memories it opens.", examples=[None]
    )
    hint: str = Field(description="The last characters.", examples=["x7Qf"])
    created_at: int | None = Field(
        description="null for keys of older releases.", examples=[1765376340736]
    )
    expires_at: int | None = Field(
        description=f"{_EXPIRES}; null for never.", examples=[None]
    )
    last_used_at: int | None = Field(
        description="Up to five minutes late; null where it was never used.",
        examples=[1765376340736],
    )


class KeyMade(KeyView):
    """A key with its secret, which is answered this once."""

    key: str = Field(
        description="The secret: keep it, it cannot be read again.",
        examples=["mpg-..."],
    )
