"""Reading a JSON body: what is missing or malformed is `Malformed` (400), what this
node does not do is `Unsupported` (501).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

E = TypeVar("E")
Body = Mapping[str, Any]


class Malformed(Exception):
    """The request breaks Qdrant's API: answered 400."""


class Unsupported(Exception):
    """Part of Qdrant's API that this node does not have: answered 501, naming what."""


def an_object(value: Any, what: str) -> Body:
    """`value` as a JSON object, or Malformed naming `what` it should have been."""
    if not isinstance(value, dict):
        raise Malformed(f"{what}: expected an object, got {_kind(value)}")
    return value


def a_list(value: Any, what: str) -> list[Any]:
    """`value` as a JSON array, or Malformed naming `what` it should have been."""
    if not isinstance(value, list):
        raise Malformed(f"{what}: expected an array, got {_kind(value)}")
    return value


def only(body: Body, known: Iterable[str], what: str) -> Body:
    """The fields that are set. One that is set and not in `known` is Unsupported:
    nothing is silently left out.
    """
    given = {name: value for name, value in body.items() if value is not None}
    for name in given.keys() - set(known):
        raise Unsupported(f"{what}: field `{name}`")
    return given


def required(body: Body, name: str, what: str) -> Any:
    """The value of field `name`, or Malformed."""
    value = body.get(name)
    if value is None:
        raise Malformed(f"{what}: missing field `{name}`")
    return value


def choice(value: Any, known: Mapping[str, E], what: str) -> E:
    """The engine's member for a wire word."""
    if not isinstance(value, str) or value not in known:
        raise Malformed(
            f"{what}: unknown value `{value}`, expected one of {', '.join(sorted(known))}"
        )
    return known[value]


def members(
    kind: Any, names: Iterable[str], wire: Callable[[str], str] = str.lower
) -> dict[str, Any]:
    """Wire word -> member of an engine enumeration."""
    return {wire(name): getattr(kind, name) for name in names}


def _kind(value: Any) -> str:
    return {
        dict: "an object",
        list: "an array",
        str: "a string",
        type(None): "null",
        bool: "a boolean",
    }.get(type(value), "a number")
