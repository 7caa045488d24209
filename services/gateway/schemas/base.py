"""How every request is read: null is absent, what is unknown is ignored, numbers may
come as strings (contract, section 0).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from services.http.errors import refused
from shared.contract import CONVERSATION_TOO_LONG, MALFORMED, MISSING, USER_TOO_LONG

LONGEST_ID = 100
MOST_MATCHES = 25


class Incoming(BaseModel):
    """A request or a part of one."""

    model_config = ConfigDict(
        extra="ignore", coerce_numbers_to_str=True, populate_by_name=True
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, given: Any) -> Any:
        return (
            {name: value for name, value in given.items() if value is not None}
            if isinstance(given, dict)
            else given
        )


class Outgoing(BaseModel):
    """An answer or a part of one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def at_most(length: int, code: int) -> AfterValidator:
    """A text of at most `length` characters, else `code`."""

    def check(text: str) -> str:
        if len(text) > length:
            raise refused(f"longer than {length} characters", code)
        return text

    return AfterValidator(check)


def clamped(low: int, high: int) -> tuple[BeforeValidator, AfterValidator]:
    """A whole number that may come as text, brought into low..high."""
    return BeforeValidator(_whole), AfterValidator(
        lambda number: min(max(number, low), high)
    )


def _whole(given: Any) -> Any:
    """ "9", "9.0" and 9.0 as 9; anything else is left for pydantic to refuse."""
    try:
        return int(float(given)) if isinstance(given, str | float) else given
    except (ValueError, OverflowError):
        return given


def _not_blank(text: str) -> str:
    if not text.strip():
        raise refused("required field missing or empty", MISSING)
    return text


def _listed(given: Any) -> Any:
    """One text as a list of it; an empty one as an empty list."""
    if isinstance(given, str | int):
        return [given] if given != "" else []
    return given


def _several(given: Any) -> Any:
    return [given] if isinstance(given, dict) else given


def _user_ids(ids: list[str]) -> list[str]:
    if any(len(id) > LONGEST_ID for id in ids):
        raise refused(f"longer than {LONGEST_ID} characters", USER_TOO_LONG)
    return [id for id in ids if id]


def _unit(given: float) -> float:
    return min(max(given, 0.0), 1.0)


def _flat(info: dict[str, Any]) -> dict[str, Any]:
    for name, value in info.items():
        if not isinstance(value, str | int | float | bool | list | dict | None):
            raise refused(
                f"{name}: a text, a number or a list of texts is expected", MALFORMED
            )
    return {name: value for name, value in info.items() if value is not None}


Id = Annotated[str, Field(min_length=1)]
UserId = Annotated[str, Field(min_length=1), at_most(LONGEST_ID, USER_TOO_LONG)]
ConversationId = Annotated[str, at_most(LONGEST_ID, CONVERSATION_TOO_LONG)]
Words = Annotated[str, AfterValidator(_not_blank)]
Texts = Annotated[list[str], BeforeValidator(_listed)]
UserIds = Annotated[list[str], BeforeValidator(_listed), AfterValidator(_user_ids)]
OneOrMore = BeforeValidator(_several)
"""For a list of objects: one of them will do."""
Info = Annotated[dict[str, Any], AfterValidator(_flat)]
Relativity = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_unit)]
MatchLimit = Annotated[int, *clamped(0, MOST_MATCHES)]
PageNumber = Annotated[int, *clamped(1, 1_000_000)]
PageSize = Annotated[int, *clamped(1, 50)]

WEBHOOK = (
    'To be told by POST when the task has ended: `{"type": "task.completed" | "task.failed", "timestamp": ..., '
    '"data": what GET tasks/{id} answers}`, signed in the Standard Webhooks form, at least once. Souvenir\'s own.'
)
USER = "The user whose memories these are; at most 100 characters."
CONVERSATION = (
    "The conversation; the same id means the same context. At most 100 characters."
)
EXAMPLE_USER = "memos_user_123"
EXAMPLE_CONVERSATION = "0928"
EXAMPLE_ID = "0a89db3a-2061-4c97-a1b8-45700f8745bc"
EXAMPLE_WEBHOOK = "https://example.com/hooks/souvenir"
