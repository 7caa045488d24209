"""project/quota: how much a project may store and spend. Souvenir's own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from services.gateway.schemas.administration import (
    Administration,
    OnlyKnown,
    require_change,
)
from services.gateway.schemas.base import Outgoing
from services.gateway.schemas.sent_numbers import WholeNumber

_MEMORIES = "Memories of all users; 0: as for all projects."
_BYTES = (
    "Bytes of messages, of the files in them and of the documents of knowledge bases; 0: "
    "as for all projects."
)
_DAILY = (
    "Tokens of language models in a day (UTC), which the project's own budget cannot "
    "exceed; 0: no limit but that budget."
)
_MONTHLY = "The same in a month."
_Number = Annotated[WholeNumber, Field(ge=0, le=10**15)]


class SetQuota(Administration, OnlyKnown):
    """What to change; what is left out stays."""

    memories: _Number | None = Field(
        default=None, description=_MEMORIES, examples=[100_000]
    )
    stored_bytes: _Number | None = Field(
        default=None, description=_BYTES, examples=[10_000_000_000]
    )
    daily_tokens: _Number | None = Field(
        default=None, description=_DAILY, examples=[200_000]
    )
    monthly_tokens: _Number | None = Field(
        default=None, description=_MONTHLY, examples=[3_000_000]
    )

    @model_validator(mode="after")
    def _require_change(self) -> SetQuota:
        require_change(self)
        return self


class QuotaView(Outgoing):
    """A quota, and what is used of it. Every 0 of a limit is any number."""

    project: str = Field(examples=["default"])
    memories: int = Field(description=_MEMORIES, examples=[100_000])
    stored_bytes: int = Field(description=_BYTES, examples=[10_000_000_000])
    daily_tokens: int = Field(description=_DAILY, examples=[200_000])
    monthly_tokens: int = Field(description=_MONTHLY, examples=[3_000_000])
    memories_limit: int = Field(
        description="What holds: the project's, or that of all projects.",
        examples=[100_000],
    )
    stored_bytes_limit: int = Field(
        description="What holds: the project's, or that of all projects.",
        examples=[10_000_000_000],
    )
    used_memories: int = Field(examples=[4_211])
    used_bytes: int = Field(examples=[18_230_112])
    used_tokens_today: int = Field(
        description="0 where they cannot be counted now.", examples=[18_230]
    )
    used_tokens_this_month: int = Field(examples=[402_112])
