"""What requests about the administration of a project have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from services.gateway.schemas.base import Incoming
from services.http.errors import refused
from shared.contract import Code
from shared.domain.api_key import is_project_name

PROJECT = (
    "Which project; that of the key when absent. Another one only by an admin key of "
    "the project `default`."
)


def check_project(name: str) -> str:
    """A name that a project can have, or none. Raises 40020."""
    if name and not is_project_name(name):
        raise refused(
            "1 to 64 letters, digits, '.', '_' and '-' are expected", Code.BAD_PROJECT
        )
    return name


ProjectName = Annotated[str, AfterValidator(check_project)]


def require_change(request: BaseModel) -> None:
    """Raises 40002 where a request names nothing that is to be different."""
    names = [name for name in type(request).model_fields if name != "project"]
    if all(getattr(request, name) is None for name in names):
        raise refused(
            f"{', '.join(names)}: required field missing or empty", Code.MISSING
        )


class Administration(Incoming):
    """A request about a project."""

    project: ProjectName = Field(
        default="", description=PROJECT, examples=["customer-a"]
    )
