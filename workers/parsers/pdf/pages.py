"""The lines of all pages of a document -> its parts: headings by size of type,
paragraphs over page ends, lists.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workers.parsers.document import Part
from workers.parsers.layout.hyphenation import WordForms
from workers.parsers.layout.paragraphs import (
    BULLET,
    NUMBER,
    SECTION,
    join_lines,
    paragraphs,
)
from workers.parsers.layout.placed_text import Line
from workers.parsers.layout.reading_order import regions_with_tables
from workers.parsers.pdf.glyphs import is_rtl
from workers.parsers.pdf.table_of_contents import with_contents_as_tables

LEVELS = 5
"""Of headings: the sizes of type that most lines beyond the running text have."""
DEFAULT_SIZE = 10.0
"""Points: of the running text, where there is none."""
SAME_LEVEL = 0.3
"""Points by which a heading may be smaller than others of its level."""

# Sizes of type in times that of the running text.
HEADING_SIZE = 1.12
"""From this on, type is a heading's by its size alone."""
EMPHASISED_SIZE = 0.93
"""From this on, bold type or capitals are a heading's."""

MAX_HEADING_LINES, MAX_HEADING_CHARACTERS = 3, 200
MAX_EMPHASISED_LINES, MAX_EMPHASISED_CHARACTERS = 2, 120
"""Of a heading that is only bold or in capitals."""
MIN_CONTINUED_CHARACTERS = 60
"""A shorter paragraph does not go on in the next column."""
_CAPITALS = re.compile(r"[A-ZÀ-Þ0-9][A-ZÀ-Þ0-9 &,:'’\-–./]{3,80}")
_LETTER = re.compile(r"[^\W\d_]")
_OPEN_END = re.compile(r"[\w,\-\u2010]$")
_NO_HEADING_END = (",", ";", "，", "；", "、")
_SENTENCE_END = (".", "。", ":", "：")


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    number: int
    """From 1."""
    width: float
    height: float
    lines: tuple[Line, ...]
    """In any order."""
    comments: tuple[str, ...] = ()
    """What readers remarked on it."""
    headers: tuple[str, ...] = ()
    """Running headers that stand on it first, as `footers` running footers."""
    footers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Typography:
    """The sizes of type in a document."""

    body: float
    """Of the running text."""
    headings: tuple[float, ...]
    """Largest first."""

    @classmethod
    def of_pages(cls, pages: Sequence[Page]) -> Typography:
        """By the number of characters and lines of each size, in steps of half a point."""
        characters: Counter[float] = Counter()
        lines: Counter[float] = Counter()
        for page in pages:
            for line in page.lines:
                size = round(line.size * 2) / 2
                characters[size] += len(line.text)
                lines[size] += 1
        body = characters.most_common(1)[0][0] if characters else DEFAULT_SIZE
        larger = Counter(
            {
                size: count
                for size, count in lines.items()
                if size >= HEADING_SIZE * body
            }
        )
        headings = [size for size, _ in larger.most_common(LEVELS)]
        return cls(body, tuple(sorted(headings, reverse=True)))

    def level(self, size: float) -> int:
        """The level of a heading of this size, from 0."""
        for level, heading in enumerate(self.headings):
            if size >= heading - SAME_LEVEL:
                return level
        return len(self.headings)


def parts_of_pages(pages: Sequence[Page]) -> list[Part]:
    """The parts of a document in reading order, the remarks on a page at its end."""
    typography = Typography.of_pages(pages)
    texts: list[str] = []
    for page in pages:
        texts += [line.text for line in page.lines]
    words = WordForms.of_lines(texts)
    parts: list[Part] = []
    last_text = -1
    for page in pages:
        parts += _beside_text(page, page.headers)
        for part in _parts_of_page(page, typography, words):
            before = parts[last_text] if last_text >= 0 else Part("", "")
            if _goes_on(before, part):
                text = join_lines([before.text, part.text], words)
                parts[last_text] = replace(before, text=text)
                continue
            last_text = len(parts)
            parts.append(part)
        parts += _beside_text(page, (*page.footers, *page.comments))
    return parts


def _beside_text(page: Page, texts: Sequence[str]) -> list[Part]:
    """Parts of what stands on a page beside its text."""
    return [Part("NarrativeText", text, page.number) for text in texts]


def _goes_on(before: Part, part: Part) -> bool:
    """Whether a part is the rest of the paragraph before it, in the next column or on
    the next page.
    """
    return (
        before.kind in ("NarrativeText", "ListItem")
        and len(before.text) > MIN_CONTINUED_CHARACTERS
        and part.kind == "NarrativeText"
        and part.text[:1].islower()
        and bool(_OPEN_END.search(before.text))
    )


def _parts_of_page(
    page: Page, typography: Typography, words: WordForms
) -> Iterator[Part]:
    """The parts of one page: tables, headings, list items, paragraphs."""
    for column in regions_with_tables(page.lines, is_rtl(page.lines)):
        for paragraph in paragraphs(with_contents_as_tables(column)):
            first = paragraph[0]
            if len(paragraph) == 1 and first.table:
                yield Part("Table", first.table, page.number)
                continue
            texts = [line.text for line in paragraph]
            if first.is_row:
                yield Part("NarrativeText", "\n".join(texts), page.number)
                continue
            text = join_lines(texts, words)
            if _is_heading(paragraph, text, typography.body):
                level = typography.level(first.size)
                yield Part("Title", text, page.number, level)
            elif BULLET.match(text) or NUMBER.match(text):
                yield Part("ListItem", text, page.number)
            else:
                yield Part("NarrativeText", text, page.number)


def _is_heading(paragraph: list[Line], text: str, body_size: float) -> bool:
    """Whether a paragraph, whose text is given too, is short and set off by its type."""
    first = paragraph[0]
    if len(paragraph) > MAX_HEADING_LINES or len(text) > MAX_HEADING_CHARACTERS:
        return False
    if (
        first.is_row
        or first.mono
        or text.endswith(_NO_HEADING_END)
        or not _LETTER.search(text)
    ):
        return False
    if first.size >= HEADING_SIZE * body_size:
        return True
    if not (first.bold or _CAPITALS.fullmatch(text)):
        return False
    if first.size < EMPHASISED_SIZE * body_size:
        return False
    if len(paragraph) > MAX_EMPHASISED_LINES or len(text) >= MAX_EMPHASISED_CHARACTERS:
        return False
    return bool(SECTION.match(text)) or not text.endswith(_SENTENCE_END)
