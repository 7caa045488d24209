"""Profiles (contract 1.11)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from services.gateway.schemas.base import (
    EXAMPLE_ID,
    Id,
    OneOrMore,
    Outgoing,
    PageNumber,
    Texts,
    Words,
    counted,
    refuse_empty,
)
from services.gateway.schemas.items import optional
from services.gateway.schemas.lost_conditions import (
    WholeDeletion,
    refuse_lost_conditions,
)
from services.gateway.schemas.owner import OwnerRequest
from services.gateway.schemas.remarked import RemarkedRequest
from services.http.errors import refused
from shared.contract import Code

METADATA = (
    'Fields, nested in categories: `{category: {field: {"value": ..., '
    '"algorithm_updatable": bool}}}`; a field that may not be updated keeps its value '
    "whatever is said."
)
EXAMPLE_METADATA = {
    "基础信息": {
        "姓名": {"value": "", "algorithm_updatable": False},
        "职业": {"value": "", "algorithm_updatable": True},
    }
}
MAX_BINDINGS = 20
"""Bindings of one request."""


class TemplateRequest(RemarkedRequest):
    """A request about one template."""

    profile_template_id: Id = Field(description="The template.", examples=[EXAMPLE_ID])


class AddTemplate(RemarkedRequest):
    """A template to make."""

    name: Words = Field(description="Its name, for people.", examples=["客服用户属性"])
    metadata: Annotated[dict[str, Any], Field(min_length=1)] = Field(
        description=f"{METADATA} At most three levels.", examples=[EXAMPLE_METADATA]
    )


class DeleteTemplate(TemplateRequest, WholeDeletion):
    """A template to delete, with the profiles by it."""


class UpdateTemplate(TemplateRequest):
    """A template as it is to be from now on."""

    name: str = Field(default="", description="The new name; unchanged when absent.")
    metadata: dict[str, Any] = Field(
        default={},
        description=f"{METADATA} All fields; unchanged when absent.",
        examples=[EXAMPLE_METADATA],
    )

    @model_validator(mode="after")
    def _require_change(self) -> UpdateTemplate:
        if not (self.name.strip() or self.metadata):
            raise refused(
                "name or metadata: required field missing or empty", Code.MISSING
            )
        return self


class ListTemplates(RemarkedRequest):
    """Which page of the project's templates."""

    page: PageNumber = Field(default=1, description="From 1.", examples=[1])
    size: Annotated[int, *counted(1, 100)] = Field(
        default=10, description="So many on a page; at most 100.", examples=[10]
    )


class TemplateMade(Outgoing):
    """The template that was made."""

    profile_template_id: str = Field(examples=[EXAMPLE_ID])


class TemplateSummary(Outgoing):
    """A template without its fields."""

    profile_template_id: str = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["客服用户属性"])
    project_id: str = Field(examples=["default"])
    instance_count: int = Field(
        description="Profiles by it: users and agents that it is bound to.",
        examples=[3],
    )
    create_time: int = Field(
        description="Epoch milliseconds.", examples=[1765376340736]
    )
    update_time: int = Field(
        description="Epoch milliseconds.", examples=[1765376340737]
    )


class WholeTemplate(TemplateSummary):
    """A template with its fields."""

    metadata: dict[str, Any] = Field(description=METADATA, examples=[EXAMPLE_METADATA])


class OneTemplate(Outgoing):
    """The template that was asked for."""

    profile_template: WholeTemplate


class TemplatePage(Outgoing):
    """One page of templates, newest first."""

    profile_templates: list[TemplateSummary]
    total: int = Field(description="Templates of the project.", examples=[1])
    current: int = Field(description="This page, from 1.", examples=[1])
    size: int = Field(examples=[10])
    pages: int = Field(examples=[1])
    remarks: list[str] | None = optional(
        "What of the request counts otherwise or means nothing here. Souvenir's own."
    )


class TemplateChanged(Outgoing):
    """The template is as it was asked for."""

    success: bool = Field(examples=[True])
    profile_template_id: str = Field(examples=[EXAMPLE_ID])


class TemplateDeleted(TemplateChanged):
    """The template is gone."""

    deleted_instances: int = Field(
        description="Profiles that went with it.", examples=[3]
    )


class ProfileOwner(OwnerRequest):
    """Whose profile is meant."""

    beside_user: ClassVar[str] = "means nothing; the profile is the user's"


class Binding(ProfileOwner):
    """Who gets which template."""

    profile_template_id: Id = Field(
        description="Of add/profile_template; any other name stands for a profile "
        "whose fields are set by edit/profile alone.",
        examples=[EXAMPLE_ID],
    )


class BindProfiles(RemarkedRequest):
    """Templates for users and agents."""

    bind_list: Annotated[list[Binding], Field(min_length=1), OneOrMore] = Field(
        description=f"Who gets which template; at most {MAX_BINDINGS}."
    )

    @model_validator(mode="after")
    def _check_number(self) -> BindProfiles:
        if len(self.bind_list) > MAX_BINDINGS:
            raise refused(f"bind_list: more than {MAX_BINDINGS}", Code.MALFORMED)
        return self


class EditProfile(Binding):
    """Fields to set and to take away."""

    metadata: dict[str, Any] = Field(
        default={},
        description='Fields, nested at will: `{field: {"value": ..., '
        '"algorithm_updatable": bool}}`. What of both is absent stays; an empty value '
        "takes the field away.",
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


class DeleteProfile(ProfileOwner):
    """A profile to delete; all of them without a template."""

    profile_template_id: str = Field(
        default="", description="Only the fields of this one.", examples=["tpl-basic"]
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_empty(cls, given: Any) -> Any:
        refuse_empty(given, {"profile_template_id": Code.MISSING})
        refuse_lost_conditions(given, cls.model_fields)
        return given
