"""`Memory.detail` of a record that is imported: whoever wrote the file may have written
anything, and others read what is shared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from services.gateway.memories.stored_times import MAX_TIME, clamped_time
from services.gateway.schemas.items import SkillValue, skill_fields
from shared.domain.memory_detail import (
    ABOUT,
    CHANGES,
    LIKELY_CHANGES,
    PRESENT,
    QUESTIONS,
    SCHEMA_NAME,
    SKILL_TYPE,
    SKILL_VALUE,
    SKILL_WORDS,
    STEP_ARGUMENTS,
    STEPS,
    SUBJECT,
    SUMMARY,
    TOPIC,
    UNTIL,
    VERSION_OF,
)

_Time = Annotated[int, AfterValidator(clamped_time)]
_Place = Annotated[int, Field(ge=0, le=MAX_TIME)]


class _Change(BaseModel):
    model_config = ConfigDict(extra="allow")

    by: str
    said_at: _Time
    start: _Place
    end: _Place
    was: str
    part: tuple[_Place, _Place]
    likelihood: float = Field(default=0.0, ge=0, le=1)


_TEXTS = (SUBJECT, ABOUT, TOPIC, SUMMARY, SKILL_TYPE, SCHEMA_NAME, VERSION_OF)
_FORMS: Mapping[str, TypeAdapter[Any]] = {
    CHANGES: TypeAdapter(list[_Change]),
    LIKELY_CHANGES: TypeAdapter(list[_Change]),
    PRESENT: TypeAdapter(list[str]),
    QUESTIONS: TypeAdapter(list[str]),
    STEPS: TypeAdapter(list[str]),
    STEP_ARGUMENTS: TypeAdapter(list[dict[str, Any]]),
    SKILL_WORDS: TypeAdapter(dict[str, Any]),
    **{key: TypeAdapter(str) for key in _TEXTS},
    UNTIL: TypeAdapter(_Time),
}
"""What stands under each key that is read as more than a plain value."""


def imported_detail(detail: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that have the form that is expected of them, as it is expected (3.0 is
    the number 3), and those of other keys.
    """
    read = {}
    for key, value in detail.items():
        try:
            read[key] = _read(key, value)
        except ValidationError:  # the others are of use without it
            continue
    return read


def _read(key: str, value: Any) -> Any:
    if key == SKILL_VALUE:
        SkillValue.model_validate(skill_fields(value))
    form = _FORMS.get(key)
    if form is None:
        return value
    return form.dump_python(form.validate_python(value), mode="json")
