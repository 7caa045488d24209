"""The words in a frame -> the table that they are, if they are one. Pure geometry, no PDF in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from workers.parsers.layout.placed_text import Placed, in_order
from workers.parsers.layout.table_frames import NEAR, Box, Frame, Rule
from workers.parsers.markdown_tables import markdown_table

MAX_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page, as Markdown."""

    box: Box
    markdown: str


def table_of(frame: Frame, words: Sequence[Placed], rtl: bool = False) -> Table | None:
    """The table in a frame; None when what is in it is no table. `words` are those of
    the page; `rtl` reads it from the right.
    """
    left, top, right, bottom = frame.box
    inside = [
        word
        for word in words
        if left - NEAR <= word.centre <= right + NEAR
        and top - NEAR <= word.middle <= bottom + NEAR
    ]
    if len(inside) < 4:
        return None
    columns = _clear(_columns(frame, inside), inside)
    if not 3 <= len(columns) <= MAX_COLUMNS + 1:
        return None
    rows = _rows(frame, inside, columns, rtl)
    if not _is_table(rows):
        return None
    return Table(
        frame.box, markdown_table([row[::-1] for row in rows] if rtl else rows)
    )


def _columns(frame: Frame, words: Sequence[Placed]) -> list[float]:
    """The x of the edges of all columns: the vertical rules, or the white strips that
    all rows leave free.
    """
    left, top, right, bottom = frame.box
    tall = [
        rule for rule in frame.down if rule.end - rule.start >= 0.15 * (bottom - top)
    ]
    ruled = _spread([left, *(rule.at for rule in tall), right])
    inner = [x for x in ruled[1:-1] if left + NEAR < x < right - NEAR]
    if inner:
        return [left, *inner, right]
    return [left, *_strips(frame, words), right]


def _clear(columns: list[float], words: Sequence[Placed]) -> list[float]:
    """The edges that words do not run across, as they do where a picture's lines lie under prose."""
    allowed = max(1, len(_baselines(words)) // 5)
    return [
        columns[0],
        *(
            x
            for x in columns[1:-1]
            if sum(1 for word in words if word.x0 + 2 < x < word.x1 - 2) <= allowed
        ),
        columns[-1],
    ]


def _spread(places: list[float]) -> list[float]:
    """The places in order, those closer than NEAR + 1 taken as one."""
    made: list[float] = []
    for place in sorted(places):
        if not made or place - made[-1] > NEAR + 1:
            made.append(place)
    return made


def _strips(frame: Frame, words: Sequence[Placed]) -> list[float]:
    """Middles of the white strips between columns: crossed by almost no row, wider than
    the space between words.
    """
    left, _, right, _ = frame.box
    em = median(word.y1 - word.y0 for word in words)
    rows = _baselines(words)
    step = 1.0
    cells = [0] * (int((right - left) / step) + 2)
    for row in rows:
        taken: set[int] = set()
        for word in row:
            taken.update(
                range(
                    max(int((word.x0 - left) / step), 0),
                    min(int((word.x1 - left) / step) + 1, len(cells)),
                )
            )
        for at in taken:
            cells[at] += 1
    allowed = len(rows) // 8
    strips, at = [], 0
    while at < len(cells):
        end = at
        while end < len(cells) and cells[end] <= allowed:
            end += 1
        if at > 0 and end < len(cells) and (end - at) * step >= 0.55 * em:
            strips.append(left + (at + end) / 2 * step)
        at = max(end, at + 1)
    return strips


def _baselines(words: Sequence[Placed]) -> list[list[Placed]]:
    """Words in rows, by the height of their middles."""
    rows: list[list[Placed]] = []
    for word in sorted(words, key=lambda word: word.middle):
        if rows and word.middle - rows[-1][-1].middle <= 0.35 * (word.y1 - word.y0):
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def _rows(
    frame: Frame, words: Sequence[Placed], columns: list[float], rtl: bool
) -> list[list[str]]:
    """The cells, row by row; a merged cell's text stands in each place that it covers."""
    edges = _row_edges(frame, words, columns)
    grid: list[list[list[Placed]]] = [[[] for _ in columns[1:]] for _ in edges[1:]]
    for word in words:
        row = min(max(bisect_right(edges, word.middle) - 1, 0), len(grid) - 1)
        column = min(max(bisect_right(columns, word.centre) - 1, 0), len(columns) - 2)
        grid[row][column].append(word)
    texts = [[_text(cell, rtl) for cell in row] for row in grid]
    if frame.down:
        _spread_down(texts, grid, frame, edges, columns)
        _spread_across(texts, grid, frame, edges, columns)
    return texts


def _row_edges(
    frame: Frame, words: Sequence[Placed], columns: list[float]
) -> list[float]:
    """The y of the edges of all rows: the rules, and between two of them the lines of
    text where each is a row of its own.
    """
    left, top, right, bottom = frame.box
    rules = (
        *(
            rule
            for rule in frame.across
            if rule.end - rule.start >= 0.1 * (right - left)
        ),
        *frame.tints,
    )
    ruled = _spread([top, *(rule.at for rule in rules), bottom])
    few = len(ruled) <= 4
    edges = [ruled[0]]
    for above, below in pairwise(ruled):
        rows = _baselines([word for word in words if above < word.middle <= below])
        if (
            len(rows) > 1
            and (few or len(rows) > 3)
            and _each_is_row(rows, columns, few)
        ):
            edges += [
                (max(word.y1 for word in one) + min(word.y0 for word in two)) / 2
                for one, two in pairwise(rows)
            ]
        edges.append(below)
    return sorted(edges)


def _each_is_row(
    rows: Sequence[Sequence[Placed]], columns: list[float], few: bool
) -> bool:
    """Whether lines of text are rows of a table rather than lines of its cells: most of
    them fill several columns, and, where other rows are parted by rules, an outer one.
    """
    filled = [{bisect_right(columns, word.centre) for word in row} for row in rows]
    several = sum(1 for row in filled if len(row) > max(1, (len(columns) - 1) * 0.4))
    outer = max(
        sum(1 for row in filled if place in row) for place in (1, len(columns) - 1)
    )
    return several >= 0.6 * len(rows) and (few or outer >= 0.8 * len(rows))


def _text(words: Iterable[Placed], rtl: bool) -> str:
    return " ".join(
        word.text for row in _baselines(list(words)) for word in in_order(row, rtl)
    )


def _spread_across(
    texts: list[list[str]],
    grid: list[list[list[Placed]]],
    frame: Frame,
    edges: list[float],
    columns: list[float],
) -> None:
    """A cell over several columns, told by the vertical rule that is missing in it,
    gives its text to all of them.
    """
    for row in range(len(texts)):
        middle = (edges[row] + edges[row + 1]) / 2
        for column in range(1, len(texts[row])):
            if not _ruled(frame.down, columns[column], middle) and bool(
                grid[row][column]
            ) != bool(grid[row][column - 1]):
                text = texts[row][column] or texts[row][column - 1]
                start = column - 1
                while (
                    start > 0
                    and not texts[row][start - 1]
                    and not _ruled(frame.down, columns[start], middle)
                ):
                    start -= 1
                texts[row][start : column + 1] = [text] * (column + 1 - start)


def _spread_down(
    texts: list[list[str]],
    grid: list[list[list[Placed]]],
    frame: Frame,
    edges: list[float],
    columns: list[float],
) -> None:
    """A cell over several rows, told by the horizontal rule that is missing in it,
    gives its text to all of them.
    """
    at_rule = {
        edge
        for edge in edges
        if any(abs(rule.at - edge) <= NEAR + 1 for rule in frame.across)
    }
    for column in range(len(columns) - 1):
        middle = (columns[column] + columns[column + 1]) / 2
        for row in range(1, len(texts)):
            open_edge = edges[row] in at_rule and not _ruled(
                frame.across, edges[row], middle
            )
            if open_edge and bool(grid[row][column]) != bool(grid[row - 1][column]):
                texts[row][column] = texts[row - 1][column] = (
                    texts[row][column] or texts[row - 1][column]
                )


def _ruled(rules: Sequence[Rule], at: float, through: float) -> bool:
    return any(
        abs(rule.at - at) <= NEAR + 1
        and rule.start - NEAR <= through <= rule.end + NEAR
        for rule in rules
    )


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether cells look like a table's: several rows of several, filled well enough,
    none of them a page of prose.
    """
    filled = [sum(1 for cell in row if cell) for row in rows]
    several = sum(1 for count in filled if count > 1)
    cells = [cell for row in rows for cell in row if cell]
    if several < 2 or not cells:
        return False
    return (
        sum(filled) >= 0.3 * len(rows) * max(filled) and median(map(len, cells)) <= 160
    )
