"""JSON: every value on a line of its own, under the path that leads to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.text_decoding import decode

MAX_DEPTH = 64
"""Of objects and lists in each other."""
MAX_COLUMNS = 24
"""Of a list of objects that is shown as a table."""
MAX_HEADING_DEPTH = 5


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Objects become lines "key: value", lists of alike flat objects become tables."""
    progress(0, 1)
    parts = tuple(_parts(json.loads(decode(data)), "", 0))
    progress(1, 1)
    return ParsedFile(parts)


def _parts(value: Any, path: str, depth: int) -> Iterator[Part]:
    """The parts of a value; `path` leads to it, "" for the document itself."""
    if depth > MAX_DEPTH:
        raise FileRejected("The JSON document is nested too deeply.")
    if isinstance(value, Mapping):
        yield from _parts_of_object(value, path, depth)
    elif isinstance(value, list):
        yield from _parts_of_list(value, path, depth)
    elif value not in (None, ""):
        yield _labelled(path, _scalar_text(value))


def _parts_of_object(value: Mapping[str, Any], path: str, depth: int) -> Iterator[Part]:
    """A heading, the plain values in lines, then the nested values."""
    lines: list[str] = []
    nested: list[tuple[str, Any]] = []
    for key, item in value.items():
        if not _is_scalar(item):
            nested.append((key, item))
        elif item not in (None, ""):
            lines.append(f"{key}: {_scalar_text(item)}")
    if path and value:
        yield Part("Title", path, depth=min(depth, MAX_HEADING_DEPTH))
    if lines:
        yield Part("NarrativeText", "\n".join(lines))
    for key, item in nested:
        inner_path = f"{path} / {key}" if path else str(key)
        yield from _parts(item, inner_path, depth + 1)


def _parts_of_list(value: list[Any], path: str, depth: int) -> Iterator[Part]:
    """Plain values in one line, alike objects as a table, others one by one."""
    if value and all(_is_scalar(item) for item in value):
        yield _labelled(path, ", ".join(_scalar_text(item) for item in value))
        return
    columns = _columns(value)
    if columns:
        if path:
            yield Part("Title", path, depth=min(depth, MAX_HEADING_DEPTH))
        rows = [
            [_scalar_text(item.get(column)) for column in columns] for item in value
        ]
        yield Part("Table", markdown_table([columns, *rows]))
        return
    for number, item in enumerate(value, 1):
        yield from _parts(item, f"{path} {number}".strip(), depth + 1)


def _columns(value: list[Any]) -> list[str]:
    """The keys of a list of alike flat objects, which is a table; [] for another."""
    keys: dict[str, None] = {}
    for item in value:
        is_flat_object = isinstance(item, Mapping) and all(
            _is_scalar(field) for field in item.values()
        )
        if not item or not is_flat_object:
            return []
        keys.update(dict.fromkeys(item))
    return list(keys) if len(value) > 1 and len(keys) <= MAX_COLUMNS else []


def _labelled(path: str, text: str) -> Part:
    """A text under the path that leads to it."""
    return Part("NarrativeText", f"{path}: {text}" if path else text)


def _is_scalar(value: Any) -> bool:
    """Whether a value holds no others."""
    return not isinstance(value, (Mapping, list))


def _scalar_text(value: Any) -> str:
    """A plain value as people write it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
