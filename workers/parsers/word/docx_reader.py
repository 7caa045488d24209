"""The walk through the parts of a DOCX, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, Part, Picture, Progress
from workers.parsers.drawings import chart_parts, diagram_parts
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.picture.inner_pictures import InnerPictures
from workers.parsers.ruby import ruby_of_field, with_reading, write_readings
from workers.parsers.word.inline_elements import (
    control_value,
    inline_text,
    is_page_break,
)
from workers.parsers.word.numbering import Numbering
from workers.parsers.word.run_properties import is_hidden
from workers.parsers.word.styles import Styles
from workers.parsers.word.table_cells import (
    column_span,
    continues_cell_above,
    wrapped_children,
)
from workers.parsers.word.walk_state import Context, PendingParts
from workers.parsers.xml_tree import attribute, children, first_child, tag_of
from workers.parsers.zip_package import Relation, ZipPackage

_SKIPPED = frozenset(
    "del moveFrom delText fldData pPr rPr tblPr trPr tcPr sdtPr Fallback"
    " proofErr".split()
)
_NOTE_REFERENCES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
"""Tag -> the part with the notes."""
_DRAWING_IDS = {"blip": "embed", "imagedata": "id", "chart": "id", "relIds": "dm"}
"""Tag -> the attribute that names the relation of a drawing."""


class DocxReader:
    """One walk through one document. Raises FileRejected."""

    def __init__(
        self,
        package: ZipPackage,
        main: str,
        limits: FileLimits,
        progress: Progress,
    ) -> None:
        self._package, self._limits, self._progress = package, limits, progress
        self._relations = package.relations(main)
        self._styles = Styles(self._optional_tree("styles"))
        self._numbering = Numbering.of_xml(self._optional_tree("numbering"))
        self._notes = {
            kind: self._notes_by_id(kind) for kind in ("footnotes", "endnotes")
        }
        self._body = first_child(package.tree(main), "body")
        if self._body is None:
            raise FileRejected("The DOCX has no body.")
        self.total_pages = 1 + sum(
            1 for item in self._body.iter() if is_page_break(item)
        )
        self._breaks = 0
        """Page breaks that were passed."""
        self._tables = 0
        """Tables that the walk is in."""
        self._pictures = InnerPictures(package, limits)

    @property
    def pages(self) -> int:
        """Pages as the program that wrote the file last broke them, once the parts were
        read; 0 when it left no trace.
        """
        return self._page if self._breaks else 0

    def parts(self) -> list[Part]:
        """All parts of the document."""
        self._progress(0, self.total_pages)
        parts = [
            *self._headers_or_footers("header"),
            *self._blocks(self._body, Context(self._relations)),
            *self._headers_or_footers("footer"),
            *self._comments(),
        ]
        self._progress(self.total_pages, self.total_pages)
        return parts if self._breaks else [replace(part, page=0) for part in parts]

    def pictures(self) -> tuple[Picture, ...]:
        """Those to be described, once the parts were read."""
        return self._pictures.described(paged=self._breaks > 0)

    @property
    def _page(self) -> int:
        """The page that the walk is on, from 1."""
        return self._breaks + 1

    def _blocks(self, parent: Any, context: Context) -> Iterator[Part]:
        """The paragraphs and tables in an element."""
        for child in parent:
            tag = tag_of(child)
            if tag == "p":
                yield from self._paragraph(child, context)
            elif tag == "tbl":
                yield from self._table(child, context.deeper())
            elif tag == "sdt" and (value := control_value(child)) is not None:
                yield from [Part("NarrativeText", value, self._page)] if value else []
            elif tag and tag not in _SKIPPED and tag != "sectPr":
                yield from self._blocks(child, context.deeper())

    def _joined_blocks(self, parent: Any, context: Context) -> str:
        """The text of all paragraphs and tables in an element."""
        return " ".join(part.text for part in self._blocks(parent, context)).strip()

    def _paragraph(self, paragraph: Any, context: Context) -> Iterator[Part]:
        """A paragraph, then what is in it: text boxes, drawings, notes."""
        pending = PendingParts()
        page = self._page
        runs = "".join(self._runs(paragraph, pending, context))
        text = write_readings(runs).strip()
        if text:
            yield self._text_part(paragraph, text, page)
        for box in pending.boxes:
            yield from self._blocks(box, context.deeper())
        for drawing in pending.drawings:
            yield from self._drawing(drawing)
        for kind, id in pending.notes:
            note = self._notes[kind].get(id)
            if note is not None:
                inside = replace(context.deeper(), relations=self._relations_of(kind))
                note_text = self._joined_blocks(note, inside)
                if note_text:
                    yield Part("NarrativeText", note_text, self._page)

    def _text_part(self, paragraph: Any, text: str, page: int) -> Part:
        """The text of a paragraph as the part that it is by its style."""
        style = self._styles.of(paragraph)
        label, level = self._numbering.label(style.numbering)
        if style.heading is not None:
            numbered = text if label == "-" else f"{label} {text}".strip()
            return Part("Title", numbered, page, style.heading)
        if label:
            return Part("ListItem", f"{label} {text}", page, level)
        return Part("NarrativeText", text, page)

    def _runs(
        self, element: Any, pending: PendingParts, context: Context
    ) -> Iterator[str]:
        """The text of a paragraph; boxes, notes and drawings in it become pending."""
        for child in element:
            tag = tag_of(child)
            if not tag or tag in _SKIPPED or (tag == "r" and is_hidden(child)):
                continue
            if is_page_break(child):
                self._breaks += 1
                self._progress(min(self._breaks, self.total_pages), self.total_pages)
            text = inline_text(child, tag)
            if text is not None:
                yield text
            elif tag == "hyperlink":
                yield self._link(child, pending, context.deeper())
            elif tag == "ruby":
                yield self._ruby(child, pending, context.deeper())
            elif tag in ("instrText", "fldChar"):
                yield from self._field(child, tag, pending, context.deeper())
            elif not self._defer(child, tag, pending, context):
                yield from self._runs(child, pending, context.deeper())

    def _defer(
        self, element: Any, tag: str, pending: PendingParts, context: Context
    ) -> bool:
        """Whether an element is read at the end of its paragraph; it is pending then."""
        if tag == "txbxContent":
            pending.boxes.append(element)
        elif tag in _NOTE_REFERENCES:
            note = (_NOTE_REFERENCES[tag], attribute(element, "id"))
            pending.notes.append(note)
        elif tag in _DRAWING_IDS:
            id = attribute(element, _DRAWING_IDS[tag])
            relation = context.relations.get(id)
            if relation and not relation.external:
                pending.drawings.append(relation)
        else:
            return False
        return True

    def _field(
        self, element: Any, tag: str, pending: PendingParts, context: Context
    ) -> Iterator[str]:
        """What a piece of a field shows: the value of a form's, or a word with the
        reading that the instruction sets above it.
        """
        if tag == "instrText":
            pending.instruction += element.text or ""
            return
        yield ruby_of_field(pending.instruction)
        pending.instruction = ""
        yield from self._runs(element, pending, context)

    def _ruby(self, ruby: Any, pending: PendingParts, context: Context) -> str:
        """A word with the reading above it."""
        base, reading = (
            "".join("".join(self._runs(part, pending, context)) for part in parts)
            for parts in (children(ruby, "rubyBase"), children(ruby, "rt"))
        )
        return with_reading(base, reading)

    def _link(self, link: Any, pending: PendingParts, context: Context) -> str:
        """The text of a link, with its address where it leads out of the document and
        stands in running text.
        """
        text = "".join(self._runs(link, pending, context))
        relation = context.relations.get(attribute(link, "id"))
        if relation is None or not relation.external:
            return text
        is_address = relation.target.removeprefix("mailto:") in text
        if self._tables or not text.strip() or is_address:
            return text
        return f"{text} ({relation.target})"

    def _table(self, table: Any, context: Context) -> Iterator[Part]:
        """A table, or what is in it where it is one cell; merged cells are repeated."""
        page = self._page
        rows: list[list[str]] = []
        inner: list[Part] = []
        self._tables += 1
        for row in wrapped_children(table, "tr"):
            cells: list[str] = []
            for cell in wrapped_children(row, "tc"):
                parts = list(self._blocks(cell, context))
                inner += parts
                text = " ".join(part.text for part in parts if part.kind != "Image")
                has_cell_above = bool(rows) and len(cells) < len(rows[-1])
                if has_cell_above and continues_cell_above(cell):
                    text = rows[-1][len(cells)]
                cells += [text] * column_span(cell)
            rows.append(cells)
        self._tables -= 1
        text = markdown_table(rows)
        if text and (len(rows) > 1 or len(rows[0]) > 1):
            yield Part("Table", text, page)
            yield from (part for part in inner if part.kind == "Image")
        else:
            yield from inner

    def _drawing(self, drawing: Relation) -> Iterator[Part]:
        """The text of a picture, the figures of a chart, the words of a diagram;
        nothing of one that is missing.
        """
        try:
            if drawing.kind == "image":
                yield from self._pictures.parts(drawing.target, self._page)
            elif drawing.kind == "chart":
                yield from chart_parts(self._package.tree(drawing.target), self._page)
            elif drawing.kind == "diagramData":
                yield from diagram_parts(self._package.tree(drawing.target), self._page)
        except KeyError:
            return

    def _notes_by_id(self, kind: str) -> dict[str, Any]:
        """The notes of a kind, without the lines that part them from the text."""
        root = self._optional_tree(kind)
        return {
            attribute(note, "id"): note
            for note in (() if root is None else root)
            if attribute(note, "type") in ("", "normal")
        }

    def _headers_or_footers(self, kind: str) -> Iterator[Part]:
        """Page headers or footers: each text once, page numbers left out."""
        seen: set[str] = set()
        for relation in self._relations.values():
            target = relation.target
            if relation.kind != kind or not self._package.has(target):
                continue
            root = self._package.tree(target)
            for part in self._blocks(root, Context(self._package.relations(target))):
                has_letter = any(character.isalpha() for character in part.text)
                if has_letter and part.text not in seen:
                    seen.add(part.text)
                    element = "Table" if part.kind == "Table" else "NarrativeText"
                    yield replace(part, kind=element, depth=0)

    def _comments(self) -> Iterator[Part]:
        """The comments on the document, each with its author."""
        root = self._optional_tree("comments")
        for comment in () if root is None else root:
            text = self._joined_blocks(comment, Context(self._relations_of("comments")))
            if text:
                author = attribute(comment, "author")
                label = f"Comment by {author}" if author else "Comment"
                yield Part("NarrativeText", f"{label}: {text}", self._page)

    def _optional_tree(self, kind: str) -> Any:
        """The root of a part that a document may have; None when it has none."""
        target = self._target(kind)
        try:
            return self._package.tree(target) if target else None
        except KeyError:
            return None

    def _relations_of(self, kind: str) -> dict[str, Relation]:
        """Where a part of a kind points."""
        return self._package.relations(self._target(kind))

    def _target(self, kind: str) -> str:
        """The part of a kind; "" where there is none."""
        for relation in self._relations.values():
            if relation.kind == kind and not relation.external:
                return relation.target
        return ""
