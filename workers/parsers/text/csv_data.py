"""CSV and its relatives: rows of cells between commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from itertools import chain

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.text_decoding import decode

DELIMITERS = ",;\t|"
MIN_ROWS, MIN_COLUMNS = 2, 2
SAMPLE_ROWS = 200
"""Of a text that are looked at to tell whether it is CSV."""
SAME_WIDTH = 0.9
"""Share of the rows that have equally many cells."""
SPACED_CELLS = 0.5
"""Share of the inner cells that start with a space, from which on commas are prose's."""
MAX_CELL = 60
"""Characters of the mean cell: with more it is prose."""


def delimiter_of(text: str, whole: bool = True) -> str:
    """The delimiter of a text that is CSV; "" for any other. `whole` is False for a
    sample whose last line may be cut.
    """
    lines = text.splitlines()
    lines = lines[:SAMPLE_ROWS] if whole else lines[: min(len(lines) - 1, SAMPLE_ROWS)]
    best, most = "", 0
    for delimiter in DELIMITERS:
        rows = _rows(lines, delimiter)
        width = _width(rows)
        # Of several the one with most columns: a comma may also part decimals.
        if width > most and _is_csv(rows, width, delimiter):
            best, most = delimiter, width
    return best


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """The rows as one table, the first one its head."""
    progress(0, 1)
    text = decode(data)
    lines = text.splitlines(keepends=True)
    table = markdown_table(_rows(lines, delimiter_of(text) or ","))
    progress(1, 1)
    return ParsedFile((Part("Table", table),))


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The rows that hold something. Raises FileRejected for a cell that never ends."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise FileRejected(f"The CSV cannot be read: {error}.") from error
    return [row for row in rows if any(cell.strip() for cell in row)]


def _width(rows: Sequence[Sequence[str]]) -> int:
    """How many cells almost all rows have; 0 where they differ."""
    if not rows:
        return 0
    width, count = Counter(map(len, rows)).most_common(1)[0]
    return width if count >= SAME_WIDTH * len(rows) else 0


def _is_csv(rows: Sequence[Sequence[str]], width: int, delimiter: str) -> bool:
    """Whether rows of so many cells are those of a table and not lines of prose."""
    is_small = len(rows) <= MIN_ROWS and width <= MIN_COLUMNS
    if width < MIN_COLUMNS or len(rows) < MIN_ROWS or is_small:
        return False
    cells = list(chain.from_iterable(rows))
    inner = list(chain.from_iterable(row[1:] for row in rows))
    spaced = sum(1 for cell in inner if cell.startswith(" "))
    is_prose = delimiter in ",;" and spaced > SPACED_CELLS * len(inner)
    return not is_prose and sum(map(len, cells)) <= MAX_CELL * len(cells)
