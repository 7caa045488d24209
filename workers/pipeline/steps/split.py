"""Split: a document's elements into passages, each under its heading and with its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, takewhile
from typing import Any

from shared.domain.passage import Passage
from shared.third_party import disable_reporting
from workers.pipeline.worker_context import Document

MAX_CHARACTERS = 1200
"""Of a passage: about the 300 tokens of English, 500 of Chinese, that an embedder still
reads as one thing.
"""
ENOUGH_CHARACTERS = 800
"""From which on a passage ends with its paragraph."""
MIN_CHARACTERS = 200
"""A section shorter than this shares its passage with the next ones."""
MAX_HEADINGS = 3
"""Innermost headings that a passage is given."""
_SEPARATOR = " > "


def split(document: Document, source: str, file: str) -> list[Passage]:
    """Passages in the order of the document; none where it has no text. `source` is the
    name of its bytes in Sources, `file` its own. Takes a while: not for the event loop.
    """
    passages: list[Passage] = []
    sections = _sections(document.elements)
    for section, heading in _with_headings(sections, document.title):
        passages.append(
            Passage(
                text=section.text,
                source=source,
                file=file,
                position=len(passages),
                page=_page(section),
                heading=heading,
                media_type=document.media_type,
                tags=tuple(document.tags),
            )
        )
    return passages


def _sections(elements: Iterable[Any]) -> Iterator[Any]:
    """Page by page, since a section over two pages would be given the first one's
    number throughout.
    """
    # 40 MB that a worker of text alone never needs
    disable_reporting()
    from unstructured.chunking.title import chunk_by_title

    for _, page in groupby(elements, key=_page):
        yield from chunk_by_title(
            page,
            max_characters=MAX_CHARACTERS,
            new_after_n_chars=ENOUGH_CHARACTERS,
            combine_text_under_n_chars=MIN_CHARACTERS,
        )


def _with_headings(sections: Iterable[Any], title: str) -> Iterator[tuple[Any, str]]:
    """Each section with the headings that it stands under, outermost first; a section
    that begins with its heading stands under it.
    """
    path: list[tuple[int, str]] = []
    for section in sections:
        elements = section.metadata.orig_elements or []
        opening = list(takewhile(_is_title, elements))
        for element in opening:
            path = _below(path, element)
        headings = [text for _, text in path[-MAX_HEADINGS:]]
        yield section, _SEPARATOR.join(headings) or title
        for element in elements[len(opening) :]:
            if _is_title(element):
                path = _below(path, element)


def _below(path: list[tuple[int, str]], title: Any) -> list[tuple[int, str]]:
    """The path of headings, each with its depth, that ends with this title."""
    depth = title.metadata.category_depth or 0
    above = [entry for entry in path if entry[0] < depth]
    return [*above, (depth, " ".join(title.text.split()))]


def _is_title(element: Any) -> bool:
    return bool(element.category == "Title")


def _page(element: Any) -> int:
    return int(element.metadata.page_number or 0)
