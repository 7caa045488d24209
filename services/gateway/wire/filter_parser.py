"""The filter language of the wire (contract 1.13), read into domain values.

{"and": [{"agent_id": "a"}, {"create_time": {"gte": "2025-12-01"}}]}      a root of and / or, nested as deep as 8
{"scene": "travel", "tags": {"contains": "天气"}}                          a plain root: all of it holds
{"user": F, "knowledgebase": F, "public": F, "agent": F}                  one for each place memories come from
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal
from zoneinfo import ZoneInfo

from services.gateway.wire.wire_times import TimeRange, read_time
from shared.domain.filter import Condition, Filter, Filters, Group, Operator, Value
from shared.errors import BadRequest

_SOURCES = frozenset(("user", "knowledgebase", "public", "agent"))
_OPERATORS: frozenset[Operator] = frozenset(
    ("gte", "lte", "gt", "lt", "contains", "in", "like")
)
_TIMES = frozenset(("create_time", "update_time"))
_OTHER_NAMES = {
    "created_at": "create_time",
    "updated_at": "update_time",
    "session_id": "conversation_id",
}
_DEEPEST, _MOST = 8, 200

Owner = Literal["user", "agent"]


def read_filters(
    wire: object, timezone: str = "UTC", *, owner: Owner = "user"
) -> Filters:
    """The filters of a request. Raises `BadRequest` naming the field.

    `owner` says which of the sources "user" and "agent" speaks of the memories that are
    searched as the asker's own.
    """
    given = _object(_decoded(wire), "filter")
    if not _by_source(given):
        one = read_filter(given, timezone)
        return Filters(user=one, knowledge_base=one, public=one)
    return Filters(
        user=read_filter(given.get(owner), timezone),
        knowledge_base=read_filter(given.get("knowledgebase"), timezone),
        public=read_filter(given.get("public"), timezone),
    )


def read_filter(wire: object, timezone: str = "UTC") -> Filter | None:
    """One filter; None when it is empty. Raises `BadRequest` naming the field."""
    return _Reader(ZoneInfo(timezone)).group("and", [_decoded(wire)], "filter", 0)


def _decoded(wire: object) -> object:
    """Some clients send the filter as JSON text, as the documentation's example is printed."""
    if not isinstance(wire, str):
        return wire
    try:
        return json.loads(wire) if wire.strip() else None
    except ValueError as error:
        raise BadRequest("filter: an object is expected") from error


def _object(wire: object, name: str) -> Mapping[str, Any]:
    if wire is None:
        return {}
    if not isinstance(wire, Mapping):
        raise BadRequest(f"{name}: an object is expected")
    return wire


def _by_source(given: Mapping[str, Any]) -> bool:
    """Whether every key is a source with a filter behind it (and not a field of that
    name that is compared).
    """
    return (
        bool(given)
        and given.keys() <= _SOURCES
        and all(
            value is None
            or (
                isinstance(value, Mapping)
                and not (value and value.keys() <= _OPERATORS)
            )
            for value in given.values()
        )
    )


class _Reader:
    """Reads one filter; counts, so that nobody sends a thousand conditions."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone, self._read = zone, 0

    def group(
        self, mode: Literal["and", "or"], conditions: object, name: str, depth: int
    ) -> Filter | None:
        """A list of conditions; None when there are none."""
        if not isinstance(conditions, list):
            raise BadRequest(f"{name}: a list of conditions is expected")
        members = [
            member
            for each in conditions
            if (member := self._condition(each, name, depth)) is not None
        ]
        return _joined(mode, members)

    def _condition(self, wire: object, name: str, depth: int) -> Filter | None:
        """One object: all its keys hold."""
        if depth > _DEEPEST:
            raise BadRequest(f"{name}: nested deeper than {_DEEPEST}")
        return _joined(
            "and",
            [
                member
                for key, value in _object(wire, name).items()
                if (member := self._key(str(key), value, depth)) is not None
            ],
        )

    def _key(self, key: str, value: object, depth: int) -> Filter | None:
        if key in ("and", "or"):
            return self.group("and" if key == "and" else "or", value, key, depth + 1)
        if key == "info" and isinstance(value, Mapping):
            return self._condition(value, "info", depth + 1)
        return self._field(_bare(key), value)

    def _field(self, field: str, value: object) -> Filter | None:
        self._read += 1
        if self._read > _MOST:
            raise BadRequest(f"filter: more than {_MOST} conditions")
        if not isinstance(value, Mapping):
            return self._compared(field, "eq", value)
        if not value:
            raise BadRequest(f"{field}: an operator is expected")
        return _joined(
            "and",
            [
                self._compared(field, _operator(field, name), each)
                for name, each in value.items()
            ],
        )

    def _compared(self, field: str, operator: Operator, value: object) -> Filter:
        if field in _TIMES:
            return _TIME_READERS.get(operator, _no_time)(
                field, self._time(field, value)
            )
        return _READERS[operator](field, operator, value)

    def _time(self, field: str, value: object) -> TimeRange:
        time = read_time(value, self._zone)
        if time is None:
            raise BadRequest(
                f"{field}: {value!r} is not a time (YYYY-MM-DD, YYYY-MM-DD HH:MM:SS, ISO 8601 or epoch milliseconds)"
            )
        return time


def _bare(key: str) -> str:
    """`info.scene` as `scene`, `created_at` as `create_time`."""
    name = key.removeprefix("info.")
    if not name:
        raise BadRequest("filter: a field without a name")
    if name == "user_id":
        raise BadRequest("user_id: cannot be filtered by")
    return _OTHER_NAMES.get(name, name)


def _operator(field: str, name: str) -> Operator:
    for operator in _OPERATORS:
        if operator == str(name).lower():
            return operator
    raise BadRequest(
        f"{field}: unknown operator {name!r}; known are {', '.join(sorted(_OPERATORS))}"
    )


def _joined(mode: Literal["and", "or"], members: Iterable[Filter]) -> Filter | None:
    found = tuple(members)
    return found[0] if len(found) == 1 else Group(mode, found) if found else None


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
    return Condition(field, "in", tuple(_scalar(field, each) for each in value))


def _contains(field: str, operator: Operator, value: object) -> Filter:
    wanted = [
        Condition(field, "contains", _scalar(field, each))
        for each in (value if isinstance(value, list) else [value])
    ]
    if not wanted:
        raise BadRequest(f"{field}: 'contains' needs a value")
    return _joined("and", wanted) or wanted[0]


def _like(field: str, operator: Operator, value: object) -> Filter:
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{field}: 'like' needs a text")
    return Condition(field, "like", value)


def _ordered(field: str, operator: Operator, value: object) -> Filter:
    try:
        number = float(value) if isinstance(value, str) else value
    except ValueError as error:
        raise BadRequest(f"{field}: {operator!r} needs a number") from error
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise BadRequest(f"{field}: {operator!r} needs a number")
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
    return Group(
        "and", (Condition(field, "gte", time.first), Condition(field, "lte", time.last))
    )


def _no_time(field: str, time: TimeRange) -> Filter:
    raise BadRequest(
        f"{field}: a time can be compared with gte, lte, gt, lt or be equal"
    )


# "until the 10th" means until its end, "after the 10th" not during it
_TIME_READERS: Mapping[Operator, Callable[[str, TimeRange], Filter]] = {
    "eq": _during,
    "gte": lambda field, time: Condition(field, "gte", time.first),
    "gt": lambda field, time: Condition(field, "gt", time.last),
    "lte": lambda field, time: Condition(field, "lte", time.last),
    "lt": lambda field, time: Condition(field, "lt", time.first),
}
