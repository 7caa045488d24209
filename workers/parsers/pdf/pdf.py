"""PDF: the text layer where a page has one, its picture read by OCR where it has none.

Opening a document sets two global switches of MuPDF, for this process and for good: it
prints neither errors nor warnings. Both are counted per document instead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import (
    FileLimits,
    ParsedFile,
    Picture,
    Progress,
    check_pages,
)
from workers.parsers.layout.placed_text import Line
from workers.parsers.pdf.comments import comments_of
from workers.parsers.pdf.figures import pictures_of_page
from workers.parsers.pdf.headers_footers import without_headers_footers
from workers.parsers.pdf.pages import Page, parts_of_pages
from workers.parsers.pdf.text_layer import TextLayer
from workers.parsers.picture import ocr
from workers.parsers.picture.ocr_layout import TYPE_SIZE, level_sizes

RENDER_SIDE = 2200
"""Pixels of the longer side of a page whose picture is read by OCR."""
MAX_ZOOM = 4.0
"""Pixels a point, at most, in such a picture."""
MAX_SIDE = 14_400.0
"""Points: the largest page that PDF allows (200 inches)."""
SCAN_CHARACTERS = 60
"""A page with so many characters of text or more is not read by OCR."""
SCAN_PICTURES = 0.3
"""Share of a page that pictures cover more than, if it is a scan."""
DRAWN_CHARACTERS = 5
"""A page with fewer characters, but with fonts or shapes, has letters that are drawn or
unknown.
"""


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Pages in order; running headers, footers and page numbers left out. Raises
    FileRejected.
    """
    import pymupdf

    document = _open(data, limits)
    pages, pictures, seen = list[Page](), list[Picture](), set[int]()
    try:
        count = document.page_count
        progress(0, count)
        for index in range(count):
            page = _read_page(document, index)
            pages.append(page)
            if len(pictures) < limits.described_pictures:
                pictures += pictures_of_page(document[index], page, limits, seen)
            progress(index + 1, count)
        title = ((document.metadata or {}).get("title") or "").strip()
        parts = parts_of_pages(without_headers_footers(pages)) or parts_of_pages(pages)
        is_damaged = document.is_repaired or "error:" in pymupdf.TOOLS.mupdf_warnings()
        if is_damaged and not parts:
            raise FileRejected(
                "The PDF is damaged or cut off; no text could be saved of it."
            )
    finally:
        document.close()
    return ParsedFile(
        tuple(parts),
        pages=len(pages),
        title=title,
        pictures=tuple(pictures[: limits.described_pictures]),
    )


def _open(data: bytes, limits: FileLimits) -> Any:
    """The document of PyMuPDF. Raises FileRejected for one that is damaged, locked, empty
    or too long.
    """
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    pymupdf.TOOLS.reset_mupdf_warnings()
    try:
        document = pymupdf.open(stream=data, filetype="pdf")
    except Exception as error:
        raise FileRejected("The PDF is damaged or cut off.") from error
    if document.needs_pass:
        raise FileRejected(
            "The PDF is encrypted; it can be read only without its password."
        )
    check_pages(document.page_count, limits, "PDF")
    if document.page_count < 1:
        raise FileRejected("The PDF has no pages.")
    return document


def _read_page(document: Any, index: int) -> Page:
    """A page by its index, its lines from the text layer or by OCR. Raises FileRejected
    for one of a size that no page has.
    """
    page = document.load_page(index)
    width, height = page.rect.width, page.rect.height
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise FileRejected(
            f"Page {index + 1} of the PDF measures {width:.0f} × {height:.0f} points,"
            " which no page does."
        )
    layer = TextLayer(page)
    comments = tuple(comments_of(page))
    if not _is_scan(page, layer.lines):
        lines = layer.lines_and_tables()
        return Page(index + 1, width, height, tuple(lines), comments)
    recognised = _recognise(page, index + 1)
    read = recognised or Page(index + 1, width, height, tuple(layer.lines))
    return replace(read, comments=comments)


def _is_scan(page: Any, lines: list[Line]) -> bool:
    """Whether a page is a picture: little text that can be read, and pictures over much
    of it, or letters that are drawn or unknown.
    """
    import pymupdf

    characters = sum(len(line.text) for line in lines)
    if characters >= SCAN_CHARACTERS:
        return False
    covered = 0.0
    for info in page.get_image_info():
        visible = pymupdf.Rect(info["bbox"]) & page.rect
        covered += abs(visible.get_area())
    if covered > SCAN_PICTURES * (page.rect.width * page.rect.height):
        return True
    if characters >= DRAWN_CHARACTERS:
        return False
    return bool(page.get_fonts() or page.get_cdrawings())


def _recognise(page: Any, number: int) -> Page | None:
    """A page that is a picture, its lines read by OCR; None where there are none."""
    import numpy
    import pymupdf

    zoom = min(RENDER_SIDE / max(page.rect.width, page.rect.height), MAX_ZOOM)
    pixmap = page.get_pixmap(
        matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False
    )
    samples = numpy.frombuffer(pixmap.samples, numpy.uint8)
    result = ocr.recognise(samples.reshape(pixmap.height, pixmap.width, 3))
    if not result.lines:
        return None
    lines = [
        Line(
            line.text,
            line.x0 / zoom,
            line.y0 / zoom,
            line.x1 / zoom,
            line.y1 / zoom,
            size=TYPE_SIZE * line.height / zoom,
        )
        for line in result.lines
    ]
    width, height = result.width / zoom, result.height / zoom
    return Page(number, width, height, tuple(level_sizes(lines)))
