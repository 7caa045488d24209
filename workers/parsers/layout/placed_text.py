"""Text with its place on a page or in a picture, and the order in which what stands on
one row is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Placed:
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


Some = TypeVar("Some", bound=Placed)


def in_order(row: Sequence[Some], rtl: bool) -> list[Some]:
    """What stands on one row in the order it is read: from the right where the page is,
    numbers and Latin words in it from the left.
    """
    ordered = sorted(row, key=lambda one: one.x0)
    if not rtl:
        return ordered
    runs = [
        list(run)
        for _, run in groupby(ordered, key=lambda one: not RTL.search(one.text))
    ]
    return [
        one
        for run in reversed(runs)
        for one in (run if not RTL.search(run[0].text) else reversed(run))
    ]
