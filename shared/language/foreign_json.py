"""JSON that somebody else wrote: a model, a tool, a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

MOST_DEPTH = 64
"""Lists and objects within each other. What is nested deeper can be read here and there,
and neither be checked nor be written again everywhere.
"""
_NESTING = (Mapping, list, tuple)


def foreign_json(text: str) -> Any:
    """The value of a text, in valid Unicode; raw line breaks may stand in its strings.
    Raises ValueError for what is no JSON, or nested too deep.
    """
    try:
        value = json.loads(text, strict=False)
    except RecursionError as error:
        raise ValueError("the JSON is nested too deep") from error
    require_shallow(value)
    return storable(value)


def require_shallow(value: Any) -> None:
    """Raises ValueError for a value that is nested too deep."""
    level = [value]
    for _ in range(MOST_DEPTH):
        level = list(chain.from_iterable(map(_within, level)))
        if not level:
            return
    if any(isinstance(inner, _NESTING) for inner in level):
        raise ValueError(f"the JSON is nested more than {MOST_DEPTH} deep")


def _within(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


def storable(value: Any) -> Any:
    """The same JSON value in valid Unicode: half a surrogate pair, as broken files
    yield it, becomes U+FFFD.
    """
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {storable(key): storable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [storable(entry) for entry in value]
    return value
