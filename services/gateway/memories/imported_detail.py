"""`Memory.detail` of a record that is imported: whoever wrote the file may have written
anything, and others read what is shared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from services.gateway.schemas.items import SkillValue, skill_fields
from shared.domain.memory_detail import (
    ABOUT,
    CHANGES,
    LIKELY_CHANGES,
    PRESENT,
    QUESTIONS,
    SKILL_TYPE,
    SKILL_VALUE,
    SKILL_WORDS,
    STEP_ARGUMENTS,
    STEPS,
    SUBJECT,
    SUMMARY,
    TOPIC,
    UNTIL,
)


class _Change(BaseModel):
    by: str
    said_at: int
    start: int
    end: int
    was: str
    part: tuple[int, int]


_FORMS: Mapping[str, TypeAdapter[Any]] = {
    CHANGES: TypeAdapter(list[_Change]),
    LIKELY_CHANGES: TypeAdapter(list[_Change]),
    PRESENT: TypeAdapter(list[str]),
    QUESTIONS: TypeAdapter(list[str]),
    STEPS: TypeAdapter(list[str]),
    STEP_ARGUMENTS: TypeAdapter(list[dict[str, Any]]),
    SKILL_WORDS: TypeAdapter(dict[str, Any]),
    **{key: TypeAdapter(str) for key in (SUBJECT, ABOUT, TOPIC, SUMMARY, SKILL_TYPE)},
    UNTIL: TypeAdapter(int),
}
"""What stands under each key that is read as more than a plain value."""


def imported_detail(detail: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that have the form that is expected of them, and those of other keys."""
    return {key: value for key, value in detail.items() if _is_right(key, value)}


def _is_right(key: str, value: Any) -> bool:
    form = _FORMS.get(key)
    try:
        if key == SKILL_VALUE:
            SkillValue.model_validate(skill_fields(value))
        elif form is not None:
            form.validate_python(value)
    except ValidationError:
        return False
    return True
