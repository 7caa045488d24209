"""What requests about the administration of a project have in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, model_validator

from services.gateway.schemas.base import Incoming
from services.gateway.schemas.remarked import RemarkedRequest
from services.http.errors import refused
from shared.contract import Code
from shared.domain.api_key import is_project_name

PROJECT = (
    "Which project; that of the key when absent. Another one only by an admin key of "
    "the project `default`."
)


_SHOWN = 100
"""Characters of the names of fields that a refusal repeats."""


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


class OnlyKnown(Incoming):
    """A request of a route of Souvenir's own. A field that there is not is refused: no
    clients of other services send any, and by a slip a key for one user would be one for
    all.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_unknown(cls, given: Any, read: Any) -> Any:
        made = read(given)
        if isinstance(given, dict):
            sent = [name for name, value in given.items() if value not in (None, "")]
            unknown = [name for name in sent if name not in cls.model_fields]
            if unknown:
                message = f"{', '.join(unknown)[:_SHOWN]}: there is no such field"
                raise refused(message, Code.MALFORMED)
        return made


class Administration(RemarkedRequest):
    """A request about a project."""

    project: ProjectName = Field(
        default="", description=PROJECT, examples=["customer-a"]
    )
