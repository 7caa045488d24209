"""The filter language on memories in plain Python: what the engine's answers are held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shared.domain.filter import (
    CHANGED_BY,
    EXPIRES_AT,
    OWNER,
    SAID_AT,
    TEXT,
    Condition,
    Filter,
    Group,
    Value,
)
from shared.domain.memory import Memory
from shared.errors import BadRequest

_FIELDS: Mapping[str, Callable[[Memory], Any]] = {
    OWNER: lambda memory: memory.scope.user,
    CHANGED_BY: lambda memory: memory.last_change.by,
    TEXT: lambda memory: memory.text,
    SAID_AT: lambda memory: memory.said_at,
    EXPIRES_AT: lambda memory: memory.expires_at,
    "id": lambda memory: memory.id,
    "memory_type": lambda memory: memory.type.value,
    "agent_id": lambda memory: memory.scope.agent,
    "app_id": lambda memory: memory.scope.app,
    "conversation": lambda memory: memory.scope.conversation,
    "conversation_id": lambda memory: memory.scope.conversation,
    "session_id": lambda memory: memory.scope.conversation,
    "create_time": lambda memory: memory.created_at,
    "created_at": lambda memory: memory.created_at,
    "update_time": lambda memory: memory.updated_at,
    "updated_at": lambda memory: memory.updated_at,
    "memory_time": lambda memory: memory.happened_at,
    "tags": lambda memory: memory.tags,
}
_TIMES = (
    "create_time",
    "created_at",
    "update_time",
    "updated_at",
    "memory_time",
    SAID_AT,
    EXPIRES_AT,
)
_WORDS = tuple(field for field in _FIELDS if field not in _TIMES)
_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "gte": lambda have, bound: have >= bound,
    "lte": lambda have, bound: have <= bound,
    "gt": lambda have, bound: have > bound,
    "lt": lambda have, bound: have < bound,
}


def fits(memory: Memory, filter: Filter | None) -> bool:
    """Whether a memory passes a filter that was `checked`. A list of values passes when
    one of them does.
    """
    if filter is None:
        return True
    if isinstance(filter, Group):
        passed = (fits(memory, member) for member in filter.members)
        match filter.mode:
            case "and":
                return all(passed)
            case "or":
                return any(passed)
            case "not":
                return not any(passed)
    return any(_passes(value, filter) for value in _values(memory, filter.field))


def checked(filter: Filter | None) -> Filter | None:
    """The filter. Raises `BadRequest`: texts have no order, and only in free text can be searched."""
    for member in filter.members if isinstance(filter, Group) else ():
        checked(member)
    if isinstance(filter, Condition):
        _check(filter)
    return filter


def _check(condition: Condition) -> None:
    orders = condition.operator in _COMPARED
    if condition.field == TEXT and condition.operator not in ("contains", "like"):
        raise BadRequest(f"text: cannot be compared by {condition.operator!r}")
    if (condition.field in _WORDS and orders) or (
        condition.operator == "like"
        and condition.field in ("id", "memory_type", *_TIMES)
    ):
        raise BadRequest(
            f"{condition.field}: cannot be compared by {condition.operator!r}"
        )
    if orders and not isinstance(condition.value, int | float):
        raise BadRequest(f"{condition.field}: {condition.operator!r} needs a number")


def _values(memory: Memory, field: str) -> list[Any]:
    read = _FIELDS.get(field)
    value = read(memory) if read else memory.info.get(field.removeprefix("info."))
    return list(value) if isinstance(value, list | tuple) else [value]


def _passes(value: Any, condition: Condition) -> bool:
    wanted = (
        condition.value if isinstance(condition.value, tuple) else (condition.value,)
    )
    if (condition.field, condition.operator) in ((TEXT, "contains"), (OWNER, "like")):
        return all(str(part) in str(value) for part in wanted)
    if condition.operator in ("eq", "contains", "in"):
        return any(_same(value, operand) for operand in wanted)
    if condition.operator == "like":
        return isinstance(value, str) and all(
            str(operand).casefold() in value.casefold() for operand in wanted
        )
    return _is_number(value) and all(
        _COMPARED[condition.operator](value, float(bound)) for bound in wanted
    )


def _same(value: Any, wanted: Value) -> bool:
    """1 is 1.0, but neither "1" nor True."""
    return bool(value == wanted) and isinstance(value, bool) == isinstance(wanted, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
