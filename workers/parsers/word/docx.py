"""DOCX, read from its XML: what python-docx reads and what it passes over (text boxes,
notes, content controls, strict files).
"""

from __future__ import annotations

import contextlib

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Progress, check_pages
from workers.parsers.word.docx_reader import DocxReader
from workers.parsers.xml_tree import first_child
from workers.parsers.zip_package import ZipPackage

MAIN_PART = "word/document.xml"
"""The document, where no relation of the package names it."""


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Body in order; notes where their paragraph ends; page headers first, footers and
    comments last, each once. Raises FileRejected.
    """
    package = ZipPackage(data, limits, "DOCX")
    main = package.main_part(MAIN_PART)
    if not main:
        raise FileRejected("The DOCX has no document in it.")
    stated_pages = _property(package, "docProps/app.xml", "Pages")
    with contextlib.suppress(ValueError):
        check_pages(int(stated_pages), limits, "DOCX")
    reader = DocxReader(package, main, limits, progress)
    check_pages(reader.total_pages, limits, "DOCX")
    parts = reader.parts()
    title = _property(package, "docProps/core.xml", "title").strip()
    return ParsedFile(
        tuple(parts), pages=reader.pages, title=title, pictures=reader.pictures()
    )


def _property(package: ZipPackage, part: str, tag: str) -> str:
    """A property of the document; "" where it has none, or a broken part for it."""
    try:
        root = package.tree(part)
    except (KeyError, FileRejected):
        return ""
    item = first_child(root, tag)
    return "" if item is None else item.text or ""
