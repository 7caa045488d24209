"""Tables of contents: lines that lead with dots to a page number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.parsers.layout.placed_text import Line
from workers.parsers.markdown_tables import markdown_table

MIN_ENTRIES = 3
"""Fewer entries in a row are lines as any other."""
_ENTRY = re.compile(
    r"^(?P<title>.*?\w.*?)\s*\.\.\.\s*(?P<page>[ivxlc]{1,7}|\d{1,4})$", re.I
)


def with_contents_as_tables(column: Sequence[Line]) -> list[Line]:
    """The lines of a column; where several entries of a table of contents follow each
    other, one line that is their table.
    """
    lines: list[Line] = []
    entries: list[Line] = []
    for line in column:
        if "..." in line.text and _ENTRY.match(line.text):
            entries.append(line)
            continue
        lines += _as_table(entries)
        lines.append(line)
        entries = []
    return lines + _as_table(entries)


def _as_table(entries: list[Line]) -> list[Line]:
    """The entries as one line that is their table; as they are where they are few."""
    if len(entries) < MIN_ENTRIES:
        return entries
    matches = [_ENTRY.match(line.text) for line in entries]
    rows = [[match["title"], match["page"]] for match in matches if match]
    first, last = entries[0], entries[-1]
    table = Line(
        "",
        x0=min(line.x0 for line in entries),
        y0=first.y0,
        x1=max(line.x1 for line in entries),
        y1=last.y1,
        size=first.size,
        table=markdown_table(rows),
    )
    return [table]
