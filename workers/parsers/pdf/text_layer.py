"""The text layer of a page of PyMuPDF -> lines, those in tables replaced by the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workers.parsers.layout.placed_text import Box, Line, PlacedText
from workers.parsers.layout.readings import readings_of
from workers.parsers.layout.table_frames import NEAR, THIN, frames_of
from workers.parsers.layout.table_grids import table_of
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.pdf import bidi
from workers.parsers.pdf.drawn_boxes import drawn_boxes
from workers.parsers.pdf.form_fields import field_lines, split_at_fields, with_entries
from workers.parsers.pdf.glyphs import is_rtl, normalise
from workers.parsers.pdf.visibility import Visibility

TABLE_SIZE = 10.0
"""Points: size of type that a table counts as among the lines."""
VECTOR_BLOCK = 3
"""MuPDF's number of a block that is drawn."""
SUPERSCRIPT, MONOSPACED, BOLD = 1, 8, 16
"""MuPDF's flags of a span."""


class TextLayer:
    """The text and the drawn shapes of one page, in PyMuPDF's terms until asked."""

    def __init__(self, page: Any) -> None:
        import pymupdf

        # Text and drawn shapes in one pass; ligatures stay, `normalise` takes them
        # apart (MuPDF turns Arabic ones round).
        flags = (
            pymupdf.TEXT_PRESERVE_WHITESPACE
            | pymupdf.TEXT_PRESERVE_LIGATURES
            | pymupdf.TEXT_MEDIABOX_CLIP
            | pymupdf.TEXT_COLLECT_VECTORS
        )
        has_fields = page.first_widget is not None
        self._text_page = (
            _without_fields(page, flags)
            if has_fields
            else page.get_textpage(flags=flags)
        )
        self._visibility = Visibility(page)
        self._content: dict[str, Any] = self._text_page.extractDICT()
        self._is_altered = self._visibility.apply(self._content)
        self.lines = list(_lines(self._content))
        """In the order of the file."""
        self.rtl = is_rtl(self.lines)
        if self.rtl:
            self.lines = list(_lines(self._raw_content()))
        self._readings = readings_of(self.lines)
        self.lines = [line for line in self.lines if line not in self._readings]
        self._fields = field_lines(page) if has_fields else []
        self._join_drawn_boxes()
        if self._fields:
            entries = [field for field in self._fields if field.text]
            cut = split_at_fields(self.lines, self._words(), entries)
            self.lines = with_entries(list(cut), self._fields)

    def _join_drawn_boxes(self) -> None:
        """Take boxes that are drawn for fields, and their marks out of the lines."""
        blocks = self._content["blocks"]
        shapes = [block for block in blocks if block["type"] == VECTOR_BLOCK]
        boxes, marks = drawn_boxes(shapes, self.lines)
        self._fields += boxes
        self.lines = [line for line in self.lines if line not in marks]

    def lines_and_tables(self) -> list[Line]:
        """The lines, those in tables replaced by one line that is the table."""
        lines = self.lines
        drawn, filled = self._shapes()
        width, height = self._content["width"], self._content["height"]
        frames = frames_of(drawn, filled, width, height)
        entries = [field for field in self._fields if field.text]
        words = [*self._words(), *entries] if frames else []
        for frame in frames:
            table = table_of(frame, words, self.rtl)
            if table:
                box = table.box
                lines = [
                    line
                    for line in lines
                    if line.table or not box.holds_point(line.centre, line.middle, NEAR)
                ]
                markdown = markdown_table(table.rows)
                lines.append(Line("", *box, size=TABLE_SIZE, table=markdown))
        return lines

    def _words(self) -> list[PlacedText]:
        """The words of the page, which tables are made of, without readings."""
        return [
            word
            for word in self._all_words()
            if not any(_lies_in(word, reading) for reading in self._readings)
        ]

    def _all_words(self) -> list[PlacedText]:
        """The words of the page."""
        if self.rtl or self._is_altered:
            return list(bidi.words_of(self._raw_content()))
        return [
            PlacedText(normalise(text), x0, y0, x1, y1)
            for x0, y0, x1, y1, text, *_ in self._text_page.extractWORDS()
        ]

    def _raw_content(self) -> dict[str, Any]:
        """The page letter by letter, as people see it."""
        content: dict[str, Any] = self._text_page.extractRAWDICT()
        self._visibility.apply(content)
        return content

    def _shapes(self) -> tuple[list[Box], list[Box]]:
        """What is drawn as lines, and what is filled with colour."""
        drawn, filled = list[Box](), list[Box]()
        for block in self._content["blocks"]:
            if block["type"] != VECTOR_BLOCK:
                continue
            box = Box(*block["bbox"])
            is_thin = box.width <= THIN or box.height <= THIN
            if is_thin or (block["stroked"] and block["isrect"]):
                drawn.append(box)
            elif block["isrect"]:
                filled.append(box)
        return drawn, filled


def _lies_in(word: PlacedText, line: Line) -> bool:
    """Whether a word is one of a line's."""
    box = Box(line.x0, line.y0, line.x1, line.y1)
    return box.holds_point(word.centre, word.middle, 0) and word.text in line.text


def _without_fields(page: Any, flags: int) -> Any:
    """The text of a page with what readers wrote on it, without the fields of its form,
    which are drawn in as many ways as there are programs.
    """
    from pymupdf import TextPage, mupdf

    text_page = mupdf.FzStextPage(mupdf.fz_bound_page(page.this))
    device = mupdf.fz_new_stext_device(text_page, mupdf.FzStextOptions(flags))
    for run in (mupdf.fz_run_page_contents, mupdf.fz_run_page_annots):
        run(page.this, device, mupdf.FzMatrix(), mupdf.FzCookie())
    mupdf.fz_close_device(device)
    return TextPage(text_page)


def _lines(content: dict[str, Any]) -> Iterator[Line]:
    """The lines with text in them, of PyMuPDF's dict or rawdict."""
    for block in content["blocks"]:
        for line in block.get("lines", ()):
            if not line["spans"]:
                continue
            raw = ""
            for span in line["spans"]:
                if "chars" in span:
                    raw += bidi.text_of(span["chars"])
                    continue
                # A raised number of a footnote is set apart from the word before it.
                text = span["text"]
                is_footnote = span["flags"] & SUPERSCRIPT and text.strip().isdigit()
                raw += f" {text}" if is_footnote else text
            text = "" if raw.isspace() else normalise(raw)
            if text:
                yield _placed_line(text, line)


def _placed_line(text: str, line: dict[str, Any]) -> Line:
    """A line in the type of its longest run; bold where all runs are."""
    spans = line["spans"]
    if len(spans) > 1:
        spans = [span for span in spans if _letters(span)] or spans
    longest = max(spans, key=_letters)
    bold = True
    for span in spans:
        bold = bold and (span["flags"] & BOLD or "bold" in span["font"].lower())
    x0, y0, x1, y1 = line["bbox"]
    return Line(
        text,
        x0,
        y0,
        x1,
        y1,
        size=longest["size"],
        bold=bool(bold),
        mono=bool(longest["flags"] & MONOSPACED),
    )


def _letters(span: dict[str, Any]) -> int:
    """How many letters a run has."""
    return len(span["text"].strip()) if "text" in span else len(span["chars"])
