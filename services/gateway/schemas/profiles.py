"""Profiles (contract 1.11)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from services.gateway.schemas.base import Id, Incoming, OneOrMore, Texts
from services.gateway.schemas.owner import OwnerRequest
from services.http.errors import refused
from shared.contract import Code


class Binding(OwnerRequest):
    """Who gets which template."""

    profile_template_id: Id = Field(description="Any name.", examples=["tpl-basic"])


class BindProfiles(Incoming):
    """Templates for users and agents."""

    bind_list: Annotated[list[Binding], Field(min_length=1), OneOrMore] = Field(
        description="Who gets which template."
    )


class EditProfile(Binding):
    """Fields to set and to take away."""

    metadata: dict[str, Any] = Field(
        default={},
        description='Fields, nested at will: `{field: {"value": ..., '
        '"algorithm_updatable": bool}}`.',
        examples=[{"basic": {"city": {"value": "上海", "algorithm_updatable": True}}}],
    )
    remove_fields: Texts = Field(
        default=[],
        description="Fields to take away; of nested ones the path, with dots.",
        examples=[["basic.city"]],
    )

    @model_validator(mode="after")
    def _require_change(self) -> EditProfile:
        if not (self.metadata or self.remove_fields):
            raise refused(
                "metadata or remove_fields: required field missing or empty",
                Code.MISSING,
            )
        return self


class DeleteProfile(OwnerRequest):
    """A profile to delete; all of them without a template."""

    profile_template_id: str = Field(
        default="", description="Only the fields of this one.", examples=["tpl-basic"]
    )
