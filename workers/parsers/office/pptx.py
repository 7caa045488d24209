"""PPTX, read from its XML: each slide is a page, with its title, texts, tables, charts,
diagrams and pictures, then the speaker's notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.drawings import chart_parts, diagram_parts
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.picture.inner_pictures import InnerPictures
from workers.parsers.xml_tree import (
    attribute,
    children,
    descendants,
    first_child,
    tag_of,
)
from workers.parsers.zip_package import Relation, ZipPackage

LABEL = "PPTX"
MAIN_PART = "ppt/presentation.xml"
"""The presentation, where no relation of the package names it."""
MAX_DEPTH = 50
"""Of groups of shapes in each other."""
_TITLES = ("title", "ctrTitle")
_PROSE = (*_TITLES, "subTitle")
_ORNAMENTS = ("sldNum", "dt", "ftr", "hdr", "sldImg")
"""Placeholders that say nothing of their own."""
_BULLETS = ("buChar", "buAutoNum", "buBlip")


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """The slides in their order, hidden ones too. Raises FileRejected."""
    package = ZipPackage(data, limits, LABEL)
    main = package.main_part(MAIN_PART)
    if not main:
        raise FileRejected("The PPTX has no presentation in it.")
    slides = _slides(package, main)
    if len(slides) > limits.pages:
        raise FileRejected(
            f"The PPTX has {len(slides)} slides; at most {limits.pages} are read."
        )
    progress(0, len(slides))
    pictures = InnerPictures(package, limits)
    parts: list[Part] = []
    for page, slide in enumerate(slides, 1):
        parts += SlideReader(package, slide, page, pictures).parts()
        progress(page, len(slides))
    return ParsedFile(
        tuple(parts),
        pages=len(slides),
        title=_title(package),
        pictures=pictures.described(),
    )


def _slides(package: ZipPackage, main: str) -> list[str]:
    """The parts of the slides, in the order of the presentation."""
    relations = package.relations(main)
    listed = first_child(package.tree(main), "sldIdLst")
    named = [relations.get(_relation_id(item)) for item in children(listed, "sldId")]
    return [
        relation.target
        for relation in named
        if relation is not None and package.has(relation.target)
    ]


def _relation_id(element: Any) -> str:
    """The id with a namespace: the slide's own has none."""
    for key, value in element.attrib.items():
        if key.startswith("{") and key.endswith("}id"):
            return str(value)
    return ""


def _title(package: ZipPackage) -> str:
    """The title that its author gave the whole; "" where there is none."""
    try:
        item = first_child(package.tree("docProps/core.xml"), "title")
    except (KeyError, FileRejected):
        return ""
    title = "" if item is None else (item.text or "").strip()
    return "" if title == "PowerPoint Presentation" else title


class SlideReader:
    """The parts of one slide. Raises FileRejected."""

    def __init__(
        self, package: ZipPackage, slide: str, page: int, pictures: InnerPictures
    ) -> None:
        self._package, self._page, self._pictures = package, page, pictures
        self._slide = slide
        self._relations = package.relations(slide)

    def parts(self) -> list[Part]:
        """The title first, then the shapes in their order, then the notes."""
        tree = next(descendants(self._package.tree(self._slide), "spTree"), None)
        shapes = list(self._shapes(tree, 0))
        shapes.sort(key=lambda part: part.kind != "Title")
        return [*shapes, *self._notes()]

    def _shapes(self, tree: Any, depth: int) -> Iterator[Part]:
        """The parts of the shapes in a tree or a group."""
        if depth > MAX_DEPTH:
            raise FileRejected("The PPTX is nested too deeply.")
        for shape in tree if tree is not None else ():
            tag = tag_of(shape)
            if tag in ("sp", "cxnSp"):
                yield from self._texts(shape)
            elif tag == "grpSp":
                yield from self._shapes(shape, depth + 1)
            elif tag == "graphicFrame":
                yield from self._frame(shape)
            elif tag == "pic":
                yield from self._picture(shape)
            elif tag == "AlternateContent":
                choice = first_child(shape, "Choice")
                if choice is None:
                    choice = first_child(shape, "Fallback")
                yield from self._shapes(choice, depth + 1)

    def _texts(self, shape: Any) -> Iterator[Part]:
        """The paragraphs of a shape: a title, items of the slide's list, or prose."""
        kind = _placeholder(shape)
        body = first_child(shape, "txBody")
        if kind in _ORNAMENTS or body is None:
            return
        if kind in _TITLES:
            title = " ".join(filter(None, map(paragraph_text, children(body, "p"))))
            if title:
                yield Part("Title", title, self._page)
            return
        for paragraph in children(body, "p"):
            text = paragraph_text(paragraph)
            if text and _is_item(paragraph, kind):
                level = (
                    attribute(first_child(paragraph, "pPr"), "lvl")
                    if _has(paragraph, "pPr")
                    else ""
                )
                depth = int(level) if level.isdecimal() else 0
                yield Part("ListItem", f"- {text}", self._page, min(depth, 8))
            elif text:
                yield Part("NarrativeText", text, self._page)

    def _frame(self, frame: Any) -> Iterator[Part]:
        """A table, the figures of a chart, or the words of a diagram."""
        table = next(descendants(frame, "tbl"), None)
        if table is not None:
            text = markdown_table(_rows(table))
            if text:
                yield Part("Table", text, self._page)
            return
        for tag, key, read in (
            ("chart", "id", chart_parts),
            ("relIds", "dm", diagram_parts),
        ):
            for item in descendants(frame, tag):
                relation = self._relations.get(attribute(item, key))
                if _is_inside(self._package, relation):
                    yield from read(self._package.tree(relation.target), self._page)  # type: ignore[union-attr]

    def _picture(self, picture: Any) -> Iterator[Part]:
        for blip in descendants(picture, "blip"):
            relation = self._relations.get(attribute(blip, "embed"))
            if relation is not None and not relation.external:
                yield from self._pictures.parts(relation.target, self._page)

    def _notes(self) -> Iterator[Part]:
        """What the speaker wrote down for the slide."""
        for relation in self._relations.values():
            if relation.kind != "notesSlide" or not _is_inside(self._package, relation):
                continue
            for shape in descendants(self._package.tree(relation.target), "sp"):
                body = first_child(shape, "txBody")
                if _placeholder(shape) != "body" or body is None:
                    continue
                text = "\n".join(filter(None, map(paragraph_text, children(body, "p"))))
                if text:
                    yield Part("NarrativeText", f"Speaker's notes: {text}", self._page)


def paragraph_text(paragraph: Any) -> str:
    """The text of a paragraph of DrawingML, its line breaks as spaces."""
    pieces = []
    for run in paragraph:
        tag = tag_of(run)
        if tag in ("r", "fld"):
            pieces += [item.text or "" for item in children(run, "t")]
        elif tag == "br":
            pieces.append(" ")
    return " ".join("".join(pieces).split())


def _is_inside(package: ZipPackage, relation: Relation | None) -> bool:
    return (
        relation is not None and not relation.external and package.has(relation.target)
    )


def _has(element: Any, tag: str) -> bool:
    return first_child(element, tag) is not None


def _placeholder(shape: Any) -> str:
    """The type of a placeholder, "obj" where it names none; "" for a shape that is none."""
    for item in shape:
        if tag_of(item).startswith("nv"):
            for holder in descendants(item, "ph"):
                return attribute(holder, "type") or "obj"
    return ""


def _is_item(paragraph: Any, placeholder: str) -> bool:
    """Whether a paragraph has a bullet: those of the slide's list have one unless it is
    taken away, those of other shapes only where it is set.
    """
    properties = first_child(paragraph, "pPr")
    tags = {tag_of(item) for item in properties} if properties is not None else set()
    if any(bullet in tags for bullet in _BULLETS):
        return True
    return bool(placeholder) and placeholder not in _PROSE and "buNone" not in tags


def _rows(table: Any) -> list[list[str]]:
    """The cells of a table; merged ones are repeated."""
    rows: list[list[str]] = []
    for row in children(table, "tr"):
        cells: list[str] = []
        for cell in children(row, "tc"):
            body = first_child(cell, "txBody")
            text = " ".join(filter(None, map(paragraph_text, children(body, "p"))))
            if attribute(cell, "hMerge") in ("1", "true") and cells:
                text = cells[-1]
            elif attribute(cell, "vMerge") in ("1", "true") and rows:
                text = rows[-1][len(cells)] if len(cells) < len(rows[-1]) else ""
            cells.append(text)
        rows.append(cells)
    return rows
