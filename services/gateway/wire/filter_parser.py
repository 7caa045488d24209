"""The filter language of the wire (contract 1.13), read into domain values.

{"and": [{"agent_id": "a"}, {"create_time": {"gte": "2025-12-01"}}]}   and / or, nested
{"scene": "travel", "tags": {"contains": "天气"}}           a plain root: all of it holds
{"user": F, "knowledgebase": F, "public": F, "agent": F}   one for each memory source
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal
from zoneinfo import ZoneInfo

from services.gateway.wire.filter_fields import (
    FIELD_ALIASES,
    TEXT_FIELDS,
    TIME_FIELDS,
)
from services.gateway.wire.wire_times import TimeRange, no_time, read_time
from shared.contract import Code
from shared.domain.filter import Condition, Filter, Filters, Group, Operator, Value
from shared.errors import BadRequest
from shared.language.foreign_json import foreign_json

_SOURCES = frozenset(("user", "knowledgebase", "public", "agent"))
"""The sources of memories that may have a filter of their own."""

_OPERATORS: Mapping[str, Operator] = {
    "gte": "gte",
    "lte": "lte",
    "gt": "gt",
    "lt": "lt",
    "contains": "contains",
    "in": "in",
    "like": "like",
}
"""The operators of the wire; a value without one is compared with "eq"."""

_MODES: Mapping[str, Literal["and", "or"]] = {"and": "and", "or": "or"}
"""How conditions hold together, by the name in any case."""

_MAX_DEPTH = 8
"""How deep groups may be nested."""

_MAX_CONDITIONS = 200
"""Conditions of one filter."""

Owner = Literal["user", "agent"]


def read_filters(
    wire: object, timezone: str = "UTC", *, owner: Owner = "user"
) -> Filters:
    """The filters of a request. Raises `BadRequest` naming the field.

    `owner` says which of the sources "user" and "agent" means the memories that are
    searched as the caller's own.
    """
    given = _object(_decoded(wire), "filter")
    if not _is_by_source(given):
        common = read_filter(given, timezone)
        return Filters(user=common, knowledge_base=common, public=common)
    return Filters(
        user=read_filter(given.get(owner), timezone),
        knowledge_base=read_filter(given.get("knowledgebase"), timezone),
        public=read_filter(given.get("public"), timezone),
    )


def read_filter(wire: object, timezone: str = "UTC") -> Filter | None:
    """One filter; None when it is empty. Raises `BadRequest` naming the field."""
    parser = _FilterParser(ZoneInfo(timezone))
    return parser.group("and", [_decoded(wire)], "filter", 0)


def deleting_filter(wire: object, timezone: str = "UTC") -> Filter:
    """The filter of a deletion: where a condition in it is empty, one got lost on its
    way, and more would go than was meant. Raises `BadRequest`, 40003 for an empty one.
    """
    parser = _FilterParser(ZoneInfo(timezone), may_be_empty=False)
    read = parser.group("and", [_decoded(wire)], "filter", 0)
    assert read is not None
    return read


def _decoded(wire: object) -> object:
    """Some clients send the filter as JSON text, as the documentation's example is printed."""
    if not isinstance(wire, str):
        return wire
    try:
        return foreign_json(wire) if wire.strip() else None
    except ValueError as error:
        raise BadRequest("filter: an object is expected") from error


def _object(wire: object, name: str) -> Mapping[str, Any]:
    if wire is None:
        return {}
    if not isinstance(wire, Mapping):
        raise BadRequest(f"{name}: an object is expected")
    return wire


def _is_by_source(given: Mapping[str, Any]) -> bool:
    """Whether every key is a source with a filter as its value (and not a field of that
    name that is compared).
    """
    if not given or not given.keys() <= _SOURCES:
        return False
    for value in given.values():
        if value is None:
            continue
        if not isinstance(value, Mapping):
            return False
        is_comparison = value and value.keys() <= _OPERATORS.keys()
        if is_comparison:
            return False
    return True


class _FilterParser:
    """Reads one filter and counts its conditions, of which there is a maximum.
    `may_be_empty`: whether an empty condition, or list of them, is passed over.
    """

    def __init__(self, zone: ZoneInfo, *, may_be_empty: bool = True) -> None:
        self._zone = zone
        self._may_be_empty = may_be_empty
        self._conditions = 0

    def group(
        self, mode: Literal["and", "or"], conditions: object, name: str, depth: int
    ) -> Filter | None:
        """A list of conditions; None when there are none."""
        if not isinstance(conditions, list):
            raise BadRequest(f"{name}: a list of conditions is expected")
        members = [self._condition(condition, name, depth) for condition in conditions]
        return self._checked(_combine(mode, members), name)

    def _checked(self, read: Filter | None, name: str) -> Filter | None:
        if read is None and not self._may_be_empty:
            raise BadRequest(f"{name}: must not be empty", code=Code.EMPTY)
        return read

    def _condition(self, wire: object, name: str, depth: int) -> Filter | None:
        """One object: all its keys hold."""
        if depth > _MAX_DEPTH:
            raise BadRequest(f"{name}: nested deeper than {_MAX_DEPTH}")
        members: list[Filter | None] = []
        for given, value in _object(wire, name).items():
            key = str(given)
            mode = _MODES.get(key.lower())
            if mode and (key == mode or isinstance(value, list)):
                member = self.group(mode, value, key, depth + 1)
            elif key == "info" and isinstance(value, Mapping):
                member = self._condition(value, "info", depth + 1)
            else:
                member = self._field(field_name(key), value)
            members.append(member)
        return self._checked(_combine("and", members), name)

    def _field(self, field: str, value: object) -> Filter | None:
        self._conditions += 1
        if self._conditions > _MAX_CONDITIONS:
            raise BadRequest(f"filter: more than {_MAX_CONDITIONS} conditions")
        if not isinstance(value, Mapping):
            return self._comparison(field, "eq", value)
        if not value:
            raise BadRequest(f"{field}: an operator is expected")
        members = [
            self._comparison(field, operator_named(field, name), operand)
            for name, operand in value.items()
        ]
        return _combine("and", members)

    def _comparison(self, field: str, operator: Operator, value: object) -> Filter:
        if field not in TIME_FIELDS:
            return _READERS[operator](field, operator, value)
        time = read_time(value, self._zone)
        if time is None:
            raise no_time(field, value)
        reader = _TIME_READERS.get(operator)
        if reader is None:
            raise BadRequest(
                f"{field}: a time can be compared with gte, lte, gt, lt or be equal"
            )
        return reader(field, time)


def field_name(key: str) -> str:
    """`info.scene` as `scene`, `created_at` as `create_time`. Raises `BadRequest` for
    `user_id`, by which nothing can be filtered.
    """
    name = key.removeprefix("info.")
    if not name:
        raise BadRequest("filter: a field without a name")
    if name == "user_id":
        raise BadRequest("user_id: cannot be filtered by")
    return FIELD_ALIASES.get(name, name)


def operator_named(field: str, name: object) -> Operator:
    """The operator of a name in any case. Raises `BadRequest`."""
    operator = _OPERATORS.get(str(name).lower())
    if operator is None:
        names = ", ".join(sorted(_OPERATORS))
        raise BadRequest(f"{field}: unknown operator {name!r}; known are {names}")
    return operator


def _combine(
    mode: Literal["and", "or"], members: Iterable[Filter | None]
) -> Filter | None:
    """The members, without the empty ones, as one filter; None when none is left."""
    filters = tuple(member for member in members if member is not None)
    if len(filters) == 1:
        return filters[0]
    return Group(mode, filters) if filters else None


def _scalar(field: str, value: object) -> Value:
    if isinstance(value, str | int | float | bool):
        return value
    raise BadRequest(f"{field}: a text, a number or a truth value is expected")


def _equal(field: str, operator: Operator, value: object) -> Filter:
    if isinstance(value, list):
        return _any_of(field, "in", value)
    return Condition(field, "eq", _scalar(field, value))


def _any_of(field: str, operator: Operator, value: object) -> Filter:
    if not isinstance(value, list) or not value:
        raise BadRequest(f"{field}: 'in' needs a list of values")
    return Condition(field, "in", tuple(_scalar(field, member) for member in value))


def _contains(field: str, operator: Operator, value: object) -> Filter:
    values = value if isinstance(value, list) else [value]
    conditions = [
        Condition(field, "contains", _scalar(field, member)) for member in values
    ]
    combined = _combine("and", conditions)
    if combined is None:
        raise BadRequest(f"{field}: 'contains' needs a value")
    return combined


def _like(field: str, operator: Operator, value: object) -> Filter:
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{field}: 'like' needs a text")
    return Condition(field, "like", value)


def _ordered(field: str, operator: Operator, value: object) -> Filter:
    if field in TEXT_FIELDS:
        raise BadRequest(f"{field}: {operator!r} compares numbers and times, not texts")
    problem = BadRequest(f"{field}: {operator!r} needs a number")
    try:
        number = float(value) if isinstance(value, str) else value
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise problem
        if not math.isfinite(number):
            raise problem
    except (ValueError, OverflowError) as error:  # a whole number of 400 digits
        raise problem from error
    return Condition(field, operator, number)


_READERS: Mapping[Operator, Callable[[str, Operator, object], Filter]] = {
    "eq": _equal,
    "in": _any_of,
    "contains": _contains,
    "like": _like,
    "gte": _ordered,
    "lte": _ordered,
    "gt": _ordered,
    "lt": _ordered,
}


def _during(field: str, time: TimeRange) -> Filter:
    first = Condition(field, "gte", time.first)
    last = Condition(field, "lte", time.last)
    return Group("and", (first, last))


# "until the 10th" means until its end, "after the 10th" not during it
_TIME_READERS: Mapping[Operator, Callable[[str, TimeRange], Filter]] = {
    "eq": _during,
    "gte": lambda field, time: Condition(field, "gte", time.first),
    "gt": lambda field, time: Condition(field, "gt", time.last),
    "lte": lambda field, time: Condition(field, "lte", time.last),
    "lt": lambda field, time: Condition(field, "lt", time.first),
}
