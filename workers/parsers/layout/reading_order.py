"""Where the lines of a page stand -> the order they are read in: columns, rows. Pure
geometry, no PDF in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from statistics import median

from workers.parsers.layout.placed_text import Placed, in_order


@dataclass(frozen=True, slots=True)
class Line(Placed):
    """A run of text on one baseline, in any unit that `size` (of the font) shares.

    A whole table that stands among the lines is one of them, with its Markdown in `table`.
    """

    size: float
    bold: bool = False
    mono: bool = False
    table: str = ""


_LABEL = re.compile(
    r"^(?:\W{1,3}|[\[(（]?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)\]）、:]?)$"
)
MAX_CUTS = 8
PROSE = 10.0


def regions(lines: Sequence[Line], rtl: bool = False) -> list[list[Line]]:
    """Lines in reading order, one list for each stretch of a column; fragments of one
    row are one line.
    """
    return [
        _rows(column, rtl) for column in _split(_labelled(lines, rtl), rtl, 0) if column
    ]


def _labelled(lines: Sequence[Line], rtl: bool) -> list[Line]:
    """Bullets and numbers that stand as fragments of their own, joined to what they label."""
    short = [line for line in lines if not line.table and _LABEL.match(line.text)]
    if not short or len(short) > len(lines) * 0.8:
        return list(lines)
    others = sorted(
        (line for line in lines if line.table or not _LABEL.match(line.text)),
        key=lambda line: line.middle,
    )
    middles = [line.middle for line in others]
    made = dict(enumerate(others))
    for label in short:
        near = range(
            bisect_left(middles, label.middle - label.size),
            bisect_right(middles, label.middle + label.size),
        )
        best = min(
            (at for at in near if _labels(label, made[at], rtl)),
            key=lambda at: made[at].x0,
            default=None,
        )
        if best is None:
            made[len(made)] = label
        else:
            made[best] = _joined([label, made[best]], rtl)
    return list(made.values())


def _labels(label: Line, line: Line, rtl: bool) -> bool:
    gap = label.x0 - line.x1 if rtl else line.x0 - label.x1
    same = min(label.y1, line.y1) - max(label.y0, line.y0) > 0.5 * min(
        label.y1 - label.y0, line.y1 - line.y0
    )
    return (
        same
        and not line.table
        and -0.5 * label.size <= gap <= 2.5 * max(label.size, line.size)
    )


def _split(lines: list[Line], rtl: bool, depth: int) -> Iterator[list[Line]]:
    """Cut at the tallest white strip between two columns: what stands above it, its two
    sides, what stands below.
    """
    cut = _cut(lines) if len(lines) >= 6 and depth < MAX_CUTS else None
    if cut is None:
        yield lines
        return
    above = [line for line in lines if line.middle < cut.top]
    below = [line for line in lines if line.middle > cut.bottom]
    left = [
        line
        for line in lines
        if cut.top <= line.middle <= cut.bottom and line.x1 <= cut.x + 1
    ]
    right = [
        line
        for line in lines
        if cut.top <= line.middle <= cut.bottom and line.x1 > cut.x + 1
    ]
    for part in (above, right, left, below) if rtl else (above, left, right, below):
        yield from _split(part, rtl, depth + 1)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A white strip at x from top to bottom with text on both sides; `score` grows with
    the height of that text.
    """

    x: float
    top: float
    bottom: float
    score: float


def _cut(lines: list[Line]) -> _Cut | None:
    """The best white strip that parts two columns of running text, or None."""
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    em = median(line.size for line in lines) or 10.0
    if right - left < 12 * em:
        return None
    cuts = [
        cut for x in _strips(lines, left, right, em) for cut in _cuts_at(lines, x, em)
    ]
    return max(cuts, key=lambda cut: cut.score, default=None)


def _strips(lines: list[Line], left: float, right: float, em: float) -> Iterator[float]:
    """Middles of the vertical strips that less text crosses than elsewhere."""
    step = max(0.35 * em, (right - left) / 400)
    steps = [0.0] * (int((right - left) / step) + 3)
    for line in lines:
        height = line.y1 - line.y0
        steps[int((line.x0 - left) / step)] += height
        steps[int((line.x1 - left) / step) + 1] -= height
    cells = list(accumulate(steps))
    low = 0.5 * max(cells)
    at = 0
    while at < len(cells):
        end = at
        while end < len(cells) and cells[end] <= low:
            end += 1
        if end > at and left + 0.04 * (right - left) < left + (
            at + end
        ) / 2 * step < right - 0.04 * (right - left):
            bottom = min(cells[at:end])
            lowest = [
                place for place in range(at, end) if cells[place] <= bottom + 0.5 * em
            ]
            yield left + (lowest[0] + lowest[-1] + 1) / 2 * step
        at = max(end, at + 1)


def _cuts_at(lines: list[Line], x: float, em: float) -> Iterator[_Cut]:
    """The stretches at x that no line crosses."""
    crossing = sorted(
        (line.y0, line.y1) for line in lines if line.x0 < x - 1 and line.x1 > x + 1
    )
    edges = [(float("-inf"), float("-inf")), *crossing, (float("inf"), float("inf"))]
    top = edges[0][1]
    for y0, y1 in edges[1:]:
        if y0 > top:
            beside = [
                line
                for line in lines
                if top - 0.3 * em <= line.middle <= y0 + 0.3 * em
                and (line.x1 <= x + 1 or line.x0 >= x - 1)
            ]
            score = _score(beside, x, em)
            if score:
                yield _Cut(
                    x,
                    min(line.middle for line in beside),
                    max(line.middle for line in beside),
                    score,
                )
        top = max(top, y1)


def _score(beside: list[Line], x: float, em: float) -> float:
    """How tall the text is that stands side by side; 0 for rows of a table, labels and
    their values, or too little.
    """
    left, right = (
        [line for line in beside if line.x1 <= x + 1],
        [line for line in beside if line.x1 > x + 1],
    )
    if len(left) < 3 or len(right) < 3:
        return 0.0
    top = max(min(line.y0 for line in left), min(line.y0 for line in right))
    bottom = min(max(line.y1 for line in left), max(line.y1 for line in right))
    both = [
        [line for line in side if top - em <= line.middle <= bottom + em]
        for side in (left, right)
    ]
    if (
        min(map(len, both)) < 3
        or bottom - top < 3 * em
        or _is_rows(both[0], both[1], em)
    ):
        return 0.0
    return bottom - top


def _is_rows(left: list[Line], right: list[Line], em: float) -> bool:
    """Whether what stands side by side belongs together row by row: labels and values,
    not two columns of text.
    """
    wide = [median(line.width for line in side) > PROSE * em for side in (left, right)]
    if all(wide):
        return False
    fewer, more = sorted((left, right), key=len)
    if len(fewer) > 0.5 * len(more) and _is_prose(more, em):
        return False
    middles = [line.middle for line in more]
    paired = sum(
        1
        for line in fewer
        if any(abs(line.middle - middle) < 0.5 * em for middle in middles)
    )
    return paired > 0.6 * len(fewer)


def _is_prose(lines: list[Line], em: float) -> bool:
    """Whether lines are wide, and full but for the last ones of their paragraphs."""
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    return width > 2 * PROSE * em and median(line.width for line in lines) > 0.8 * width


def _rows(lines: Sequence[Line], rtl: bool) -> list[Line]:
    """Lines from top to bottom, the fragments of one row joined."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.middle, line.x0)):
        if rows and _same_row(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_joined(row, rtl) for row in rows]


def _same_row(row: list[Line], line: Line) -> bool:
    last = row[-1]
    if last.table or line.table:
        return False
    height = min(last.y1 - last.y0, line.y1 - line.y0)
    overlap = min(last.y1, line.y1) - max(last.y0, line.y0)
    clear = all(
        line.x0 >= other.x1 - 0.6 * line.size or line.x1 <= other.x0 + 0.6 * line.size
        for other in row
    )
    return overlap > 0.5 * height and clear


def _joined(row: list[Line], rtl: bool) -> Line:
    if len(row) == 1:
        return row[0]
    row = in_order(row, rtl)
    text = row[0].text
    for before, line in pairwise(row):
        gap = max(line.x0 - before.x1, before.x0 - line.x1)
        text += line.text if gap < 0.1 * line.size else f" {line.text}"
    main = max(row, key=lambda line: len(line.text))
    return replace(
        main,
        text=text,
        x0=min(line.x0 for line in row),
        x1=max(line.x1 for line in row),
        y0=min(line.y0 for line in row),
        y1=max(line.y1 for line in row),
        bold=all(line.bold for line in row),
    )
