"""Split: a document's elements into passages, each under its heading and with its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from shared.domain.passage import Passage
from workers.pipeline.worker_context import Document

LONGEST = 1200
"""Characters of a passage at most: about the 300 tokens of English, 500 of Chinese,
that an embedder still reads as one thing.
"""
LONG_ENOUGH = 800
SHORTEST = 200
"""A section shorter than this shares its passage with the next ones."""
DEEPEST = 3
_BETWEEN = " > "


def split(document: Document, source: str, file: str) -> list[Passage]:
    """Passages in the order of the document; none where it has no text. `source` is the
    name of its bytes, `file` its own.
    """
    return [
        Passage(
            text=section.text,
            source=source,
            file=file,
            position=position,
            page=_page(section),
            heading=heading,
            media_type=document.media_type,
            tags=tuple(document.tags),
        )
        for position, (section, heading) in enumerate(
            _with_headings(_sections(document.elements), document.title)
        )
    ]


def _sections(elements: Iterable[Any]) -> Iterator[Any]:
    """Page by page, since a section over two pages would be given the first one's
    number throughout.
    """
    from unstructured.chunking.title import (
        chunk_by_title,
    )  # 40 MB that a worker of text alone never needs

    for _, page in groupby(elements, key=_page):
        yield from chunk_by_title(
            page,
            max_characters=LONGEST,
            new_after_n_chars=LONG_ENOUGH,
            combine_text_under_n_chars=SHORTEST,
        )


def _with_headings(sections: Iterable[Any], title: str) -> Iterator[tuple[Any, str]]:
    """Each section with the headings that it stands under, outermost first; a section
    that begins with its heading stands under it.
    """
    above: list[tuple[int, str]] = []
    for section in sections:
        elements = section.metadata.orig_elements or []
        opening = _leading_titles(elements)
        for element in elements[:opening]:
            above = _below(above, element)
        yield section, _BETWEEN.join(text for _, text in above[-DEEPEST:]) or title
        for element in elements[opening:]:
            if element.category == "Title":
                above = _below(above, element)


def _leading_titles(elements: list[Any]) -> int:
    return next(
        (
            place
            for place, element in enumerate(elements)
            if element.category != "Title"
        ),
        len(elements),
    )


def _below(above: list[tuple[int, str]], title: Any) -> list[tuple[int, str]]:
    depth = title.metadata.category_depth or 0
    return [
        *(entry for entry in above if entry[0] < depth),
        (depth, " ".join(title.text.split())),
    ]


def _page(element: Any) -> int:
    return int(element.metadata.page_number or 0)
