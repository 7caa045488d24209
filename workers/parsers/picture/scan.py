"""Lines that were read out of a picture -> parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from workers.parsers.document import Part
from workers.parsers.layout.paragraphs import BULLET, NUMBER, joined, paragraphs
from workers.parsers.layout.placed_text import Placed
from workers.parsers.layout.reading_order import Line, regions

HEADING = 1.45


def parts_of_lines(found: Sequence[Placed]) -> list[Part]:
    """Paragraphs, headings and list items of a picture, in reading order."""
    lines = [
        Line(line.text, line.x0, line.y0, line.x1, line.y1, size=0.8 * line.height)
        for line in found
    ]
    if not lines:
        return []
    body = median(line.size for line in lines)
    lines = levelled(lines)
    made = []
    for column in regions(lines):
        made += [_part(paragraph, body) for paragraph in paragraphs(column)]
    return made


def levelled(lines: Sequence[Line]) -> list[Line]:
    """The same lines, their sizes made equal that only the letters in them make
    different: those near the middle one.
    """
    body = median(line.size for line in lines) if lines else 0.0
    return [
        replace(line, size=body) if 0.7 * body < line.size < HEADING * body else line
        for line in lines
    ]


def _part(paragraph: list[Line], body: float) -> Part:
    text = joined([line.text for line in paragraph])
    if paragraph[0].size >= HEADING * body and len(paragraph) <= 3 and len(text) < 120:
        return Part("Title", text)
    if BULLET.match(text) or NUMBER.match(text):
        return Part("ListItem", text)
    return Part("NarrativeText", text)
