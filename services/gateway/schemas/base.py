"""How every request is read: null means absent, and so does an empty text for a number;
unknown fields are ignored, numbers may come as texts (contract, section 0).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from services.gateway.schemas.sent_numbers import Number, as_whole_number
from services.http.errors import refused
from shared.contract import Code
from shared.domain.expiry import NEVER, end_of_day

MAX_ID = 100
"""Characters of an id that clients choose (contract 0.1, 40010 and 40011)."""

MAX_MATCHES = 25
"""Memories of one kind in the answer of a search (contract 1.2)."""


class Incoming(BaseModel):
    """A request or a part of one."""

    model_config = ConfigDict(
        extra="ignore", coerce_numbers_to_str=True, populate_by_name=True
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        numbers = _names_of_numbers(cls)
        return {
            name: value
            for name, value in given.items()
            if value is not None and not (value == "" and name in numbers)
        }


@cache
def _names_of_numbers(model: type[BaseModel]) -> frozenset[str]:
    """The names on the wire of the fields that are numbers or truth values: forms send
    an empty text for what was not filled in.
    """
    names: set[str] = set()
    for name, field in model.model_fields.items():
        types = types_of(field.annotation)
        if types & {int, float, bool} and str not in types:
            alias = field.validation_alias
            choices = alias.choices if isinstance(alias, AliasChoices) else (alias,)
            names |= {name, *(choice for choice in choices if isinstance(choice, str))}
    return frozenset(names)


def types_of(annotation: Any) -> set[Any]:
    """A type, or those of a union, without what is annotated to them."""
    if get_origin(annotation) is Annotated:
        return types_of(get_args(annotation)[0])
    members = get_args(annotation)
    is_union = get_origin(annotation) in (Union, UnionType)
    return set().union(*map(types_of, members)) if is_union else {annotation}


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


def counted(low: int, high: int) -> tuple[BeforeValidator, AfterValidator]:
    """A whole number that may come as text: less than `low` is refused (40000), more than
    `high` counts as `high`.
    """

    def within(number: int) -> int:
        if number < low:
            raise refused(f"{number} is less than {low}", Code.MALFORMED)
        return min(number, high)

    return BeforeValidator(as_whole_number), AfterValidator(within)


def refuse_empty(given: Any, codes: Mapping[str, int]) -> None:
    """Of a request that deletes: each field in `codes` that is there says what goes, and
    an empty one is a condition that got lost, never "everything". Raises its code.
    """
    for name, code in codes.items() if isinstance(given, dict) else ():
        if given.get(name) in ("", [], {}):
            raise refused(f"{name}: must not be empty", code)


def require_words(text: str) -> str:
    """A text that is not blank. Raises 40002."""
    if not text.strip():
        raise refused("required field missing or empty", Code.MISSING)
    return text


def as_list(given: Any) -> Any:
    """One text as a list of it; an empty one as an empty list."""
    if isinstance(given, str | int):
        return [given] if given != "" else []
    return given


def check_user_ids(ids: list[str]) -> list[str]:
    """The ids that are not empty. Raises 40010 for one that is too long."""
    if any(len(user_id) > MAX_ID for user_id in ids):
        raise refused(f"longer than {MAX_ID} characters", Code.USER_TOO_LONG)
    return [user_id for user_id in ids if user_id]


def check_info(info: dict[str, Any]) -> dict[str, Any]:
    """The entries that are not null. Raises 40000 for one that is not JSON."""
    for name, value in info.items():
        if not isinstance(value, str | int | float | bool | list | dict | None):
            raise refused(
                f"{name}: a text, a number or a list of texts is expected",
                Code.MALFORMED,
            )
    return {name: value for name, value in info.items() if value is not None}


def canonical(id: str) -> str:
    """An id as it is stored: some languages write UUIDs in capitals."""
    try:
        return str(UUID(id))
    except ValueError:
        return id


Id = Annotated[str, Field(min_length=1)]
StoredId = Annotated[Id, AfterValidator(canonical)]
"""Of a memory, a file or a knowledge base, in whatever spelling it is sent."""
MaybeId = Annotated[str, AfterValidator(canonical)]
"""The same, or an empty text."""
UserId = Annotated[str, Field(min_length=1), at_most(MAX_ID, Code.USER_TOO_LONG)]
ConversationId = Annotated[str, at_most(MAX_ID, Code.CONVERSATION_TOO_LONG)]
Words = Annotated[str, AfterValidator(require_words)]
EmptyOrWords = Annotated[
    str, AfterValidator(lambda text: require_words(text) if text else text)
]
"""A text that is left as it is where the request has an empty one."""
ONE_OR_MANY = BeforeValidator(as_list, json_schema_input_type=str | list[str])
"""For a list of texts: one text stands for a list of it, in OpenAPI too."""

Texts = Annotated[list[str], ONE_OR_MANY]
StoredIds = Annotated[Texts, AfterValidator(lambda ids: list(map(canonical, ids)))]
UserIds = Annotated[list[str], ONE_OR_MANY, AfterValidator(check_user_ids)]
OneOrMore = BeforeValidator(lambda given: [given] if isinstance(given, dict) else given)
"""For a list of objects: one object stands for a list of it."""

Info = Annotated[dict[str, Any], AfterValidator(check_info)]
Relativity = Annotated[
    Number,
    Field(allow_inf_nan=False),
    AfterValidator(lambda given: min(max(given, 0.0), 1.0)),
]


def differs(given: Any, read: float) -> bool:
    """Whether a number that was sent counts as another one, because it was out of range."""
    try:
        return given not in (None, "") and float(given) != read
    except (TypeError, ValueError):
        return False


MatchLimit = Annotated[int, *counted(0, MAX_MATCHES)]
PageNumber = Annotated[int, *counted(1, 1_000_000)]
PageSize = Annotated[int, *counted(1, 50)]


def end_of_expiration_date(written: str) -> int:
    """The moment (epoch milliseconds) at which an `expiration_date` ends; "" never.
    Raises 40000.
    """
    try:
        return end_of_day(written) if written else NEVER
    except ValueError as error:
        raise refused(str(error), Code.MALFORMED) from error


def check_expiration_date(written: str) -> str:
    """The date, as it is written. Raises 40000 for what is none."""
    end_of_expiration_date(written)
    return written


ExpirationDate = Annotated[str, AfterValidator(check_expiration_date)]
EXPIRATION = (
    "The last day, YYYY-MM-DD in UTC, on which searches and lists show it; from the next"
    " day on it is read by its id, or with show_expired. Souvenir's own."
)
SHOW_EXPIRED = "Also what is past its expiration_date. Souvenir's own."
EXAMPLE_DATE = "2030-01-31"
AS_OF = (
    "What held at a moment instead of what holds now: YYYY-MM-DD (the end of that day),"
    " YYYY-MM-DD HH:MM:SS, ISO 8601 or epoch milliseconds. What was said later is"
    " hidden, what was superseded later is shown. Souvenir's own."
)


def _as_moment(given: Any) -> Any:
    """Milliseconds with a fraction as whole ones. Raises 40000 for true and false, which
    pydantic takes for 1 and 0.
    """
    if isinstance(given, bool):
        raise refused(f"{str(given).lower()} is not a time", Code.MALFORMED)
    is_fraction = isinstance(given, float) and math.isfinite(given)
    return int(given) if is_fraction else given


AsOf = Annotated[
    str | int,
    Field(union_mode="left_to_right"),
    BeforeValidator(_as_moment, json_schema_input_type=str | int),
]


class ExpiryChange(Incoming):
    """A change that may set the expiration date of a memory, or take it away."""

    expiration_date: ExpirationDate | None = Field(
        default=None,
        description=f"{EXPIRATION} An empty text or null: it does not expire.",
        examples=[EXAMPLE_DATE],
    )

    @model_validator(mode="before")
    @classmethod
    def _null_clears(cls, given: Any) -> Any:
        """Elsewhere null is absent; here it takes the date away."""
        if isinstance(given, dict) and given.get("expiration_date", "") is None:
            return {**given, "expiration_date": ""}
        return given

    @property
    def expires_at(self) -> int | None:
        """From when on it is hidden, epoch milliseconds; None where that stays."""
        if self.expiration_date is None:
            return None
        return end_of_expiration_date(self.expiration_date)


WEBHOOK = (
    'To be told by POST when the task has ended: `{"type": "task.completed" | '
    '"task.failed", "timestamp": ..., '
    '"data": what GET tasks/{id} answers}`, signed in the Standard Webhooks form, at '
    "least once. Souvenir's own."
)
USER = "The user whose memories these are; at most 100 characters."
CONVERSATION = (
    "The conversation; the same id means the same context. At most 100 characters."
)
EXAMPLE_USER = "memos_user_123"
EXAMPLE_CONVERSATION = "0928"
EXAMPLE_ID = "0a89db3a-2061-4c97-a1b8-45700f8745bc"
EXAMPLE_WEBHOOK = "https://example.com/hooks/souvenir"
