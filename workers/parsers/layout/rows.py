"""Fragments of text -> rows: what stands on one line of the page is one line."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from workers.parsers.layout.placed_text import Line, box_around, in_reading_direction
from workers.parsers.symbol_fonts import EMPTY, TICKED

_LABEL = re.compile(
    r"^(?:\W{1,3}|[\[(（]?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)\]）、:]?)$"
)
"""A bullet or a number that stands as a fragment of its own."""
BOXES = (TICKED, EMPTY)
"""Boxes to tick: words of their own, however near they stand."""
MAX_LABELS = 0.8
"""Share of labels among the fragments: with more they are no labels but a column of
numbers.
"""
SAME_ROW_OVERLAP = 0.5
"""Share of the lower fragment's height that two fragments of one row overlap by."""
LABEL_REACH = 2.5
"""Times the size of type: the widest gap between a label and its line."""
LABEL_OVERLAP = 0.5
"""Times the size of type that a label may stand inside of its line."""
FRAGMENT_OVERLAP = 0.6
"""Times the size of type that two fragments of one row may overlap from side to side."""
WORD_GAP = 0.1
"""Times the size of type: a narrower gap is none between words."""


def join_rows(lines: Sequence[Line], rtl: bool) -> list[Line]:
    """Lines from top to bottom, the fragments of one row joined."""
    return [join_fragments(row, rtl) for row in rows_of(lines)]


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines from top to bottom, the fragments of one row together."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.middle, line.x0)):
        row = rows[-1] if rows else []
        tolerance = FRAGMENT_OVERLAP * line.size
        stands_beside = all(
            line.x0 >= fragment.x1 - tolerance or line.x1 <= fragment.x0 + tolerance
            for fragment in row
        )
        is_text = bool(row) and not (row[-1].table or line.table)
        if is_text and stands_beside and _overlap(row[-1], line):
            row.append(line)
        else:
            rows.append([line])
    return rows


def join_labels(lines: Sequence[Line], rtl: bool) -> list[Line]:
    """The lines with bullets and numbers that stand as fragments of their own joined to
    what they label.
    """
    labels = [line for line in lines if _is_label(line)]
    if not labels or len(labels) > len(lines) * MAX_LABELS:
        return list(lines)
    others = [line for line in lines if not _is_label(line)]
    joined = sorted(others, key=lambda line: line.middle)
    middles = [line.middle for line in joined]
    alone: list[Line] = []
    for label in labels:
        first = bisect_left(middles, label.middle - label.size)
        behind = bisect_right(middles, label.middle + label.size)
        labelled = [
            index
            for index in range(first, behind)
            if _labels(label, joined[index], rtl)
        ]
        if labelled:
            leftmost = min(labelled, key=lambda index: joined[index].x0)
            joined[leftmost] = join_fragments([label, joined[leftmost]], rtl)
        else:
            alone.append(label)
    return joined + alone


def join_fragments(row: list[Line], rtl: bool) -> Line:
    """The fragments of one row as one line, of the type of the longest of them."""
    if len(row) == 1:
        return row[0]
    row = in_reading_direction(row, rtl)
    text = row[0].text
    for before, line in pairwise(row):
        gap = max(line.x0 - before.x1, before.x0 - line.x1)
        is_box = before.text in BOXES or line.text in BOXES
        is_word = gap < WORD_GAP * line.size and not is_box
        text += line.text if is_word else f" {line.text}"
    longest = max(row, key=lambda line: len(line.text))
    box = box_around(row)
    return replace(
        longest,
        text=text,
        x0=box.left,
        x1=box.right,
        y0=box.top,
        y1=box.bottom,
        bold=all(line.bold for line in row),
        is_row=any(line.is_row for line in row),
    )


def _is_label(line: Line) -> bool:
    """Whether a fragment is nothing but a bullet or a number."""
    return not line.table and bool(_LABEL.match(line.text))


def _overlap(line: Line, other: Line) -> bool:
    """Whether two lines stand at about the same height."""
    overlap = min(line.y1, other.y1) - max(line.y0, other.y0)
    return overlap > SAME_ROW_OVERLAP * min(line.height, other.height)


def _labels(label: Line, line: Line, rtl: bool) -> bool:
    """Whether a label stands right before a line."""
    gap = label.x0 - line.x1 if rtl else line.x0 - label.x1
    widest = LABEL_REACH * max(label.size, line.size)
    is_near = -LABEL_OVERLAP * label.size <= gap <= widest
    return _overlap(label, line) and not line.table and is_near
