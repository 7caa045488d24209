"""Rows of cells -> Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """A table as Markdown, the first row as its head; empty rows and columns are left
    out. "" for a table without text.
    """
    escaped = [[_escape_cell(cell) for cell in row] for row in rows]
    table = _without_empty(escaped)
    if not table:
        return ""
    head, *body = table
    rule = ["---"] * len(head)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *body))


def _escape_cell(text: str) -> str:
    return re.sub(r"\s+", " ", text or "").strip().replace("|", "\\|")


def _without_empty(rows: list[list[str]]) -> list[list[str]]:
    """The same rows, equally long, without the empty rows and columns."""
    rows = [row for row in rows if any(row)]
    width = max((len(row) for row in rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    filled = [column for column in range(width) if any(row[column] for row in rows)]
    return [[row[column] for column in filled] for row in rows]
