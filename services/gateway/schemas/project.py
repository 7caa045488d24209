"""project/settings: what the owner of a project wants of its memory."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from services.gateway.schemas.administration import OnlyKnown, require_change
from services.gateway.schemas.base import Outgoing
from services.gateway.schemas.instructions import (
    DESCRIPTION,
    EXAMPLE,
    OwnersInstructions,
)
from services.gateway.schemas.sent_numbers import WholeNumber

_DAILY = "Tokens of language models in a day (UTC); 0: as for all projects."
_MONTHLY = "The same in a month."
_DECAY = (
    "Days after which a user's memory that no search gave has lost half of the place that"
    " decay takes; 0: none is lost."
)
_Tokens = Annotated[WholeNumber, Field(ge=0, le=10**12)]


class EditProject(OnlyKnown):
    """What to change; what is left out stays."""

    extract_instructions: OwnersInstructions | None = Field(
        default=None,
        description=f"{DESCRIPTION} They take the place of all that were there; "
        "`{}` removes them.",
        examples=[EXAMPLE],
    )
    daily_tokens: _Tokens | None = Field(
        default=None, description=_DAILY, examples=[200_000]
    )
    monthly_tokens: _Tokens | None = Field(
        default=None, description=_MONTHLY, examples=[3_000_000]
    )
    decay_days: Annotated[WholeNumber, Field(ge=0, le=36_500)] | None = Field(
        default=None, description=_DECAY, examples=[30]
    )

    @model_validator(mode="after")
    def _require_change(self) -> EditProject:
        require_change(self)
        return self


class ProjectView(Outgoing):
    """The settings of a project, and what it has used."""

    extract_instructions: dict[str, str] = Field(examples=[EXAMPLE])
    daily_tokens: int = Field(description=_DAILY, examples=[200_000])
    monthly_tokens: int = Field(description=_MONTHLY, examples=[3_000_000])
    decay_days: int = Field(description=_DECAY, examples=[30])
    used_today: int = Field(
        description="Tokens; 0 where they cannot be counted now.", examples=[18_230]
    )
    used_this_month: int = Field(examples=[402_112])
