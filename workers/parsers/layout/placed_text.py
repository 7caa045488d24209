"""Text with its place on a page or in a picture, and the order in which what stands on
one row is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, TypeVar

RTL_LETTER = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""A letter of Hebrew, Arabic or another script that is written from the right."""


class Box(NamedTuple):
    """A rectangle, its coordinates growing rightwards and downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def is_border_of(self, inner: Box, tolerance: float) -> bool:
        """Whether the box is drawn around another one, from which each of its edges may
        stand inwards by less than `tolerance`.
        """
        return (
            self != inner
            and self.left <= inner.left + tolerance
            and self.top <= inner.top + tolerance
            and self.right >= inner.right - tolerance
            and self.bottom >= inner.bottom - tolerance
        )

    def holds_point(self, x: float, y: float, tolerance: float) -> bool:
        """Whether a point lies in the box, or outside of it by less than `tolerance`."""
        return (
            self.left - tolerance <= x <= self.right + tolerance
            and self.top - tolerance <= y <= self.bottom + tolerance
        )


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A word or a run of words and the box around it: left, top, right, bottom, growing
    rightwards and downwards.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> float:
        """Height of the middle of the box on the page."""
        return (self.y0 + self.y1) / 2

    @property
    def centre(self) -> float:
        """Middle from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def width(self) -> float:
        """Of the box."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Of the box."""
        return self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Line(PlacedText):
    """A run of text on one baseline."""

    size: float
    """Of the font, in the unit of the box."""
    bold: bool = False
    mono: bool = False
    """Whether all letters of the font are equally wide, as those of code are."""
    table: str = ""
    """A whole table that stands among the lines is one of them: its Markdown."""
    is_row: bool = False
    """Whether it is a label with its value, which stays a line of its own."""


AnyText = TypeVar("AnyText", bound=PlacedText)


def box_around(texts: Sequence[PlacedText]) -> Box:
    """The smallest box that holds all of the texts, at least one."""
    return Box(
        min(text.x0 for text in texts),
        min(text.y0 for text in texts),
        max(text.x1 for text in texts),
        max(text.y1 for text in texts),
    )


def in_reading_direction(row: Iterable[AnyText], rtl: bool) -> list[AnyText]:
    """What stands on one row in the order it is read: from the right where the page is,
    numbers and Latin words in it from the left.
    """
    from_left = sorted(row, key=lambda text: text.x0)
    if not rtl:
        return from_left
    runs: list[list[AnyText]] = []
    for has_rtl_letter, run in groupby(
        from_left, key=lambda placed: bool(RTL_LETTER.search(placed.text))
    ):
        texts = list(run)
        runs.append(texts[::-1] if has_rtl_letter else texts)
    ordered: list[AnyText] = []
    for texts in reversed(runs):
        ordered += texts
    return ordered
