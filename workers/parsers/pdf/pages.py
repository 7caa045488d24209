"""The lines of all pages of a document -> its parts: headings by size of type,
paragraphs over page ends, lists.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workers.parsers.document import Part
from workers.parsers.layout.paragraphs import (
    BULLET,
    NUMBER,
    SECTION,
    joined,
    paragraphs,
)
from workers.parsers.layout.reading_order import Line, regions
from workers.parsers.pdf.contents import with_contents
from workers.parsers.pdf.letters import is_rtl

LEVELS = 5
_HYPHENATED = re.compile(r"\b\w+-\w+\b")
_CAPITALS = re.compile(r"[A-ZÀ-Þ0-9][A-ZÀ-Þ0-9 &,:'’\-–./]{3,80}")
_OPEN_END = re.compile(r"[\w,\-\u2010]$")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its number (from 1), its size and its lines in any order."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a document: the size of its running text, and the sizes of its
    headings, largest first.
    """

    body: float
    headings: tuple[float, ...]

    def level(self, size: float) -> int:
        """The level of a heading of this size, from 0."""
        return next(
            (at for at, known in enumerate(self.headings) if size >= known - 0.3),
            len(self.headings),
        )


def parts_of_pages(pages: Sequence[Page]) -> list[Part]:
    """The parts of a document in reading order."""
    type_ = _type_of(pages)
    known = frozenset(
        word.lower()
        for page in pages
        for line in page.lines
        for word in _HYPHENATED.findall(line.text)
    )
    made: list[Part] = []
    for page in pages:
        for part in _parts_of_page(page, type_, known):
            if made and _continues(made[-1], part):
                made[-1] = replace(
                    made[-1], text=joined([made[-1].text, part.text], known)
                )
            else:
                made.append(part)
    return made


def _parts_of_page(page: Page, type_: Type, known: frozenset[str]) -> Iterator[Part]:
    for column in regions(page.lines, is_rtl(page.lines)):
        for paragraph in paragraphs(with_contents(column)):
            if len(paragraph) == 1 and paragraph[0].table:
                yield Part("Table", paragraph[0].table, page.number)
                continue
            text = joined([line.text for line in paragraph], known)
            yield _part(paragraph, text, page.number, type_)


def _part(paragraph: list[Line], text: str, page: int, type_: Type) -> Part:
    if _is_heading(paragraph, text, type_):
        return Part("Title", text, page, type_.level(paragraph[0].size))
    if BULLET.match(text) or NUMBER.match(text):
        return Part("ListItem", text, page)
    return Part("NarrativeText", text, page)


def _is_heading(paragraph: list[Line], text: str, type_: Type) -> bool:
    if (
        len(paragraph) > 3
        or len(text) > 200
        or not re.search(r"[^\W\d_]", text)
        or text.endswith((",", ";", "，", "；", "、"))
    ):
        return False
    first = paragraph[0]
    if first.mono:
        return False
    if first.size >= 1.12 * type_.body:
        return True
    emphasised = first.bold or bool(_CAPITALS.fullmatch(text))
    return (
        emphasised
        and first.size >= 0.93 * type_.body
        and len(paragraph) <= 2
        and len(text) < 120
        and (bool(SECTION.match(text)) or not text.endswith((".", "。", ":", "：")))
    )


def _type_of(pages: Sequence[Page]) -> Type:
    sizes: Counter[float] = Counter()
    lines: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            size = round(line.size * 2) / 2
            sizes[size] += len(line.text)
            lines[size] += 1
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    larger = Counter(
        {size: count for size, count in lines.items() if size >= 1.12 * body}
    )
    return Type(
        body,
        tuple(sorted((size for size, _ in larger.most_common(LEVELS)), reverse=True)),
    )


def _continues(before: Part, part: Part) -> bool:
    """Whether a paragraph only goes on, in the next column or on the next page."""
    return (
        part.kind == "NarrativeText"
        and before.kind in ("NarrativeText", "ListItem")
        and bool(_OPEN_END.search(before.text))
        and (part.text[0].islower())
        and len(before.text) > 60
    )
