"""Running headers, running footers and page numbers: what a page carries beside its text.
A header says something once; on the pages that repeat it, it is left out, as page numbers
are on all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from workers.parsers.layout.placed_text import Line
from workers.parsers.pdf.pages import Page

MARGIN = 0.12
"""Share of a page's height, at its top and at its bottom."""
HEIGHT_STEP = 12
"""Points: repeated lines stand within about this of each other."""
SHORT_DOCUMENT = 6
"""Pages: up to so many, a line on two pages is repeated; beyond, a line on three."""
MAX_SHAPE = 160
"""Characters: a longer line is no header."""
_PAGE_NUMBER = re.compile(
    r"^[\s\-–—·|\[(]*(?:(?:page|seite|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,6})"
    r"(?:\s*(?:of|/|von)\s*\d{1,4})?[\s\-–—·|\])]*$"
    r"|^[\s\-–—]*第\s*\d+\s*页(?:\s*[,，/／]?\s*共\s*\d+\s*页)?[\s\-–—]*$",
    re.I,
)
_LABELLED_PAGE_NUMBER = re.compile(
    r"^\W*(?:page|p\.)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*$"
    r"|^\W*第\s*\d+\s*页(?:\W*共\s*\d+\s*页)?\W*$",
    re.I,
)
"""The only page number of a document of one page: a bare number may be anything."""
_PAGE_COUNT = re.compile(
    r"\b(?:page|seite|p\.)\s*\d{1,4}(?:\s*(?:of|/|von)\s*\d{1,4})?"
    r"|第\s*\d+\s*页(?:\s*[,，/／]?\s*共\s*\d+\s*页)?",
    re.I,
)
"""The number of a page within a header."""
_LETTER = re.compile(r"[^\W\d_]")
MAX_DIGITS = 5
"""A number of so many digits numbers no page."""
_NUMBERS = re.compile(r"\d+|\b[ivxlc]+\b", re.I)


def without_headers_footers(pages: Sequence[Page]) -> list[Page]:
    """The same pages without page numbers and without the lines in their margins that
    repeat from page to page; these become headers and footers of the first page that
    has them, unless the text says the same.
    """
    repeated = _repeated_shapes(pages)
    page_number = _PAGE_NUMBER if len(pages) > 1 else _LABELLED_PAGE_NUMBER
    numbers = _outermost_numbers(pages)
    seen: set[str] = set()
    stripped: list[Page] = []
    for page in pages:
        text: list[Line] = []
        running: list[Line] = []
        for line in page.lines:
            is_margin = _is_in_margin(page, line)
            is_number = is_margin and page_number.match(line.text)
            if is_number or (page.number, line) in numbers:
                continue
            is_repeated = is_margin and _shape(line.text) in repeated
            (running if is_repeated else text).append(line)
        seen |= {_shape(line.text) for line in text}
        stripped.append(_with_running_lines(page, text, running, seen))
    return stripped


def _with_running_lines(
    page: Page, text: list[Line], running: list[Line], seen: set[str]
) -> Page:
    """A page of some lines, with those of the running ones that did not come before;
    `seen` is added to.
    """
    headers: list[str] = []
    footers: list[str] = []
    for line in sorted(running, key=lambda line: (line.middle, line.x0)):
        shape = _shape(line.text)
        words = _PAGE_COUNT.sub("", line.text).strip(" |·-–—")
        if shape in seen or not _LETTER.search(words):
            continue
        seen.add(shape)
        (headers if line.middle < page.height / 2 else footers).append(words)
    return replace(
        page, lines=tuple(text), headers=tuple(headers), footers=tuple(footers)
    )


def _outermost_numbers(pages: Sequence[Page]) -> set[tuple[int, Line]]:
    """The lines at the very top or bottom of their pages that only hold a number which
    grows with the pages, wherever the text ends: (number of the page, line).
    """
    offsets: dict[int, list[tuple[int, Line]]] = {}
    for page in pages:
        if not page.lines:
            continue
        lowest = max(page.lines, key=lambda line: line.middle)
        highest = min(page.lines, key=lambda line: line.middle)
        for line in (lowest, highest):
            if line.text.isdecimal() and len(line.text) < MAX_DIGITS:
                offset = int(line.text) - page.number
                offsets.setdefault(offset, []).append((page.number, line))
    runs = [run for run in offsets.values() if len({number for number, _ in run}) > 1]
    return set(chain.from_iterable(runs))


def _is_in_margin(page: Page, line: Line) -> bool:
    """Whether a line stands wholly in the upper or the lower margin of its page."""
    return line.y1 < MARGIN * page.height or line.y0 > (1 - MARGIN) * page.height


def _shape(text: str) -> str:
    """Text with its numbers taken out: "Page 3" and "Page 4" are one."""
    return _NUMBERS.sub("#", " ".join(text.lower().split()))


def _repeated_shapes(pages: Sequence[Page]) -> frozenset[str]:
    """Shapes that stand in the margins of several pages, at about the same height."""
    counts: Counter[tuple[str, int]] = Counter()
    for page in pages:
        positions: set[tuple[str, int]] = set()
        for line in page.lines:
            if _is_in_margin(page, line):
                shape, height = _shape(line.text), round(line.middle / HEIGHT_STEP)
                positions |= {(shape, height), (shape, height + 1)}
        counts.update(positions)
    min_pages = 2 if len(pages) <= SHORT_DOCUMENT else 3
    return frozenset(
        shape
        for (shape, _), count in counts.items()
        if count >= min_pages and len(shape) < MAX_SHAPE
    )
