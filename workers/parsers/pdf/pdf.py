"""PDF: the text layer where a page has one, its picture read by OCR where it has not."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import Limits, Picture, Progress, Reading
from workers.parsers.layout import table_frames as frames
from workers.parsers.layout import table_grids as grids
from workers.parsers.layout.placed_text import Placed
from workers.parsers.layout.reading_order import Line
from workers.parsers.pdf import bidi
from workers.parsers.pdf.figures import pictures_of_page
from workers.parsers.pdf.headers_footers import without_furniture
from workers.parsers.pdf.letters import is_rtl, plain
from workers.parsers.pdf.pages import Page, parts_of_pages
from workers.parsers.picture import scan

RENDER_SIDE = 2200
MAX_POINTS = 14_400.0
SCAN_CHARACTERS = 60
BARE = 5


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """Pages in order; running headers, footers and page numbers left out. Raises FileRejected."""
    document = _open(data, limits)
    try:
        pages, pictures, seen = list[Page](), list[Picture](), set[int]()
        progress(0, document.page_count)
        for at in range(document.page_count):
            pages.append(_page(document, at, limits))
            if len(pictures) < limits.shown:
                pictures += pictures_of_page(document[at], pages[-1], limits, seen)
            progress(at + 1, document.page_count)
        title = ((document.metadata or {}).get("title") or "").strip()
        parts = parts_of_pages(without_furniture(pages)) or parts_of_pages(pages)
        if not parts and (document.is_repaired or _had_errors()):
            raise FileRejected(
                "The PDF is damaged or cut off; no text could be saved of it."
            )
    finally:
        document.close()
    return Reading(
        tuple(parts),
        pages=len(pages),
        title=title,
        pictures=tuple(pictures[: limits.shown]),
    )


def _open(data: bytes, limits: Limits) -> Any:
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
    if document.page_count > limits.pages:
        raise FileRejected(
            f"The PDF has {document.page_count} pages; at most {limits.pages} are read."
        )
    if document.page_count < 1:
        raise FileRejected("The PDF has no pages.")
    return document


def _had_errors() -> bool:
    import pymupdf

    return "error:" in pymupdf.TOOLS.mupdf_warnings()


def _page(document: Any, at: int, limits: Limits) -> Page:
    page = document.load_page(at)
    width, height = page.rect.width, page.rect.height
    if not (0 < width <= MAX_POINTS and 0 < height <= MAX_POINTS):
        raise FileRejected(
            f"Page {at + 1} of the PDF measures {width:.0f} × {height:.0f} points, which no page does."
        )
    text_page = page.get_textpage(flags=_flags())
    content = text_page.extractDICT()
    lines = list(_lines(content))
    rtl = is_rtl(lines)
    if rtl:
        lines = list(_lines(text_page.extractRAWDICT()))
    if _is_scan(page, lines):
        read, wide, tall = _recognised(page)
        return (
            Page(at + 1, wide, tall, tuple(scan.levelled(read)))
            if read
            else Page(at + 1, width, height, tuple(lines))
        )
    return Page(
        at + 1, width, height, tuple(_with_tables(lines, content, text_page, rtl))
    )


@functools.cache
def _flags() -> int:
    """Lines and what is drawn in one pass; ligatures stay, `plain` takes them apart
    (MuPDF turns Arabic ones round).
    """
    import pymupdf

    return int(
        pymupdf.TEXT_PRESERVE_WHITESPACE
        | pymupdf.TEXT_PRESERVE_LIGATURES
        | pymupdf.TEXT_MEDIABOX_CLIP
        | pymupdf.TEXT_COLLECT_VECTORS
    )


def _lines(content: dict[str, Any]) -> Iterator[Line]:
    for block in content["blocks"]:
        for line in block.get("lines", ()):
            raw = "".join(map(_text, line["spans"]))
            text = plain(raw) if not raw.isspace() else ""
            if text:
                yield _line(text, line)


def _text(span: dict[str, Any]) -> str:
    """The text of a run; a raised number (of a footnote) is set apart from the word
    that it stands at.
    """
    if "chars" in span:
        return bidi.mended(span["chars"])
    text: str = span["text"]
    return f" {text}" if span["flags"] & 1 and text.strip().isdigit() else text


def _line(text: str, line: dict[str, Any]) -> Line:
    spans = line["spans"]
    if len(spans) > 1:
        spans = [span for span in spans if _content(span)] or spans
    main = max(spans, key=_content) if len(spans) > 1 else spans[0]
    x0, y0, x1, y1 = line["bbox"]
    bold = all(span["flags"] & 16 or "bold" in span["font"].lower() for span in spans)
    return Line(text, x0, y0, x1, y1, main["size"], bold, bool(main["flags"] & 8))


def _content(span: dict[str, Any]) -> int:
    return len(span["text"].strip()) if "text" in span else len(span["chars"])


def _with_tables(
    lines: list[Line], content: dict[str, Any], text_page: Any, rtl: bool
) -> list[Line]:
    """The lines, those in tables replaced by one line that is the table."""
    found = frames.frames_of(*_shapes(content), content["width"], content["height"])
    if not found:
        return lines
    if rtl:
        words = list(bidi.words(text_page.extractRAWDICT()))
    else:
        words = [Placed(plain(word[4]), *word[:4]) for word in text_page.extractWORDS()]
    for frame in found:
        table = grids.table_of(frame, words, rtl)
        if table:
            lines = [
                line for line in lines if line.table or not _is_inside(line, table.box)
            ]
            lines.append(Line("", *table.box, size=10.0, table=table.markdown))
    return lines


def _shapes(content: dict[str, Any]) -> tuple[list[frames.Box], list[frames.Box]]:
    """What is drawn as lines, and what is filled with colour."""
    drawn, filled = [], []
    for block in content["blocks"]:
        if block["type"] == 3:
            x0, y0, x1, y1 = block["bbox"]
            if (
                x1 - x0 <= frames.THIN
                or y1 - y0 <= frames.THIN
                or (block["stroked"] and block["isrect"])
            ):
                drawn.append(block["bbox"])
            elif block["isrect"]:
                filled.append(block["bbox"])
    return drawn, filled


def _is_inside(line: Line, box: frames.Box) -> bool:
    middle = (line.x0 + line.x1) / 2
    return (
        box[0] - 3 <= middle <= box[2] + 3 and box[1] - 3 <= line.middle <= box[3] + 3
    )


def _is_scan(page: Any, lines: list[Line]) -> bool:
    """Whether a page is a picture: little text that can be read, and pictures over much
    of it, or letters that are drawn or unknown.
    """
    text = "".join(line.text for line in lines)
    if len(text) >= SCAN_CHARACTERS:
        return False
    area = page.rect.width * page.rect.height
    covered = sum(abs((box & page.rect).get_area()) for box in _boxes_of_pictures(page))
    return bool(covered > 0.3 * area) or (
        len(text) < BARE and bool(page.get_fonts() or page.get_cdrawings())
    )


def _boxes_of_pictures(page: Any) -> list[Any]:
    import pymupdf

    return [pymupdf.Rect(info["bbox"]) for info in page.get_image_info()]


def _recognised(page: Any) -> tuple[list[Line], float, float]:
    """The lines of a page that is a picture, and the size of the page as it is read."""
    import numpy
    import pymupdf

    from workers.parsers.picture import ocr

    zoom = min(RENDER_SIDE / max(page.rect.width, page.rect.height), 4.0)
    pixmap = page.get_pixmap(
        matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False
    )
    found = ocr.lines_of(
        numpy.frombuffer(pixmap.samples, numpy.uint8).reshape(
            pixmap.height, pixmap.width, 3
        )
    )
    lines = [
        Line(
            line.text,
            line.x0 / zoom,
            line.y0 / zoom,
            line.x1 / zoom,
            line.y1 / zoom,
            0.8 * line.height / zoom,
        )
        for line in found.lines
    ]
    return lines, found.width / zoom, found.height / zoom
