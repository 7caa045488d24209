"""DOCX, read from its XML: what python-docx reads and what it passes over (text boxes,
notes, content controls, strict files).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import Limits, Part, Picture, Progress, Reading
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.text.xml import local
from workers.parsers.word.drawings import chart_parts, diagram_parts
from workers.parsers.word.numbering import Numbering
from workers.parsers.word.omml import latex
from workers.parsers.word.package import Package, Relation
from workers.parsers.word.styles import Styles
from workers.parsers.word.wordml import (
    attribute,
    is_checked,
    is_page_break,
    merge,
    span,
    symbol,
    within,
)

MAX_DEPTH = 100
_SKIPPED = {
    "del",
    "moveFrom",
    "delText",
    "instrText",
    "fldData",
    "pPr",
    "rPr",
    "tblPr",
    "trPr",
    "tcPr",
    "sdtPr",
    "Fallback",
    "proofErr",
}
_BOXES = str.maketrans({"☒": "[x]", "☑": "[x]", "☐": "[ ]"})
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-", "ptab": "\t"}


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """Body in order; notes where their paragraph ends; page headers first, footers and
    comments last, each once. Raises FileRejected.
    """
    package = Package(data, limits)
    main = _main_part(package)
    pages = _stated_pages(package)
    if pages > limits.pages:
        raise FileRejected(
            f"The DOCX has {pages} pages; at most {limits.pages} are read."
        )
    reader = _Reader(package, main, limits, progress)
    parts = reader.document()
    return Reading(
        tuple(parts),
        pages=reader.pages,
        title=_title(package),
        pictures=reader.pictures,
    )


def _main_part(package: Package) -> str:
    for relation in package.relations("").values():
        if relation.kind == "officeDocument" and package.has(relation.target):
            return relation.target
    if package.has("word/document.xml"):
        return "word/document.xml"
    raise FileRejected("The DOCX has no document in it.")


def _stated_pages(package: Package) -> int:
    try:
        return next(
            int(item.text)
            for item in package.tree("docProps/app.xml")
            if local(item) == "Pages"
        )
    except (KeyError, StopIteration, ValueError, TypeError, FileRejected):
        return 0


def _title(package: Package) -> str:
    try:
        return next(
            (item.text or "").strip()
            for item in package.tree("docProps/core.xml")
            if local(item) == "title"
        )
    except (KeyError, StopIteration, FileRejected):
        return ""


@dataclass
class _Place:
    """Where the walk is: which part's relations hold, and what was met in the paragraph
    at hand and waits for its end.
    """

    relations: dict[str, Relation]
    in_table: bool = False
    boxes: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    drawings: list[Relation] = field(default_factory=list)


class _Reader:
    """One walk through one document."""

    def __init__(
        self, package: Package, main: str, limits: Limits, progress: Progress
    ) -> None:
        self._package, self._main, self._limits, self._progress = (
            package,
            main,
            limits,
            progress,
        )
        self._relations = package.relations(main)
        self._styles = Styles(self._optional("styles"))
        self._numbering = Numbering.of_xml(self._optional("numbering"))
        self._notes = {
            kind: self._note_elements(kind) for kind in ("footnotes", "endnotes")
        }
        self._seen_pictures: set[str] = set()
        self._pictures: list[Picture] = []
        self._page = 1
        self._breaks = 0
        self._tables = 0

    @property
    def pages(self) -> int:
        """Pages as the program that wrote the file last broke them; 0 when it left no trace."""
        return self._page if self._breaks else 0

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Those to be described."""
        return tuple(
            self._pictures
            if self._breaks
            else (replace(picture, page=0) for picture in self._pictures)
        )

    def document(self) -> list[Part]:
        """All parts of the document."""
        root = self._package.tree(self._main)
        body = next((child for child in root if local(child) == "body"), None)
        if body is None:
            raise FileRejected("The DOCX has no body.")
        total = 1 + sum(1 for item in body.iter() if is_page_break(item))
        if total > self._limits.pages:
            raise FileRejected(
                f"The DOCX has {total} pages; at most {self._limits.pages} are read."
            )
        self._total = total
        self._progress(0, total)
        parts = [
            *self._furniture("header"),
            *self._blocks(body, self._relations, 0),
            *self._furniture("footer"),
            *self._comments(),
        ]
        self._progress(total, total)
        return parts if self._breaks else [replace(part, page=0) for part in parts]

    def _blocks(
        self, parent: Any, relations: dict[str, Relation], depth: int
    ) -> Iterator[Part]:
        if depth > MAX_DEPTH:
            raise FileRejected("The DOCX is nested too deeply.")
        for child in parent:
            tag = local(child)
            if tag == "p":
                yield from self._paragraph(child, relations, depth)
            elif tag == "tbl":
                yield from self._table(child, relations, depth)
            elif tag and tag not in _SKIPPED and tag != "sectPr":
                yield from self._blocks(child, relations, depth + 1)

    def _paragraph(
        self, paragraph: Any, relations: dict[str, Relation], depth: int
    ) -> Iterator[Part]:
        place = _Place(relations, self._tables > 0)
        page = self._page
        text = "".join(self._runs(paragraph, place, depth)).strip()
        if text:
            yield self._text_part(paragraph, text, page)
        for box in place.boxes:
            yield from self._blocks(box, relations, depth + 1)
        for drawing in place.drawings:
            yield from self._drawing(drawing)
        for kind, note in place.notes:
            yield from self._note(kind, note, depth)

    def _text_part(self, paragraph: Any, text: str, page: int) -> Part:
        style = self._styles.of(paragraph)
        label, level = self._numbering.label(style.numbering)
        if style.heading is not None:
            return Part(
                "Title",
                f"{label} {text}".strip() if label != "-" else text,
                page,
                style.heading,
            )
        if label:
            return Part("ListItem", f"{label} {text}", page, level)
        return Part("NarrativeText", text, page)

    def _runs(self, element: Any, place: _Place, depth: int) -> Iterator[str]:
        """The text of a paragraph; boxes, notes and pictures in it are noted in `place`."""
        if depth > MAX_DEPTH:
            raise FileRejected("The DOCX is nested too deeply.")
        for child in element:
            tag = local(child)
            if not tag or tag in _SKIPPED:
                continue
            if is_page_break(child):
                self._next_page()
            if tag == "t":
                yield (child.text or "").translate(_BOXES)
            elif tag in _BREAKS:
                yield _BREAKS[tag]
            elif tag in ("oMath", "oMathPara"):
                yield f" {latex(child)} "
            else:
                yield from self._inline(child, tag, place, depth)

    def _inline(self, child: Any, tag: str, place: _Place, depth: int) -> Iterator[str]:
        if tag == "txbxContent":
            place.boxes.append(child)
        elif tag in ("footnoteReference", "endnoteReference"):
            place.notes.append(
                (tag.removesuffix("Reference") + "s", attribute(child, "id"))
            )
        elif tag in ("blip", "imagedata", "chart", "relIds"):
            relation = place.relations.get(
                attribute(child, {"blip": "embed", "relIds": "dm"}.get(tag, "id"))
            )
            if relation and not relation.external:
                place.drawings.append(relation)
        elif tag == "hyperlink":
            yield self._link(child, place, depth)
        elif tag == "sym":
            yield symbol(child)
        elif tag in ("checkBox", "checkbox"):
            yield "[x] " if is_checked(child) else "[ ] "
        else:
            yield from self._runs(child, place, depth + 1)

    def _link(self, link: Any, place: _Place, depth: int) -> str:
        """The text of a link, with its address where it leads out of the document and
        stands in running text.
        """
        text = "".join(self._runs(link, place, depth + 1))
        relation = place.relations.get(attribute(link, "id"))
        shown = (
            relation is not None
            and relation.external
            and not place.in_table
            and text.strip()
        )
        if (
            relation is None
            or not shown
            or relation.target.removeprefix("mailto:") in text
        ):
            return text
        return f"{text} ({relation.target})"

    def _next_page(self) -> None:
        self._page += 1
        self._breaks += 1
        self._progress(min(self._page - 1, self._total), self._total)

    def _table(
        self, table: Any, relations: dict[str, Relation], depth: int
    ) -> Iterator[Part]:
        page = self._page
        self._tables += 1
        rows, extra = self._grid(table, relations, depth + 1)
        self._tables -= 1
        text = markdown_table(rows)
        if text and (len(rows) > 1 or len(rows[0]) > 1):
            yield Part("Table", text, page)
            yield from (part for part in extra if part.kind == "Image")
        else:
            yield from extra

    def _grid(
        self, table: Any, relations: dict[str, Relation], depth: int
    ) -> tuple[list[list[str]], list[Part]]:
        """The cells of a table, merged ones repeated, and the parts that they were made of."""
        if depth > MAX_DEPTH:
            raise FileRejected("The DOCX is nested too deeply.")
        rows: list[list[str]] = []
        extra: list[Part] = []
        for row in within(table, "tr"):
            cells: list[str] = []
            for cell in within(row, "tc"):
                parts = list(self._blocks(cell, relations, depth))
                extra += parts
                text = " ".join(part.text for part in parts if part.kind != "Image")
                if merge(cell) == "continue" and rows and len(cells) < len(rows[-1]):
                    text = rows[-1][len(cells)]
                cells += [text] * span(cell)
            rows.append(cells)
        return rows, extra

    def _drawing(self, drawing: Relation) -> Iterator[Part]:
        """The text of a picture, the figures of a chart, the words of a diagram;
        nothing of one that is broken.
        """
        try:
            if drawing.kind == "image":
                yield from self._picture(drawing.target)
            elif drawing.kind == "chart":
                yield from chart_parts(self._package.tree(drawing.target), self._page)
            elif drawing.kind == "diagramData":
                yield from diagram_parts(self._package.tree(drawing.target), self._page)
        except KeyError:
            return

    def _picture(self, target: str) -> Iterator[Part]:
        """The text of an embedded picture, each picture once; one that cannot be read
        says nothing.
        """
        from workers.parsers.picture.image import inner_picture, parts_of, pictures_of

        if (
            target in self._seen_pictures
            or len(self._seen_pictures) >= self._limits.pictures
            or not self._package.has(target)
        ):
            return
        self._seen_pictures.add(target)
        picture = inner_picture(self._package.read(target), self._limits)
        if picture is None:
            return
        if len(self._pictures) < self._limits.shown:
            self._pictures += pictures_of(picture, self._page)
        text = "\n".join(part.text for part in parts_of(picture))
        if text:
            yield Part("Image", f"Text in a picture: {text}", self._page)

    def _note(self, kind: str, id: str, depth: int) -> Iterator[Part]:
        element = self._notes[kind].get(id)
        if element is not None:
            text = " ".join(
                part.text
                for part in self._blocks(element, self._part_relations(kind), depth + 1)
            )
            if text.strip():
                yield Part("NarrativeText", text.strip(), self._page)

    def _note_elements(self, kind: str) -> dict[str, Any]:
        root = self._optional(kind)
        return (
            {
                attribute(note, "id"): note
                for note in root
                if attribute(note, "type") in ("", "normal")
            }
            if root is not None
            else {}
        )

    def _furniture(self, kind: str) -> Iterator[Part]:
        """Page headers or footers: each text once, page numbers left out."""
        seen: set[str] = set()
        for relation in self._relations.values():
            if relation.kind == kind and self._package.has(relation.target):
                for part in self._blocks(
                    self._package.tree(relation.target),
                    self._package.relations(relation.target),
                    0,
                ):
                    if part.text not in seen and any(
                        letter.isalpha() for letter in part.text
                    ):
                        seen.add(part.text)
                        yield replace(
                            part,
                            kind="Table" if part.kind == "Table" else "NarrativeText",
                            depth=0,
                        )

    def _comments(self) -> Iterator[Part]:
        root = self._optional("comments")
        for comment in root if root is not None else ():
            text = " ".join(
                part.text
                for part in self._blocks(comment, self._part_relations("comments"), 0)
            )
            if text.strip():
                author = attribute(comment, "author")
                yield Part(
                    "NarrativeText",
                    f"Comment{f' by {author}' if author else ''}: {text.strip()}",
                    self._page,
                )

    def _optional(self, kind: str) -> Any:
        """The root of a part that a document may have; None when it has none or a broken one."""
        target = self._target(kind)
        try:
            return self._package.tree(target) if target else None
        except KeyError:
            return None

    def _part_relations(self, kind: str) -> dict[str, Relation]:
        return self._package.relations(self._target(kind))

    def _target(self, kind: str) -> str:
        return next(
            (
                relation.target
                for relation in self._relations.values()
                if relation.kind == kind and not relation.external
            ),
            "",
        )
