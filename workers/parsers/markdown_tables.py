"""Rows of cells -> Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """A table as Markdown, the first row as its head; empty rows and columns are left
    out, shorter rows filled up. "" for a table without text.
    """
    cells: list[list[str]] = []
    for row in rows:
        collapsed = [re.sub(r"\s+", " ", cell or "").strip() for cell in row]
        if any(collapsed):
            cells.append([cell.replace("|", "\\|") for cell in collapsed])
    if not cells:
        return ""
    columns = [column for column in zip_longest(*cells, fillvalue="") if any(column)]
    head, *body = zip(*columns, strict=True)
    rule = ["---"] * len(head)
    lines = [f"| {' | '.join(row)} |" for row in (head, rule, *body)]
    return "\n".join(lines)
