"""Ruby on a page: readings in small kana or bopomofo right above the words of a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.parsers.layout.placed_text import Line

_READING = re.compile(r"[\u3041-\u30ff\u3105-\u312f\u31a0-\u31bf\s・]+")
SMALL = 0.65
"""Times the size of type of the line below, at most."""
DISTANCE = 0.7
"""Times the size of type of the line below: from its top to the foot of the reading."""
SIDE_SLACK = 1
"""Times the size of type that a reading may stand out of its line."""


def readings_of(lines: Sequence[Line]) -> list[Line]:
    """The lines that only tell how to read words of another line."""
    small = [line for line in lines if _READING.fullmatch(line.text)]
    return [line for line in small if any(_is_above(line, other) for other in lines)]


def _is_above(reading: Line, line: Line) -> bool:
    """Whether a small line stands right above a larger one, within its width."""
    slack = SIDE_SLACK * line.size
    is_within = reading.x0 > line.x0 - slack and reading.x1 < line.x1 + slack
    gap = line.y0 - reading.y1
    is_near = -DISTANCE * line.size < gap < DISTANCE * line.size
    is_higher = reading.middle < line.middle
    return reading.size <= SMALL * line.size and is_within and is_near and is_higher
