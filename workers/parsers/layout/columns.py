"""The lines of a page -> its columns, found by the white strips between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

from workers.parsers.layout.placed_text import Box, Line, box_around
from workers.parsers.layout.profiles import runs_up_to

INFINITY = float("inf")
MAX_CUTS = 8
"""How deeply regions are cut into regions."""
MIN_LINES = 6
"""Fewer are not cut."""
MIN_LINES_BESIDE = 3
"""That stand on either side of a white strip."""
DEFAULT_SIZE = 10.0
"""Of type, where all lines have none."""

# Widths and heights in em: times the median size of type.
MIN_WIDTH = 12
"""Of a region that may hold two columns."""
MIN_HEIGHT = 3
"""Of the text side by side."""
CELL_WIDTH = 0.35
"""Of a cell of the profile, unless the region is more than MAX_CELLS of them wide."""
MAX_CELLS = 400
LINE_SLACK = 0.3
"""That a line may reach over the end of a white strip."""
SIDE_SLACK = 1
"""That a line may stand above or below the text on the other side."""
PROSE_WIDTH = 10.0
"""Of the median line of running text, at least."""
SAME_HEIGHT = 0.5
"""Distance of the middles of two lines that stand beside each other."""
VALLEY_SLACK = 0.5
"""Height of text that a strip may be crossed by more than at the whitest place around."""

EDGE_SLACK = 1
"""In the unit of the page: that a line may reach into a white strip."""
LOW_SHARE = 0.5
"""A strip is crossed by at most this share of the text that the fullest cell holds."""
MARGIN_SHARE = 0.04
"""Share of the width on either side in which no strip is looked for."""
PAIRED_SHARE = 0.6
"""Of the lines on the side with fewer: so many have a line beside them in a table."""
COMPARABLE_SHARE = 0.5
"""The side with fewer lines has more than this share of the other's, in prose."""
FULL_SHARE = 0.8
"""Of the width of its column that the median line of prose fills."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A white strip with text on both sides."""

    x: float
    top: float
    bottom: float
    score: float
    """Height of the text that stands side by side."""

    def is_left(self, line: Line) -> bool:
        """Whether a line ends left of the strip."""
        return line.x1 <= self.x + EDGE_SLACK


def split_columns(lines: list[Line], rtl: bool, depth: int = 0) -> Iterator[list[Line]]:
    """Cut at the tallest white strip between two columns: what stands above it, its two
    sides, what stands below; each of them cut in turn.
    """
    cut = best_cut(lines) if len(lines) >= MIN_LINES and depth < MAX_CUTS else None
    if cut is None:
        yield lines
        return
    above = [line for line in lines if line.middle < cut.top]
    below = [line for line in lines if line.middle > cut.bottom]
    beside = _between(lines, cut.top, cut.bottom)
    left = [line for line in beside if cut.is_left(line)]
    right = [line for line in beside if not cut.is_left(line)]
    sides = (right, left) if rtl else (left, right)
    for region in (above, *sides, below):
        yield from split_columns(region, rtl, depth + 1)


def best_cut(lines: list[Line]) -> Cut | None:
    """The best white strip that parts two columns of running text, or None."""
    box = box_around(lines)
    em = median(line.size for line in lines) or DEFAULT_SIZE
    if box.width < MIN_WIDTH * em:
        return None
    cuts: list[Cut] = []
    for x in _white_strips(lines, box, em):
        cuts += _cuts_at(lines, x, em)
    return max(cuts, key=lambda cut: cut.score, default=None)


def _white_strips(lines: list[Line], box: Box, em: float) -> Iterator[float]:
    """Middles of the vertical strips that less text crosses than elsewhere."""
    cell_width = max(CELL_WIDTH * em, box.width / MAX_CELLS)
    changes = [0.0] * (int(box.width / cell_width) + 3)
    for line in lines:
        first = int((line.x0 - box.left) / cell_width)
        last = int((line.x1 - box.left) / cell_width)
        changes[first] += line.height
        changes[last + 1] -= line.height
    # Cells beyond the text are no strip, and would be the whitest of all.
    profile = list(accumulate(changes))[: int(box.width / cell_width) + 1]
    fullest = max(profile)
    margin = MARGIN_SHARE * box.width
    for start, end in runs_up_to(profile, LOW_SHARE * fullest):
        limit = min(profile[start:end]) + VALLEY_SLACK * em
        # Beside a short column the low stretch reaches over all of it: each white
        # strip in the stretch counts for itself.
        for first, behind in runs_up_to(profile[start:end], limit):
            middle = box.left + (start + (first + behind) / 2) * cell_width
            if box.left + margin < middle < box.right - margin:
                yield middle


def _cuts_at(lines: list[Line], x: float, em: float) -> Iterator[Cut]:
    """The stretches at x that no line crosses, with columns on both sides."""
    crossing: list[tuple[float, float]] = []
    clear: list[Line] = []
    for line in lines:
        ends_left = line.x1 <= x + EDGE_SLACK
        starts_right = line.x0 >= x - EDGE_SLACK
        if ends_left or starts_right:
            clear.append(line)
        else:
            crossing.append((line.y0, line.y1))
    crossing.sort()
    crossing.append((INFINITY, INFINITY))
    slack = LINE_SLACK * em
    top = -INFINITY
    for y0, y1 in crossing:
        if y0 > top:
            beside = _between(clear, top - slack, y0 + slack)
            score = _height_side_by_side(beside, x, em)
            if score:
                middles = [line.middle for line in beside]
                yield Cut(x, min(middles), max(middles), score)
        top = max(top, y1)


def _height_side_by_side(beside: list[Line], x: float, em: float) -> float:
    """How tall the text is that stands side by side; 0 for rows of a table, labels and
    their values, or too little.
    """
    left = [line for line in beside if line.x1 <= x + EDGE_SLACK]
    right = [line for line in beside if line.x1 > x + EDGE_SLACK]
    if min(len(left), len(right)) < MIN_LINES_BESIDE:
        return 0.0
    left_box, right_box = box_around(left), box_around(right)
    top = max(left_box.top, right_box.top)
    bottom = min(left_box.bottom, right_box.bottom)
    height = bottom - top
    slack = SIDE_SLACK * em
    left = _between(left, top - slack, bottom + slack)
    right = _between(right, top - slack, bottom + slack)
    if min(len(left), len(right)) < MIN_LINES_BESIDE:
        return 0.0
    if height < MIN_HEIGHT * em or _are_rows(left, right, em):
        return 0.0
    return height


def _are_rows(left: list[Line], right: list[Line], em: float) -> bool:
    """Whether what stands side by side belongs together row by row: labels and values,
    not two columns of text.
    """
    narrower = min(_median_width(left), _median_width(right))
    if narrower > PROSE_WIDTH * em:
        return False
    fewer, more = sorted((left, right), key=len)
    if len(fewer) > COMPARABLE_SHARE * len(more):
        # Prose is wide, and full but for the last lines of its paragraphs.
        width = box_around(more).width
        is_full = _median_width(more) > FULL_SHARE * width
        if width > 2 * PROSE_WIDTH * em and is_full:
            return False
    middles = [line.middle for line in more]
    paired = 0
    for line in fewer:
        nearest = min(abs(line.middle - middle) for middle in middles)
        if nearest < SAME_HEIGHT * em:
            paired += 1
    return paired > PAIRED_SHARE * len(fewer)


def _between(lines: list[Line], top: float, bottom: float) -> list[Line]:
    """The lines whose middles stand between two heights."""
    return [line for line in lines if top <= line.middle <= bottom]


def _median_width(lines: Sequence[Line]) -> float:
    """Of lines, at least one."""
    return median(line.width for line in lines)
