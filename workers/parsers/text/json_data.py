"""JSON: every value on a line of its own, under the path that leads to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import Limits, Part, Progress, Reading
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.text.plain_text import decode

MAX_DEPTH = 64
MAX_COLUMNS = 24


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """Objects become lines "key: value", lists of alike flat objects become tables."""
    progress(0, 1)
    parts = tuple(_parts(json.loads(decode(data)), "", 0))
    progress(1, 1)
    return Reading(parts)


def _parts(value: Any, path: str, depth: int) -> Iterator[Part]:
    if depth > MAX_DEPTH:
        raise FileRejected("The JSON document is nested too deeply.")
    if isinstance(value, Mapping):
        yield from _of_object(value, path, depth)
    elif isinstance(value, list):
        yield from _of_list(value, path, depth)
    elif value not in (None, ""):
        yield Part(
            "NarrativeText", f"{path}: {_scalar(value)}" if path else _scalar(value)
        )


def _of_object(value: Mapping[str, Any], path: str, depth: int) -> Iterator[Part]:
    flat = {key: item for key, item in value.items() if _is_scalar(item)}
    lines = "\n".join(
        f"{key}: {_scalar(item)}"
        for key, item in flat.items()
        if item not in (None, "")
    )
    if path and value:
        yield Part("Title", path, depth=min(depth, 5))
    if lines:
        yield Part("NarrativeText", lines)
    for key, item in value.items():
        if key not in flat:
            yield from _parts(item, f"{path} / {key}" if path else str(key), depth + 1)


def _of_list(value: list[Any], path: str, depth: int) -> Iterator[Part]:
    if value and all(_is_scalar(item) for item in value):
        yield Part(
            "NarrativeText",
            f"{path}: {', '.join(map(_scalar, value))}"
            if path
            else ", ".join(map(_scalar, value)),
        )
    elif _is_table(value):
        if path:
            yield Part("Title", path, depth=min(depth, 5))
        yield Part("Table", _table(value))
    else:
        for at, item in enumerate(value, 1):
            yield from _parts(item, f"{path} {at}".strip(), depth + 1)


def _is_table(value: list[Any]) -> bool:
    return (
        len(value) > 1
        and all(
            isinstance(item, Mapping) and item and all(map(_is_scalar, item.values()))
            for item in value
        )
        and len({key for item in value for key in item}) <= MAX_COLUMNS
    )


def _table(value: list[Mapping[str, Any]]) -> str:
    columns = list(dict.fromkeys(key for item in value for key in item))
    return markdown_table(
        [
            columns,
            *([_scalar(item.get(column)) for column in columns] for item in value),
        ]
    )


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, (Mapping, list))


def _scalar(value: Any) -> str:
    return (
        "" if value is None else value if isinstance(value, str) else json.dumps(value)
    )
