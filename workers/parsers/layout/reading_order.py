"""Where the lines of a page stand -> the order they are read in."""

from __future__ import annotations

from collections.abc import Sequence

from workers.parsers.layout.aligned_rows import join_aligned_rows
from workers.parsers.layout.columns import split_columns
from workers.parsers.layout.placed_text import Line
from workers.parsers.layout.rows import join_labels, join_rows, rows_of


def regions(lines: Sequence[Line], rtl: bool = False) -> list[list[Line]]:
    """Lines in reading order, one list for each stretch of a column; fragments of one
    row are one line.
    """
    columns = split_columns(join_labels(lines, rtl), rtl)
    return [join_rows(column, rtl) for column in columns if column]


def regions_with_tables(lines: Sequence[Line], rtl: bool = False) -> list[list[Line]]:
    """The same, where cells that stand below each other are tables, ruled or not."""
    columns = split_columns(join_labels(lines, rtl), rtl)
    return [join_aligned_rows(rows_of(column), rtl) for column in columns if column]
