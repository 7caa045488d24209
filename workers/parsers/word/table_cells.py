"""The tables of a DOCX: which cells a table has, and which are merged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workers.parsers.xml_tree import attribute, first_child, tag_of

MAX_SPAN = 64
"""Columns that one cell may cover."""
_WRAPPERS = frozenset("sdt sdtContent ins customXml moveTo smartTag".split())
"""Content controls and change marks around rows and cells."""


def wrapped_children(parent: Any, tag: str) -> Iterator[Any]:
    """Children of a kind, also inside content controls and change marks."""
    for child in parent:
        name = tag_of(child)
        if name == tag:
            yield child
        elif name in _WRAPPERS:
            yield from wrapped_children(child, tag)


def continues_cell_above(cell: Any) -> bool:
    """Whether a cell is the rest of the one above it."""
    vertical_merge = _property(cell, "vMerge")
    if vertical_merge is None:
        return False
    return attribute(vertical_merge, "val") in ("", "continue")


def column_span(cell: Any) -> int:
    """Columns that a cell covers, MAX_SPAN at most."""
    span = _property(cell, "gridSpan")
    try:
        columns = 1 if span is None else int(attribute(span, "val"))
    except ValueError:
        return 1
    return max(1, min(columns, MAX_SPAN))


def _property(cell: Any, name: str) -> Any:
    """A property of a cell; None where it has none."""
    return first_child(first_child(cell, "tcPr"), name)
