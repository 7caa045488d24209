"""Running headers, running footers and page numbers: what a page carries and the
document does not say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from workers.parsers.layout.reading_order import Line
from workers.parsers.pdf.pages import Page

MARGIN = 0.12
_NUMBER = re.compile(
    r"^[\s\-–—·|\[(]*(?:(?:page|seite|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,6})"
    r"(?:\s*(?:of|/|von)\s*\d{1,4})?[\s\-–—·|\])]*$"
    r"|^[\s\-–—]*第\s*\d+\s*页(?:\s*[,，/／]?\s*共\s*\d+\s*页)?[\s\-–—]*$",
    re.I,
)
_PAGE = re.compile(
    r"^\W*(?:page|p\.)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*$|^\W*第\s*\d+\s*页(?:\W*共\s*\d+\s*页)?\W*$",
    re.I,
)
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b", re.I)


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """The same pages without the lines in their margins that repeat from page to page
    or only number it.
    """
    repeated = _repeated(pages)
    several = len(pages) > 1
    return [
        replace(
            page,
            lines=tuple(
                line
                for line in page.lines
                if not _is_furniture(page, line, repeated, several)
            ),
        )
        for page in pages
    ]


def _is_furniture(
    page: Page, line: Line, repeated: frozenset[str], several: bool
) -> bool:
    if not _in_margin(page, line):
        return False
    return _shape(line.text) in repeated or bool(
        (_NUMBER if several else _PAGE).match(line.text)
    )


def _in_margin(page: Page, line: Line) -> bool:
    return line.y1 < MARGIN * page.height or line.y0 > (1 - MARGIN) * page.height


def _shape(text: str) -> str:
    """Text with its numbers taken out: "Page 3" and "Page 4" are one."""
    return _DIGITS.sub("#", " ".join(text.lower().split()))


def _repeated(pages: Sequence[Page]) -> frozenset[str]:
    """Shapes that stand in the margins of several pages, at about the same height."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        places = {
            (_shape(line.text), round(line.middle / 12))
            for line in page.lines
            if _in_margin(page, line)
        }
        seen.update({(shape, place + off) for shape, place in places for off in (0, 1)})
    need = 2 if len(pages) <= 6 else 3
    return frozenset(
        shape
        for (shape, _), count in seen.items()
        if count >= need and len(shape) < 160
    )
