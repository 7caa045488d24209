"""Tables of contents: lines that lead with dots to a page number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.parsers.layout.reading_order import Line
from workers.parsers.markdown_tables import markdown_table

ENTRIES = 3
_ENTRY = re.compile(
    r"^(?P<title>.*?\w.*?)\s*\.\.\.\s*(?P<page>[ivxlc]{1,7}|\d{1,4})$", re.I
)


def with_contents(column: Sequence[Line]) -> list[Line]:
    """The lines of a column; where several entries of a table of contents follow each
    other, one line that is their table.
    """
    made: list[Line] = []
    held: list[Line] = []
    for line in column:
        if "..." in line.text and _ENTRY.match(line.text):
            held.append(line)
            continue
        made += _table(held)
        held = []
        made.append(line)
    return made + _table(held)


def _table(entries: list[Line]) -> list[Line]:
    if len(entries) < ENTRIES:
        return entries
    found = [_ENTRY.match(line.text) for line in entries]
    rows = [[entry["title"], entry["page"]] for entry in found if entry]
    box = (
        min(line.x0 for line in entries),
        entries[0].y0,
        max(line.x1 for line in entries),
        entries[-1].y1,
    )
    return [Line("", *box, size=entries[0].size, table=markdown_table(rows))]
