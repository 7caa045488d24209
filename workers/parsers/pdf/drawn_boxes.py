"""Boxes to tick that are drawn on a page, as forms are printed: small empty squares before
a label, with a cross or a tick in them or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workers.parsers.layout.placed_text import Box, Line
from workers.parsers.symbol_fonts import EMPTY, TICKED

MIN_SIDE, MAX_SIDE = 5.0, 18.0
"""Points, of a box."""
SQUARE = 1.3
"""Longer side by the shorter one, at most."""
LABEL_REACH = 1.5
"""Times the width of a box: the widest gap before its label."""
MAX_SHAPES = 4000
"""More are a drawing."""
INSET = 1.0
"""Points that a mark may stand out of its box."""
WHITE = 0xFFFFFF
_MARKS = frozenset("xX×✓✔✗✘✕✖•●■")


def drawn_boxes(
    shapes: Sequence[dict[str, Any]], lines: Sequence[Line]
) -> tuple[list[Line], list[Line]]:
    """The boxes before labels among the shapes of a page (MuPDF's blocks), as lines, and
    the lines that are only marks in them.
    """
    boxes: list[Line] = []
    marks: list[Line] = []
    if len(shapes) > MAX_SHAPES:
        return boxes, marks
    for box in dict.fromkeys(_squares(shapes)):
        if not any(_is_label_of(line, box) for line in lines):
            continue
        inside = [line for line in lines if _lies_in(line, box)]
        if any(line.text not in _MARKS for line in inside):
            continue
        is_ticked = bool(inside) or _has_drawn_mark(shapes, box)
        marks += inside
        state = TICKED if is_ticked else EMPTY
        boxes.append(Line(state, *box, size=box.height))
    return boxes, marks


def _squares(shapes: Sequence[dict[str, Any]]) -> Iterator[Box]:
    """The small squares that are drawn as an outline and not filled with a colour."""
    filled = {
        _rounded(shape)
        for shape in shapes
        if not shape["stroked"] and shape.get("color", 0) != WHITE
    }
    for shape in shapes:
        box = Box(*shape["bbox"])
        shorter, longer = sorted((box.width, box.height))
        is_small = shorter >= MIN_SIDE and longer <= MAX_SIDE
        is_square = is_small and longer <= SQUARE * shorter
        is_outline = shape["stroked"] and shape["isrect"]
        if is_square and is_outline and _rounded(shape) not in filled:
            yield box


def _rounded(shape: dict[str, Any]) -> tuple[int, ...]:
    """Where a shape stands, the width of a line left aside."""
    left, top, right, bottom = shape["bbox"]
    return (round((left + right) / 2), round((top + bottom) / 2))


def _is_label_of(line: Line, box: Box) -> bool:
    """Whether a line begins right behind a box, at its height."""
    gap = line.x0 - box.right
    middle = (box.top + box.bottom) / 2
    is_beside = line.y0 < middle < line.y1 and line.text not in _MARKS
    return is_beside and -INSET < gap < LABEL_REACH * box.width


def _lies_in(line: Line, box: Box) -> bool:
    """Whether a line stands within a box."""
    is_narrow = line.width <= box.width + 2 * INSET
    return is_narrow and box.holds_point(line.centre, line.middle, 0)


def _has_drawn_mark(shapes: Sequence[dict[str, Any]], box: Box) -> bool:
    """Whether a cross or a tick is drawn within a box."""
    for shape in shapes:
        mark = Box(*shape["bbox"])
        if mark != box and box.is_border_of(mark, INSET) and not shape["isrect"]:
            return True
    return False
