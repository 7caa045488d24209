"""Tables without rules: rows of text whose cells stand below each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median

from workers.parsers.layout.placed_text import Line, box_around
from workers.parsers.layout.profiles import runs_up_to
from workers.parsers.layout.rows import join_fragments
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.symbol_fonts import EMPTY, TICKED

MIN_ROWS = 3
"""Of several cells each; fewer are chance."""
MIN_TABLE_COLUMNS = 3
"""Two columns are labels and values: their rows stay lines."""
MIN_GAP = 1.0
"""Times the size of type, between the cells of a row."""
MIN_STRIP = 0.6
"""Times the size of type: white between two columns in all rows."""
MAX_STEP = 3.5
"""Times the size of type, from one row to the next."""
ROWS_PER_BRIDGED = 6
"""A white strip may be crossed in one of so many rows, as by the head of two columns."""
CELL_WIDTH = 1.0
"""Of a cell of the profile, in the unit of the page."""
MIN_FILLED = 0.5
"""Share of the cells of a table that hold text."""
LABELS = 0.6
"""Share of the cells of a column that end as labels do."""
_LABEL_ENDS = (":", "：")
MAX_CELL = 60
"""Characters of the median cell: with more it is prose in columns."""

Row = list[Line]
"""Fragments that stand on one line."""


def join_aligned_rows(rows: Sequence[Row], rtl: bool) -> list[Line]:
    """The rows of a column as lines. Rows of aligned cells become one line that is their
    table, or, where there are two columns, lines that stay for themselves.
    """
    lines: list[Line] = []
    for run in _runs(rows):
        lines += _aligned(run, rtl) or [join_fragments(row, rtl) for row in run]
    return lines


def _runs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows in stretches: those that may be a table, and those between."""
    run: list[Row] = []
    is_table = False
    for row in rows:
        may_follow = bool(run) and _is_near(run[-1], row)
        goes_on = may_follow and (_has_cells(row) or _continues(run, row))
        if run and (goes_on if is_table else not _has_cells(row)):
            run.append(row)
            continue
        if run:
            yield run
        run, is_table = [row], _has_cells(row)
    if run:
        yield run


def _has_cells(row: Row) -> bool:
    """Whether a row holds several fragments that stand well apart, and no boxes to tick:
    these are choices, however they are spaced.
    """
    if len(row) < 2 or any(line.table or _is_choice(line) for line in row):
        return False
    ordered = sorted(row, key=lambda line: line.x0)
    return any(
        right.x0 - left.x1 >= MIN_GAP * right.size for left, right in pairwise(ordered)
    )


def _is_choice(line: Line) -> bool:
    """Whether a fragment is a box to tick, with what it stands for or without."""
    return line.text.startswith((TICKED, EMPTY))


def _continues(run: list[Row], row: Row) -> bool:
    """Whether the only fragment of a row is a further line of a cell above it that is
    not the first one.
    """
    if len(row) != 1 or row[0].table:
        return False
    cells = sorted(run[-1], key=lambda line: line.x0)[1:]
    return any(abs(cell.x0 - row[0].x0) < MIN_STRIP * cell.size for cell in cells)


def _is_near(above: Row, below: Row) -> bool:
    """Whether a row follows closely on another one, in type of about the same size."""
    step = below[0].y1 - above[0].y1
    return step < MAX_STEP * max(below[0].size, above[0].size)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of some rows: `edges` are the x of the strips between them."""

    edges: tuple[float, ...]

    def index(self, line: Line) -> int:
        """The column that a fragment stands in."""
        return sum(1 for edge in self.edges if line.centre > edge)


def _aligned(run: list[Row], rtl: bool) -> list[Line]:
    """The rows of a stretch as a table or as lines of their own; [] where their cells
    are not aligned.
    """
    if sum(map(_has_cells, run)) < MIN_ROWS:
        return []
    columns = Columns(tuple(_strips(run)))
    if not columns.edges:
        return []
    cells = _cells(run, columns, rtl)
    texts = [[cell for cell in row if cell] for row in cells]
    count = len(columns.edges) + 1
    filled = sum(map(len, texts))
    lengths = [len(cell) for cell in chain.from_iterable(texts)]
    if filled < MIN_FILLED * len(cells) * count or median(lengths) > MAX_CELL:
        return []
    first, box = run[0][0], box_around(list(chain.from_iterable(run)))
    if count < MIN_TABLE_COLUMNS:
        return _lines(run, texts)
    if labels := _label_columns(cells):
        return _blocks(run, cells, labels)
    table = markdown_table(cells)
    return [Line("", *box, size=first.size, table=table)]


def _strips(run: list[Row]) -> Iterator[float]:
    """Middles of the white strips that almost all rows leave free."""
    lines = list(chain.from_iterable(run))
    box, size = box_around(lines), median(line.size for line in lines)
    profile = [0] * (int(box.width / CELL_WIDTH) + 2)
    for row in run:
        covered: set[int] = set()
        for line in row:
            first = int((line.x0 - box.left) / CELL_WIDTH)
            covered.update(range(first, int((line.x1 - box.left) / CELL_WIDTH) + 1))
        for cell in covered:
            profile[cell] += 1
    for start, end in runs_up_to(profile, len(run) // ROWS_PER_BRIDGED):
        is_inner = start > 0 and end < len(profile)
        if is_inner and (end - start) * CELL_WIDTH >= MIN_STRIP * size:
            yield box.left + (start + end) / 2 * CELL_WIDTH


def _cells(run: list[Row], columns: Columns, rtl: bool) -> list[list[str]]:
    """The texts of the cells, row by row; a row that only goes on with cells of the one
    above is part of it.
    """
    cells: list[list[str]] = []
    for row in run:
        texts = [""] * (len(columns.edges) + 1)
        for line in sorted(row, key=lambda line: line.x0):
            index = columns.index(line)
            texts[index] = f"{texts[index]} {line.text}".strip()
        if rtl:
            texts.reverse()
        if len(row) == 1 and cells:
            both = zip(cells[-1], texts, strict=True)
            cells[-1] = [" ".join(filter(None, pair)) for pair in both]
        else:
            cells.append(texts)
    return cells


def _label_columns(cells: list[list[str]]) -> list[int]:
    """The columns whose cells are labels of what stands right of them."""
    columns = zip(*cells, strict=True)
    columns_with_labels: list[int] = []
    for index, column in enumerate(columns):
        filled = [cell for cell in column if cell]
        labels = sum(1 for cell in filled if cell.endswith(_LABEL_ENDS))
        if filled and labels > LABELS * len(filled):
            columns_with_labels.append(index)
    return columns_with_labels


def _blocks(run: list[Row], cells: list[list[str]], labels: list[int]) -> list[Line]:
    """Rows in which labels begin anew, as the sender's address beside the dates of an
    invoice: the lines of one block after those of another.
    """
    starts = sorted({0, *labels})
    lines: list[Line] = []
    for start, end in pairwise([*starts, len(cells[0])]):
        texts = [list(filter(None, row[start:end])) for row in cells]
        lines += _lines(run, texts)
    return [line for line in lines if line.text]


def _lines(run: list[Row], texts: list[list[str]]) -> list[Line]:
    """Rows of labels and values as lines, each for itself."""
    heads = [row for index, row in enumerate(run) if len(row) > 1 or not index]
    lines: list[Line] = []
    for row, cells in zip(heads, texts, strict=True):
        left, top, right, bottom = box_around(row)
        text = " ".join(cells)
        size = row[0].size
        lines.append(Line(text, left, top, right, bottom, size=size, is_row=True))
    return lines
