"""Reading a JSON body: what is missing or malformed is `Malformed` (400), what this
node does not do is `Unsupported` (501).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

E = TypeVar("E")
Body = Mapping[str, Any]
_KINDS = {
    dict: "an object",
    list: "an array",
    str: "a string",
    type(None): "null",
    bool: "a boolean",
}
"""How an error message calls a JSON value."""


class Malformed(Exception):
    """The request breaks Qdrant's API: answered 400."""


class Unsupported(Exception):
    """Part of Qdrant's API that this node does not have: answered 501, naming what."""


def as_object(value: Any, what: str) -> Body:
    """`value` as a JSON object, or Malformed naming `what` it should have been."""
    if not isinstance(value, dict):
        raise Malformed(f"{what}: expected an object, got {_kind(value)}")
    return value


def as_list(value: Any, what: str) -> list[Any]:
    """`value` as a JSON array, or Malformed naming `what` it should have been."""
    if not isinstance(value, list):
        raise Malformed(f"{what}: expected an array, got {_kind(value)}")
    return value


def checked_fields(body: Body, supported: Iterable[str], what: str) -> Body:
    """The fields that are set. Raises `Unsupported` for one that is set and not
    supported: nothing is silently left out.
    """
    given = {name: value for name, value in body.items() if value is not None}
    for name in given.keys() - set(supported):
        raise Unsupported(f"{what}: field `{name}`")
    return given


def required(body: Body, name: str, what: str) -> Any:
    """The value of field `name`, or Malformed."""
    value = body.get(name)
    if value is None:
        raise Malformed(f"{what}: missing field `{name}`")
    return value


def choice(value: Any, choices: Mapping[str, E], what: str) -> E:
    """The engine's member for a wire word."""
    if not isinstance(value, str) or value not in choices:
        raise Malformed(
            f"{what}: unknown value `{value}`, expected one of {', '.join(sorted(choices))}"
        )
    return choices[value]


def members(
    kind: Any, names: Iterable[str], wire: Callable[[str], str] = str.lower
) -> dict[str, Any]:
    """Wire word -> member of an engine enumeration."""
    return {wire(name): getattr(kind, name) for name in names}


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a number")
