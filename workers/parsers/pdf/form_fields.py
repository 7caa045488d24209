"""The fields of a PDF's form as lines where they stand: entries as they were typed, boxes
as ticked or empty, of a list what was chosen. How a program drew them does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from workers.parsers.layout.placed_text import Box, Line, PlacedText, box_around
from workers.parsers.symbol_fonts import EMPTY, TICKED

FIELD_SIZE = 9.0
"""Points: size of type that an entry counts as, which no heading has."""
LINE_HEIGHT, LETTER_WIDTH = 1.6, 0.5
"""Times the size of type."""
TALL = 3
"""Times the size of type: a field that is higher holds several lines."""
LABEL_REACH = 12
"""Times the size of type: the widest gap between a label and its field."""
SAME_ROW = 0.5
"""Share of the lower one's height that a label and its field overlap by."""
PASSWORD = 1 << 13
"""Flag of a field whose entry is not shown."""
HIDDEN, UNSEEN = 1, 3
"""PyMuPDF's `field_display` of fields that no reader shows."""


def field_lines(page: Any) -> list[Line]:
    """The fields of a page of PyMuPDF, "" for those that hold nothing."""
    lines: list[Line] = []
    for widget in page.widgets():
        if widget.field_display in (HIDDEN, UNSEEN) or widget.rect.is_empty:
            continue
        text = " ".join(_value(page.parent, widget).split())
        lines.append(_placed(text, Box(*widget.rect)))
    return lines


def with_entries(lines: Sequence[Line], fields: Sequence[Line]) -> list[Line]:
    """The lines of a page with the fields: an entry is of one line with the label that
    stands before it, and no other line goes on with them.
    """
    joined, loose = list(lines), list[Line]()
    for field in fields:
        labels = [line for line in joined if _is_label_of(line, field)]
        if field.text in (TICKED, EMPTY) or not labels:
            loose.append(field)
            continue
        label = max(labels, key=lambda line: line.x1)
        text = f"{label.text} {field.text}".rstrip()
        right = field.x1 if field.text else label.x1
        entry = replace(label, text=text, x1=right, bold=False, is_row=True)
        joined[joined.index(label)] = entry
    return joined + [field for field in loose if field.text]


def split_at_fields(
    lines: Sequence[Line], words: Sequence[PlacedText], fields: Sequence[Line]
) -> Iterator[Line]:
    """The lines of a page, cut where a field stands within one; `words` are those of
    the page.
    """
    for line in lines:
        box = Box(line.x0, line.y0, line.x1, line.y1)
        cuts = sorted(
            field.centre
            for field in fields
            if box.holds_point(field.centre, field.middle, 0)
        )
        if not cuts:
            yield line
            continue
        inside = [
            word for word in words if box.holds_point(word.centre, word.middle, 0)
        ]
        for left, right in zip([box.left - 1, *cuts], [*cuts, box.right], strict=True):
            piece = [word for word in inside if left < word.centre <= right]
            if piece:
                edges = box_around(piece)
                text = " ".join(word.text for word in piece)
                yield replace(line, text=text, x0=edges.left, x1=edges.right)


def _value(document: Any, widget: Any) -> str:
    """What a field holds; "" for one that is empty, a button or a signature."""
    import pymupdf

    kind = widget.field_type
    if kind in (pymupdf.PDF_WIDGET_TYPE_CHECKBOX, pymupdf.PDF_WIDGET_TYPE_RADIOBUTTON):
        return _box_state(document, widget)
    if kind in (pymupdf.PDF_WIDGET_TYPE_COMBOBOX, pymupdf.PDF_WIDGET_TYPE_LISTBOX):
        return _chosen(widget)
    is_secret = widget.field_flags & PASSWORD
    if kind != pymupdf.PDF_WIDGET_TYPE_TEXT or is_secret:
        return ""
    return str(widget.field_value or "")


def _box_state(document: Any, widget: Any) -> str:
    """A box as its appearance says, or its value where it has no appearance."""
    kind, state = document.xref_get_key(widget.xref, "AS")
    if kind == "name":
        return EMPTY if state == "/Off" else TICKED
    return EMPTY if widget.field_value in (None, False, "", "Off", "No") else TICKED


def _chosen(widget: Any) -> str:
    """The chosen entries by their labels, where a list keeps other values for them."""
    values = widget.field_value or ""
    chosen = values if isinstance(values, (list, tuple)) else [values]
    labels: dict[str, str] = {}
    for choice in widget.choice_values or ():
        if isinstance(choice, (list, tuple)) and len(choice) == 2:
            labels[str(choice[0])] = str(choice[1])
    return ", ".join(labels.get(str(value), str(value)) for value in chosen)


def _placed(text: str, box: Box) -> Line:
    """An entry as a line: at the top of a field of several lines, as wide as its text."""
    is_tall = box.height > TALL * FIELD_SIZE
    bottom = box.top + LINE_HEIGHT * FIELD_SIZE if is_tall else box.bottom
    width = max(LETTER_WIDTH * FIELD_SIZE * len(text), 1)
    right = box.right if text in (TICKED, EMPTY) else min(box.right, box.left + width)
    return Line(text, box.left, box.top, right, bottom, size=FIELD_SIZE)


def _is_label_of(line: Line, field: Line) -> bool:
    """Whether a line ends before a field, near it and at its height."""
    gap = field.x0 - line.x1
    overlap = min(line.y1, field.y1) - max(line.y0, field.y0)
    is_beside = overlap > SAME_ROW * min(line.height, field.height)
    return is_beside and -line.size < gap < LABEL_REACH * line.size
