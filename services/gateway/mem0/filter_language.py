"""mem0's filters, read into values of the domain (docs.mem0.ai, memory filters).

{"AND": [{"user_id": "ann"}, {"created_at": {"gte": "2025-12-01"}}]}   AND, OR, NOT, nested
{"user_id": "ann", "categories": {"in": ["travel"]}}   keys side by side: all of it holds
{"agent_id": "*"}   any agent, but not none
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from services.gateway.mem0.entities import ANY, FIELDS, entity_is, no_entity
from services.gateway.mem0.filter_times import moment_filter
from shared.contract import Code
from shared.domain.filter import (
    EXPIRES_AT,
    OWNER,
    SAID_AT,
    TEXT,
    Condition,
    Filter,
    Group,
)
from shared.errors import BadRequest

_LOGIC = ("AND", "OR", "NOT")
_MAX_DEPTH = 8
_MAX_CONDITIONS = 200
_TIMES = {
    "created_at": SAID_AT,
    "timestamp": SAID_AT,
    "updated_at": "update_time",
    "expiration_date": EXPIRES_AT,
}
_TEXTS = ("text", "keywords", "keywords_search")
_OTHERS = ("categories", "metadata", "memory_ids")
ALLOWED = (*_LOGIC, *FIELDS, *_TIMES, *_TEXTS, *_OTHERS)


def read_filters(wire: object, timezone: str) -> Filter:
    """The filters of a request. Raises `BadRequest`: for what cannot be read, naming
    the field, and for filters that name no entity whose memories are meant.
    """
    reader = _Reader(ZoneInfo(timezone))
    filter = reader.all_of(wire, 0)
    if filter is None or not reader.names_entity:
        raise BadRequest(
            "filters: at least one of user_id, agent_id, app_id and run_id is required"
            ' ("*" for any)',
            code=Code.MISSING,
        )
    return filter


def only_user(filter: Filter) -> str:
    """The one user whose memories a filter lets through; "" where it may let through
    those of others.
    """
    if isinstance(filter, Condition):
        is_user = (filter.field, filter.operator) == (OWNER, "eq")
        return str(filter.value) if is_user else ""
    if filter.mode != "and":
        return ""
    return next((user for user in map(only_user, filter.members) if user), "")


class _Reader:
    """Reads one filter; remembers whether it says whose memories are meant."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._conditions = 0
        self.names_entity = False

    def all_of(self, wire: object, depth: int, denied: bool = False) -> Filter | None:
        """One object: everything in it holds. `denied`: it stands below a NOT."""
        if not isinstance(wire, Mapping):
            raise BadRequest("filters: an object is expected")
        if depth > _MAX_DEPTH:
            raise BadRequest(f"filters: nested deeper than {_MAX_DEPTH}")
        members = [
            self._member(str(key), value, depth, denied) for key, value in wire.items()
        ]
        return _group("and", members)

    def _member(
        self, key: str, value: object, depth: int, denied: bool
    ) -> Filter | None:
        logic = key.upper()
        if logic in _LOGIC:
            denied = denied or logic == "NOT"
            parts = value if isinstance(value, list) else [value]
            members = [self.all_of(part, depth + 1, denied) for part in parts]
            return _group(logic.lower(), members)
        self._conditions += 1
        if self._conditions > _MAX_CONDITIONS:
            raise BadRequest(f"filters: more than {_MAX_CONDITIONS} conditions")
        if key in FIELDS:
            return self._entity(key, value, denied)
        if key in _TIMES:
            return _each(value, lambda op, v: moment_filter(key, op, v, self._zone))
        if key in _TEXTS:
            return _each(value, lambda op, v: _text(key, op, v))
        if key == "categories":
            return _each(value, _categories)
        if key == "metadata":
            return _metadata(value)
        if key == "memory_ids":
            return _each(value, _memory_ids)
        raise BadRequest(f"filters: {key!r} is not one of {', '.join(ALLOWED)}")

    def _entity(self, name: str, value: object, denied: bool) -> Filter | None:
        def compare(operator: str, operand: object) -> Filter:
            if operator == "ne":
                return Group("not", (_is(name, operand),))
            if operator not in ("eq", "in"):
                raise _unknown_operator(name, operator)
            self.names_entity = self.names_entity or not denied
            return _is(name, operand)

        return _each(value, compare)


def _is(name: str, operand: object) -> Filter:
    """Belongs to the entity, to one of a list, to any, or to none of that type."""
    if operand is None:
        return no_entity(name)
    ids = operand if isinstance(operand, list) else [operand]
    texts = [str(id) for id in ids if isinstance(id, str | int) and id != ""]
    if not texts or len(texts) != len(ids):
        raise BadRequest(f"{name}: an id, a list of ids or {ANY!r} is expected")
    return _some_group([entity_is(name, id) for id in texts])


def _each(value: object, compare: Callable[[str, object], Filter]) -> Filter | None:
    """`{"gte": a, "lt": b}` as both; a bare value as equality, a bare list as one of it."""
    if isinstance(value, Mapping):
        operations = [(str(name).lower(), operand) for name, operand in value.items()]
    else:
        operations = [("in" if isinstance(value, list) else "eq", value)]
    return _group("and", [compare(name, operand) for name, operand in operations])


def _text(field: str, operator: str, operand: object) -> Filter:
    if not isinstance(operand, str) or not operand:
        raise BadRequest(f"{field}: a text is expected")
    if operator == "contains":
        return Condition(TEXT, "contains", operand)
    if operator in ("icontains", "eq"):
        return Condition(TEXT, "like", operand)
    raise _unknown_operator(field, operator)


def _categories(operator: str, operand: object) -> Filter:
    """A category is a tag here."""
    given = operand if isinstance(operand, list) else [operand]
    values = [value for value in given if isinstance(value, str) and value]
    if not values or len(values) < len(given):
        raise BadRequest("categories: texts are expected")
    if operator in ("in", "eq"):
        return Condition("tags", "in", tuple(values))
    if operator == "contains":
        return _some_group([Condition("tags", "like", value) for value in values])
    raise _unknown_operator("categories", operator)


def _memory_ids(operator: str, operand: object) -> Filter:
    ids = operand if isinstance(operand, list) else [operand]
    if operator not in ("in", "eq"):
        raise _unknown_operator("memory_ids", operator)
    return Condition("id", "in", tuple(str(id) for id in ids))


def _metadata(value: object) -> Filter | None:
    if not isinstance(value, Mapping):
        raise BadRequest("metadata: an object of keys and values is expected")
    members = [
        _each(wanted, partial(_info, f"info.{key}")) for key, wanted in value.items()
    ]
    return _group("and", members)


def _info(field: str, operator: str, operand: Any) -> Filter:
    if operator == "in" and isinstance(operand, list):
        return _some_group([_info(field, "eq", value) for value in operand])
    if not isinstance(operand, str | int | float | bool):
        raise BadRequest(f"{field}: a text, a number or a truth value is expected")
    match operator:
        case "eq":
            return Condition(field, "eq", operand)
        case "ne":
            return Group("not", (Condition(field, "eq", operand),))
        case "contains" | "icontains" if isinstance(operand, str):
            within = Condition(field, "like", operand)
            return Group("or", (within, Condition(field, "contains", operand)))
        case "gt" | "gte" | "lt" | "lte" if not isinstance(operand, str | bool):
            return Condition(field, operator, operand)
    raise _unknown_operator(field, operator)


def _unknown_operator(field: str, operator: str) -> BadRequest:
    return BadRequest(f"{field}: the operator {operator!r} is not known for it")


def _some_group(members: list[Filter]) -> Filter:
    if not members:
        raise BadRequest("filters: a list of values must not be empty")
    return members[0] if len(members) == 1 else Group("or", tuple(members))


def _group(mode: str, members: Iterable[Filter | None]) -> Filter | None:
    """The members without the empty ones; None when none is left."""
    filters = tuple(member for member in members if member is not None)
    if mode == "not":
        return Group("not", filters) if filters else None
    if len(filters) == 1:
        return filters[0]
    return Group("or" if mode == "or" else "and", filters) if filters else None
