"""PDF: the text layer where a page has one, its picture read by OCR where it has not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import Limits, Progress, Reading
from workers.parsers.furniture import without_furniture
from workers.parsers.layout import Line
from workers.parsers.pages import Page, parts_of_pages

RENDER_SIDE = 2600
MAX_POINTS = 14_400.0
SCAN_CHARACTERS = 60


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """Pages in order; running headers, footers and page numbers left out. Raises FileRejected."""
    document = _open(data, limits)
    try:
        pages = []
        progress(0, document.page_count)
        for at in range(document.page_count):
            pages.append(_page(document, at, limits))
            progress(at + 1, document.page_count)
        title = ((document.metadata or {}).get("title") or "").strip()
        parts = parts_of_pages(without_furniture(pages))
    finally:
        document.close()
    if not parts:
        raise FileRejected("The PDF holds no text, neither as text nor in its pictures.")
    return Reading(tuple(parts), pages=len(pages), title=title)


def _open(data: bytes, limits: Limits) -> Any:
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    try:
        document = pymupdf.open(stream=data, filetype="pdf")
    except Exception as error:
        raise FileRejected("The PDF is damaged or cut off.") from error
    if document.needs_pass:
        raise FileRejected("The PDF is encrypted; it can be read only without its password.")
    if document.page_count > limits.pages:
        raise FileRejected(f"The PDF has {document.page_count} pages; at most {limits.pages} are read.")
    if document.page_count < 1:
        raise FileRejected("The PDF has no pages.")
    return document


def _page(document: Any, at: int, limits: Limits) -> Page:
    import pymupdf

    page = document.load_page(at)
    width, height = page.rect.width, page.rect.height
    if not (0 < width <= MAX_POINTS and 0 < height <= MAX_POINTS):
        raise FileRejected(f"Page {at + 1} of the PDF measures {width:.0f} × {height:.0f} points, which no page does.")
    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_ACCURATE_BBOXES
    lines = list(_lines(page.get_text("dict", flags=flags)))
    if _is_scan(page, lines):
        lines = _recognised(page) or lines
    return Page(at + 1, width, height, tuple(lines))


def _lines(layout: dict[str, Any]) -> Iterator[Line]:
    for block in layout["blocks"]:
        for line in block.get("lines", ()):
            text = "".join(span["text"] for span in line["spans"])
            if text.strip():
                yield _line(text, line)


def _line(text: str, line: dict[str, Any]) -> Line:
    spans = [span for span in line["spans"] if span["text"].strip()]
    main = max(spans, key=lambda span: len(span["text"]))
    x0, y0, x1, y1 = line["bbox"]
    bold = all(span["flags"] & 16 or "bold" in span["font"].lower() for span in spans)
    return Line(text.strip(), x0, y0, x1, y1, main["size"], bold, bool(main["flags"] & 8))


def _is_scan(page: Any, lines: list[Line]) -> bool:
    """Whether a page is a picture: little text, and pictures over much of it; or text whose letters are unknown."""
    text = "".join(line.text for line in lines)
    unknown = sum(1 for letter in text if letter == "\ufffd" or 0xE000 <= ord(letter) < 0xF900)
    if unknown * 3 > len(text) > 0:
        return True
    if len(text) >= SCAN_CHARACTERS:
        return False
    area = page.rect.width * page.rect.height
    covered = sum(abs((box & page.rect).get_area()) for box in _boxes_of_pictures(page))
    return bool(covered > 0.3 * area) or (not text and bool(page.get_drawings()))


def _boxes_of_pictures(page: Any) -> list[Any]:
    import pymupdf

    return [pymupdf.Rect(info["bbox"]) for info in page.get_image_info()]


def _recognised(page: Any) -> list[Line]:
    import numpy

    from workers.parsers import ocr

    zoom = min(RENDER_SIDE / max(page.rect.width, page.rect.height), 4.0)
    import pymupdf

    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    pixels = numpy.frombuffer(pixmap.samples, numpy.uint8).reshape(pixmap.height, pixmap.width, 3)
    return [Line(line.text, line.x0 / zoom, line.y0 / zoom, line.x1 / zoom, line.y1 / zoom, 0.8 * line.height / zoom)
            for line in ocr.lines_of(pixels)]


