"""The words in a frame -> the table that they are, if they are one. All lengths in
points.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from workers.parsers.layout.placed_text import Box, PlacedText, in_reading_direction
from workers.parsers.layout.profiles import runs_up_to
from workers.parsers.layout.table_frames import NEAR, Frame, Rule

MIN_COLUMNS, MAX_COLUMNS = 2, 40
MIN_WORDS = 4
SAME_EDGE = NEAR + 1
"""Distance within which two edges are one."""
MIN_COLUMN_RULE = 0.15
"""Share of a frame's height: a shorter vertical rule parts no columns."""
MIN_ROW_RULE = 0.1
"""Share of a frame's width: a shorter horizontal rule parts no rows."""
WORD_INSET = 2
"""Distance from its ends within which an edge does not run through a word."""
ROWS_PER_CROSSED = 5
"""An edge of columns may run through a word in one of so many rows, at least in one."""
ROWS_PER_BRIDGED = 8
"""A white strip may be crossed in one of so many rows."""
MIN_STRIP = 0.55
"""Times the median height of words: a narrower strip is a space between words."""
CELL_WIDTH = 1.0
"""Of a cell of the profile."""
SAME_BASELINE = 0.35
"""Times the height of a word, by which middles of words on one line differ."""
FEW_EDGES = 4
"""A frame with so many row edges or fewer does not part its rows by rules."""
MAX_CELL_LINES = 3
"""Where rows are parted by rules, more lines between two of them may be rows."""
FILLED_COLUMNS = 0.4
"""Share of the columns that a line of text fills more than, if it is a row."""
FILLING_LINES = 0.6
"""Share of the lines that are rows by that measure."""
OUTER_LINES = 0.8
"""Share of the lines with text in the first or the last column, where rows are parted
by rules.
"""
MIN_FILLED = 0.3
"""Share of the cells of a table that hold text."""
MAX_CELL_CHARACTERS = 160
"""Of the median cell: with more it is a page of prose."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page."""

    box: Box
    rows: list[list[str]]
    """The texts of the cells, equally many in each row."""


@dataclass(slots=True)
class Grid:
    """The cells of a table while they are filled: `columns` are the x of all vertical
    edges, `rows` the y of all horizontal ones, outer edges included.
    """

    frame: Frame
    columns: list[float]
    rows: list[float]
    texts: list[list[str]]
    """By row and column; "" for an empty cell."""
    filled: list[list[bool]]
    """Whether words stand in a cell itself."""

    @classmethod
    def of_words(
        cls,
        frame: Frame,
        words: Sequence[PlacedText],
        columns: list[float],
        rtl: bool,
    ) -> Grid:
        """The words in their cells; a merged cell's text stands in each cell that it
        covers.
        """
        edges = _row_edges(frame, words, columns)
        last_row, last_column = len(edges) - 2, len(columns) - 2
        cells: list[list[list[PlacedText]]] = [
            [[] for _ in columns[1:]] for _ in edges[1:]
        ]
        for word in words:
            row = bisect_right(edges, word.middle) - 1
            column = bisect_right(columns, word.centre) - 1
            row = min(max(row, 0), last_row)
            column = min(max(column, 0), last_column)
            cells[row][column].append(word)
        texts = [[_text_of(cell, rtl) for cell in row] for row in cells]
        filled = [[bool(cell) for cell in row] for row in cells]
        grid = cls(frame, columns, edges, texts, filled)
        if frame.down:
            grid.fill_merged_rows()
            grid.fill_merged_columns()
        return grid

    def fill_merged_rows(self) -> None:
        """Give the text of a cell over several rows to all of them. The horizontal rule
        that is missing in it shows it.
        """
        horizontal = self.frame.across
        for row in range(1, len(self.texts)):
            edge = self.rows[row]
            if not any(abs(rule.at - edge) <= SAME_EDGE for rule in horizontal):
                continue  # only a gap between lines of text
            above, below = self.texts[row - 1], self.texts[row]
            filled_above, filled_below = self.filled[row - 1], self.filled[row]
            for column, (left, right) in enumerate(pairwise(self.columns)):
                if filled_above[column] == filled_below[column]:
                    continue
                centre = (left + right) / 2
                if not _has_rule(horizontal, edge, centre):
                    text = below[column] or above[column]
                    above[column] = below[column] = text

    def fill_merged_columns(self) -> None:
        """Give the text of a cell over several columns to all of them. The vertical rule
        that is missing in it shows it.
        """
        vertical = self.frame.down
        for row, (top, bottom) in enumerate(pairwise(self.rows)):
            middle = (top + bottom) / 2
            texts, filled = self.texts[row], self.filled[row]
            is_open = [not _has_rule(vertical, edge, middle) for edge in self.columns]
            for column in range(1, len(texts)):
                if not is_open[column] or filled[column] == filled[column - 1]:
                    continue
                text = texts[column] or texts[column - 1]
                start = column - 1
                while start > 0 and not texts[start - 1] and is_open[start]:
                    start -= 1
                texts[start : column + 1] = [text] * (column + 1 - start)


def table_of(
    frame: Frame, words: Sequence[PlacedText], rtl: bool = False
) -> Table | None:
    """The table in a frame; None when what is in it is no table. `words` are those of
    the page; `rtl` reads it from the right.
    """
    box = frame.box
    inside = [word for word in words if box.holds_point(word.centre, word.middle, NEAR)]
    if len(inside) < MIN_WORDS:
        return None
    columns = _column_edges(frame, inside)
    if not MIN_COLUMNS <= len(columns) - 1 <= MAX_COLUMNS:
        return None
    texts = Grid.of_words(frame, inside, columns, rtl).texts
    if not _is_table(texts):
        return None
    if rtl:
        texts = [row[::-1] for row in texts]
    return Table(box, texts)


def _column_edges(frame: Frame, words: Sequence[PlacedText]) -> list[float]:
    """The x of the edges of all columns: the vertical rules, or the white strips that
    all rows leave free; without those that run through words, as they do where a
    picture's lines lie under prose.
    """
    left, _, right, _ = box = frame.box
    rules = [rule for rule in frame.down if rule.length >= MIN_COLUMN_RULE * box.height]
    positions = _distinct([left, *(rule.at for rule in rules), right])
    inner = [x for x in positions[1:-1] if left + NEAR < x < right - NEAR]
    if not inner:
        inner = _white_strips(box, words)
    allowed = max(1, len(_baselines(words)) // ROWS_PER_CROSSED)
    clear = []
    for x in inner:
        crossed = sum(
            1 for word in words if word.x0 + WORD_INSET < x < word.x1 - WORD_INSET
        )
        if crossed <= allowed:
            clear.append(x)
    return [left, *clear, right]


def _distinct(positions: list[float]) -> list[float]:
    """The positions in order; of those within SAME_EDGE the first."""
    distinct: list[float] = []
    for position in sorted(positions):
        if not distinct or position - distinct[-1] > SAME_EDGE:
            distinct.append(position)
    return distinct


def _white_strips(box: Box, words: Sequence[PlacedText]) -> list[float]:
    """Middles of the white strips between columns: crossed by almost no row, wider than
    the space between words.
    """
    rows = _baselines(words)
    profile = [0] * (int(box.width / CELL_WIDTH) + 2)
    for row in rows:
        covered: set[int] = set()
        for word in row:
            first = max(int((word.x0 - box.left) / CELL_WIDTH), 0)
            behind = int((word.x1 - box.left) / CELL_WIDTH) + 1
            covered.update(range(first, min(behind, len(profile))))
        for cell in covered:
            profile[cell] += 1
    min_width = MIN_STRIP * median(word.height for word in words)
    strips = []
    for start, end in runs_up_to(profile, len(rows) // ROWS_PER_BRIDGED):
        is_inner = start > 0 and end < len(profile)
        if is_inner and (end - start) * CELL_WIDTH >= min_width:
            strips.append(box.left + (start + end) / 2 * CELL_WIDTH)
    return strips


def _baselines(words: Iterable[PlacedText]) -> list[list[PlacedText]]:
    """Words in rows, by the height of their middles."""
    rows: list[list[PlacedText]] = []
    for word in sorted(words, key=lambda word: word.middle):
        tolerance = SAME_BASELINE * word.height
        if rows and word.middle - rows[-1][-1].middle <= tolerance:
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def _row_edges(
    frame: Frame, words: Sequence[PlacedText], columns: list[float]
) -> list[float]:
    """The y of the edges of all rows: the rules, and between two of them the lines of
    text where each is a row of its own.
    """
    _, top, _, bottom = box = frame.box
    min_length = MIN_ROW_RULE * box.width
    rules = [rule for rule in frame.across if rule.length >= min_length]
    rules += frame.tints
    ruled = _distinct([top, *(rule.at for rule in rules), bottom])
    are_few = len(ruled) <= FEW_EDGES
    edges = [ruled[0]]
    for above, below in pairwise(ruled):
        between = [word for word in words if above < word.middle <= below]
        lines = _baselines(between)
        min_lines = 2 if are_few else MAX_CELL_LINES + 1
        if len(lines) >= min_lines and _are_rows(lines, columns, are_few):
            for line, following in pairwise(lines):
                line_end = max(word.y1 for word in line)
                following_start = min(word.y0 for word in following)
                edges.append((line_end + following_start) / 2)
        edges.append(below)
    return sorted(edges)


def _are_rows(
    lines: Sequence[Sequence[PlacedText]], columns: list[float], are_few: bool
) -> bool:
    """Whether lines of text are rows of a table rather than lines of its cells: most of
    them fill several columns, and, unless there are few rules between rows, an outer
    one.
    """
    count = len(columns) - 1
    filled = [{bisect_right(columns, word.centre) for word in line} for line in lines]
    several = max(1, count * FILLED_COLUMNS)
    filling = sum(1 for line in filled if len(line) > several)
    if filling < FILLING_LINES * len(lines):
        return False
    first = sum(1 for line in filled if 1 in line)
    last = sum(1 for line in filled if count in line)
    return are_few or max(first, last) >= OUTER_LINES * len(lines)


def _text_of(words: Iterable[PlacedText], rtl: bool) -> str:
    """The text of a cell, line by line."""
    texts: list[str] = []
    for row in _baselines(words):
        texts += [word.text for word in in_reading_direction(row, rtl)]
    return " ".join(texts)


def _has_rule(rules: Sequence[Rule], at: float, through: float) -> bool:
    """Whether one of the rules runs along `at` and passes `through`."""
    return any(
        abs(rule.at - at) <= SAME_EDGE and rule.reaches(through) for rule in rules
    )


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether cells look like a table's: several rows of several, filled well enough,
    none of them a page of prose.
    """
    filled = [sum(1 for cell in row if cell) for row in rows]
    if sum(1 for count in filled if count > 1) < 2:
        return False
    lengths: list[int] = []
    for row in rows:
        lengths += [len(cell) for cell in row if cell]
    is_filled = sum(filled) >= MIN_FILLED * len(rows) * max(filled)
    return is_filled and median(lengths) <= MAX_CELL_CHARACTERS
