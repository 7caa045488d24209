"""Rows of cells -> Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """A table as Markdown, the first row as its head; empty rows and columns are left
    out. "" for a table without text.
    """
    table = _tidy([[_cell(cell) for cell in row] for row in rows])
    if not table:
        return ""
    head, *body = table
    return "\n".join((_row(head), _row(["---"] * len(head)), *map(_row, body)))


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text or "").strip().replace("|", "\\|")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _tidy(rows: list[list[str]]) -> list[list[str]]:
    """The same rows, equally long, without the empty rows and columns."""
    rows = [row for row in rows if any(row)]
    width = max((len(row) for row in rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    kept = [at for at in range(width) if any(row[at] for row in rows)]
    return [[row[at] for at in kept] for row in rows]
