"""EPUB: the chapters in the order of the book, each read as the page of XHTML that it is."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.text import html
from workers.parsers.xml_tree import (
    attribute,
    children,
    descendants,
    first_child,
)
from workers.parsers.zip_package import ZipPackage

LABEL = "EPUB"
CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
MAX_CHAPTERS = 5000
_CHAPTER_TYPES = ("application/xhtml+xml", "text/html")


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Title, author and chapters, without the table of contents. Raises FileRejected."""
    package = ZipPackage(data, limits, LABEL)
    try:
        root_file = next(descendants(package.tree(CONTAINER), "rootfile"), None)
        path = "" if root_file is None else attribute(root_file, "full-path")
        book = package.tree(path)
    except KeyError as error:
        raise FileRejected("The EPUB has no book in it.") from error
    chapters = list(_chapters(book, posixpath.dirname(path)))
    if len(chapters) > MAX_CHAPTERS:
        raise FileRejected(f"The EPUB has more than {MAX_CHAPTERS} chapters.")
    locked = _encrypted(package)
    if any(_normal(chapter) in locked for chapter in chapters):
        raise FileRejected(
            "The EPUB is protected against being read by other programs."
        )
    metadata = first_child(book, "metadata")
    parts = list(_author(metadata))
    for place, chapter in enumerate(chapters):
        progress(place, len(chapters))
        if package.has(chapter):
            page = package.read(chapter)
            parts += html.parse_bytes(page, limits, lambda done, total: None).parts
    progress(len(chapters), max(len(chapters), 1))
    return ParsedFile(tuple(parts), title=_text(metadata, "title"))


def _chapters(book: Any, folder: str) -> Iterator[str]:
    """The parts of the chapters, in reading order."""
    items = {
        attribute(item, "id"): item
        for item in children(first_child(book, "manifest"), "item")
    }
    for reference in children(first_child(book, "spine"), "itemref"):
        item = items.get(attribute(reference, "idref"))
        if item is None or attribute(item, "media-type") not in _CHAPTER_TYPES:
            continue
        if "nav" not in attribute(item, "properties").split():
            href = urlsplit(attribute(item, "href"))
            if not href.scheme:
                yield posixpath.join(folder, unquote(href.path))


def _encrypted(package: ZipPackage) -> set[str]:
    """The parts that are encrypted: in books that are free to read only fonts."""
    if not package.has(ENCRYPTION):
        return set()
    tree = package.tree(ENCRYPTION)
    return {
        _normal(unquote(attribute(item, "URI")))
        for item in descendants(tree, "CipherReference")
    }


def _author(metadata: Any) -> Iterator[Part]:
    authors = [(item.text or "").strip() for item in children(metadata, "creator")]
    if any(authors):
        yield Part("NarrativeText", f"By {', '.join(filter(None, authors))}")


def _text(metadata: Any, tag: str) -> str:
    item = first_child(metadata, tag)
    return "" if item is None else (item.text or "").strip()


def _normal(path: str) -> str:
    return posixpath.normpath("/" + path).lstrip("/").lower()
