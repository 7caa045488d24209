"""Split: a document's elements into passages, each under its heading and with its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, groupby, takewhile
from typing import Any

from shared.domain.passage import Passage
from shared.third_party import disable_reporting
from workers.pipeline.steps.split_tables import is_table, table_pieces
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
DENSITY = 4
"""Characters of Latin script that say as much as one of Chinese."""
SAMPLE, DENSE_SHARE = 4000, 0.3
"""Characters by which a script is recognised, and the share of Chinese or Japanese ones."""
_SEPARATOR = " > "
_BESIDE = ", "
_PARAGRAPH_END = "\n\n"


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document that becomes a passage."""

    text: str
    elements: tuple[Any, ...]
    """Those that it is made of."""
    page: int
    heading: str = ""


def split(document: Document, source: str, file: str) -> list[Passage]:
    """Passages in the order of the document; none where it has no text. `source` is the
    name of its bytes in Sources, `file` its own. Takes a while: not for the event loop.
    """
    sections = _with_headings(_sections(document.elements), document.title)
    return [
        Passage(
            text=section.text,
            source=source,
            file=file,
            position=position,
            page=section.page,
            heading=section.heading,
            media_type=document.media_type,
            tags=tuple(document.tags),
        )
        for position, section in enumerate(_joined_headings(sections))
    ]


def _sections(elements: Iterable[Any]) -> Iterator[Section]:
    """Page by page, since a section over two pages would be given the first one's
    number throughout.
    """
    # 40 MB that a worker of text alone never needs
    disable_reporting()
    from unstructured.chunking.title import chunk_by_title

    elements = list(elements)
    min_characters = _min_characters(elements)
    for number, page in groupby(elements, key=_page):
        chunks = chunk_by_title(
            chain.from_iterable(map(_table_pieces, page)),
            max_characters=MAX_CHARACTERS,
            new_after_n_chars=ENOUGH_CHARACTERS,
            combine_text_under_n_chars=min_characters,
        )
        for chunk in chunks:
            origins = tuple(chunk.metadata.orig_elements or ())
            yield from _parted(Section(_text(chunk, origins), origins, number))


def _parted(section: Section) -> Iterator[Section]:
    """A section, and for itself the headings at its end, which belong to what follows."""
    titles = list(takewhile(_is_title, reversed(section.elements)))[::-1]
    ending = _PARAGRAPH_END.join(title.text.strip() for title in titles)
    is_at_end = bool(titles) and section.text.endswith(ending)
    if len(titles) == len(section.elements) or not is_at_end:
        yield section
        return
    body = section.elements[: -len(titles)]
    yield Section(section.text.removesuffix(ending).rstrip(), body, section.page)
    yield Section(ending, tuple(titles), section.page)


def _text(chunk: Any, elements: Iterable[Any]) -> str:
    """The text of a chunk with the line breaks of its elements, which chunking makes
    spaces; of a piece of a long element as chunking gives it.
    """
    whole = _PARAGRAPH_END.join(element.text.strip() for element in elements)
    return whole if whole.split() == chunk.text.split() else str(chunk.text)


def _min_characters(elements: Iterable[Any]) -> int:
    """Below which a section shares its passage: fewer where a character is a word."""
    sample = "".join(element.text for element in elements)[:SAMPLE]
    ideographs = sum(1 for character in sample if "\u3040" <= character < "\ua000")
    is_dense = ideographs > DENSE_SHARE * len(sample)
    return MIN_CHARACTERS // DENSITY if is_dense else MIN_CHARACTERS


def _table_pieces(element: Any) -> Iterator[Any]:
    """A table that is too long for one passage in several."""
    text = element.text
    is_long = element.category == "Table" and len(text) > MAX_CHARACTERS
    if not (is_long and is_table(text)):
        yield element
        return
    for piece in table_pieces(text, MAX_CHARACTERS):
        yield type(element)(piece, metadata=element.metadata)


def _with_headings(sections: Iterable[Section], title: str) -> Iterator[Section]:
    """Each section with the headings that it stands under, outermost first; a section
    that begins with its heading stands under it. One that holds several small parts of
    the document stands under what they have in common, and is named by each.
    """
    path: list[tuple[int, str]] = []
    for section in sections:
        opening = list(takewhile(_is_title, section.elements))
        for element in opening:
            path = _below(path, element)
        paths = [[text for _, text in path]]
        for element in section.elements[len(opening) :]:
            if _is_title(element):
                path = _below(path, element)
                paths.append([text for _, text in path])
        headings = _common(paths)[-MAX_HEADINGS:]
        yield replace(section, heading=_SEPARATOR.join(headings) or title)


def _common(paths: list[list[str]]) -> list[str]:
    """The headings above all of several parts, then the parts' own ones in one. A part
    within another one goes without saying.
    """
    first, *others = paths
    within = [path for path in others if path[: len(first)] != first]
    if not within or not first:
        return first
    above: list[str] = []
    for level in zip(*(path[:-1] for path in (first, *within)), strict=False):
        if len(set(level)) > 1:
            break
        above.append(level[0])
    names = [path[len(above)] for path in (first, *within) if len(path) > len(above)]
    return [*above, _BESIDE.join(dict.fromkeys(names))]


def _joined_headings(sections: Iterable[Section]) -> Iterator[Section]:
    """The sections with each that only holds headings joined to what follows under it,
    a table or the next page; those at the very end to what stands before them. A short
    text before a table stays with it.
    """
    waiting: list[str] = []
    before: Section | None = None
    for section in sections:
        if all(map(_is_title, section.elements)):
            waiting += [element.text for element in section.elements]
            last_heading = section
            continue
        section, waiting = _under(waiting, section), []
        if before and _introduces(before, section):
            text = _PARAGRAPH_END.join((before.text, section.text))
            section = replace(before, text=text)
        elif before:
            yield before
        before = section
    if before:
        yield replace(before, text=_PARAGRAPH_END.join((before.text, *waiting)))
    elif waiting:
        yield replace(last_heading, text=_PARAGRAPH_END.join(waiting))


def _introduces(before: Section, section: Section) -> bool:
    """Whether a short text stands right before a table that it may be the caption of."""
    return (
        section.elements[0].category == "Table"
        and all(element.category != "Table" for element in before.elements)
        and (before.page, before.heading) == (section.page, section.heading)
        and len(before.text) < MIN_CHARACTERS
        and len(before.text) + len(section.text) < MAX_CHARACTERS
    )


def _under(titles: list[str], section: Section) -> Section:
    """A section with the titles above it in its text; where they make it too long, the
    headings that it has anyway are left out.
    """
    text = _PARAGRAPH_END.join((*titles, section.text))
    if len(text) > MAX_CHARACTERS:
        headings = section.heading.split(_SEPARATOR)
        others = [title for title in titles if " ".join(title.split()) not in headings]
        text = _PARAGRAPH_END.join((*others, section.text))
    return replace(section, text=text)


def _below(path: list[tuple[int, str]], title: Any) -> list[tuple[int, str]]:
    """The path of headings, each with its depth, that ends with this title."""
    depth = title.metadata.category_depth or 0
    above = [entry for entry in path if entry[0] < depth]
    return [*above, (depth, " ".join(title.text.split()))]


def _is_title(element: Any) -> bool:
    return bool(element.category == "Title")


def _page(element: Any) -> int:
    return int(element.metadata.page_number or 0)
