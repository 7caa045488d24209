"""The cells of an HTML table in their grid: a cell over several rows or columns stands in
each of them, as it does in the tables of other files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

MAX_SPAN = 1000
"""Columns or rows that one cell may cover; as browsers have it for columns."""
MAX_CELLS = 200_000
"""Of one grid: further spans are not followed."""
_ROW_GROUPS = ("thead", "tbody", "tfoot")


def grid_of(table: Any, text_of: Callable[[Any], str]) -> list[list[str]]:
    """The rows of a table; `text_of` gives the text of a cell."""
    rows: list[list[str]] = []
    for group in _groups(table):
        rows += _rows_of_group(group, text_of, MAX_CELLS - sum(map(len, rows)))
    return rows


def _groups(table: Any) -> Iterator[list[Any]]:
    """The rows of each head, body and foot: no cell reaches out of its own."""
    loose: list[Any] = []
    for child in table:
        if child.tag == "tr":
            loose.append(child)
        elif child.tag in _ROW_GROUPS:
            yield loose
            yield child.xpath("./tr")
            loose = []
    yield loose


def _rows_of_group(
    elements: list[Any], text_of: Callable[[Any], str], allowed: int
) -> list[list[str]]:
    """The rows of one group, filled up from the left around what reaches into them."""
    count = len(elements)
    rows: list[dict[int, str]] = [{} for _ in elements]
    for index, element in enumerate(elements):
        column = 0
        for cell in element.xpath("./td|./th"):
            while column in rows[index]:
                column += 1
            text = text_of(cell)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan", count)
            below = min(down, count - index)
            if across * below > max(allowed, 1):
                across = below = 1
            allowed -= across * below
            for row in rows[index : index + below]:
                for covered in range(column, column + across):
                    row.setdefault(covered, text)
            column += across
    return [[row.get(at, "") for at in range(max(row, default=-1) + 1)] for row in rows]


def _span(cell: Any, name: str, all_rows: int = 1) -> int:
    """Rows or columns that a cell covers; 0 stands for all the rows that are left."""
    value = (cell.get(name) or "1").strip()
    span = int(value) if value.isdecimal() else 1
    return max(1, min(span or all_rows, MAX_SPAN))
