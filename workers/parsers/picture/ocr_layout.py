"""Lines that OCR read -> parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from workers.parsers.document import Part
from workers.parsers.layout.paragraphs import BULLET, NUMBER, join_lines, paragraphs
from workers.parsers.layout.placed_text import Line, PlacedText
from workers.parsers.layout.reading_order import regions

TYPE_SIZE = 0.8
"""Size of type in the height of the box that OCR draws around a line."""
HEADING_SIZE = 1.45
"""Times the median size of type, from which a line is a heading."""
MIN_BODY_SIZE = 0.7
"""Times the median: smaller type is not that of the running text."""
MAX_HEADING_LINES, MAX_HEADING_CHARACTERS = 3, 120


def parts_of_lines(recognised: Sequence[PlacedText]) -> list[Part]:
    """Paragraphs, headings and list items of a picture, in reading order."""
    if not recognised:
        return []
    lines = [
        Line(line.text, line.x0, line.y0, line.x1, line.y1, TYPE_SIZE * line.height)
        for line in recognised
    ]
    body_size = median(line.size for line in lines)
    parts: list[Part] = []
    for column in regions(level_sizes(lines)):
        for paragraph in paragraphs(column):
            text = join_lines([line.text for line in paragraph])
            is_large = paragraph[0].size >= HEADING_SIZE * body_size
            is_short = (
                len(paragraph) <= MAX_HEADING_LINES
                and len(text) < MAX_HEADING_CHARACTERS
            )
            kind = "NarrativeText"
            if is_large and is_short:
                kind = "Title"
            elif BULLET.match(text) or NUMBER.match(text):
                kind = "ListItem"
            parts.append(Part(kind, text))
    return parts


def level_sizes(lines: Sequence[Line]) -> list[Line]:
    """The same lines; sizes near the median are made equal to it, because there only the
    letters in a line make them different. At least one line.
    """
    body_size = median(line.size for line in lines)
    smallest, heading = MIN_BODY_SIZE * body_size, HEADING_SIZE * body_size
    return [
        replace(line, size=body_size) if smallest < line.size < heading else line
        for line in lines
    ]
