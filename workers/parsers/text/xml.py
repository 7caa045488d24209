"""XML data files and feeds, with no entity of their own ever expanded and nothing ever
fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.text import html
from workers.parsers.text_decoding import decode
from workers.parsers.xml_tree import (
    collapse_whitespace,
    parse_xml,
    tag_of,
    without_namespace,
)

MAX_DEPTH = 200
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_HEADING_TAGS = ("title", "heading", "head", "h1", "h2")


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Every element with text of its own becomes a line under its name; feeds, pages
    and data files alike. XML that is not well-formed is read as browsers read it.
    """
    progress(0, 1)
    text = decode(data).lstrip("\ufeff").rstrip("\0")
    try:
        root = parse_xml(_DECLARATION.sub("", text, count=1))
    except FileRejected as error:
        if "entities" in error.message:
            raise
        return html.parse_bytes(data, limits, progress, name)
    parts = tuple(_parts(root, 0))
    progress(1, 1)
    return ParsedFile(parts)


def _parts(element: Any, depth: int) -> Iterator[Part]:
    """The parts of an element and of those in it."""
    if depth > MAX_DEPTH:
        raise FileRejected("The XML is nested too deeply.")
    children = [child for child in element if tag_of(child)]
    around = [element.text, *(child.tail for child in children)]
    has_text = any((text or "").strip() for text in around)
    are_leaves = all(len(child) == 0 for child in children)
    if has_text and children and are_leaves:  # a sentence with marked words
        yield _labelled(element, collapse_whitespace(element.itertext()))
        return
    texts = [element.text, *(child.tail for child in element)]
    stripped = [(text or "").strip() for text in texts]
    own_text = " ".join(text for text in stripped if text)
    if own_text and html.looks_like_html(own_text):
        yield from html.parts_of_html(own_text)
    elif own_text and tag_of(element).lower() in _HEADING_TAGS:
        yield Part("Title", own_text)
    elif own_text or _attributes(element):
        yield _labelled(element, own_text)
    for child in children:
        yield from _parts(child, depth + 1)


def _labelled(element: Any, text: str) -> Part:
    """A line: the name of the element, its attributes, its text."""
    attributes = _attributes(element)
    tag = tag_of(element)
    label = f"{tag} ({attributes})" if attributes else tag
    return Part("NarrativeText", f"{label}: {text}" if text else label)


def _attributes(element: Any) -> str:
    """The attributes of an element that are not empty."""
    return ", ".join(
        f"{without_namespace(key)}={value}"
        for key, value in element.attrib.items()
        if value.strip()
    )
