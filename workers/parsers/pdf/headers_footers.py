"""Running headers, running footers and page numbers: what a page carries and the
document does not say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

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
_NUMBERS = re.compile(r"\d+|\b[ivxlc]+\b", re.I)


def without_headers_footers(pages: Sequence[Page]) -> list[Page]:
    """The same pages without the lines in their margins that repeat from page to page
    or only number it.
    """
    repeated = _repeated_shapes(pages)
    page_number = _PAGE_NUMBER if len(pages) > 1 else _LABELLED_PAGE_NUMBER

    def is_header_or_footer(page: Page, line: Line) -> bool:
        if not _is_in_margin(page, line):
            return False
        return _shape(line.text) in repeated or bool(page_number.match(line.text))

    stripped = []
    for page in pages:
        lines = [line for line in page.lines if not is_header_or_footer(page, line)]
        stripped.append(replace(page, lines=tuple(lines)))
    return stripped


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
