"""The values that parsers take and return: the limits of a file, its parts, and the
Document of `unstructured` elements that they become.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.contract import LIMITS
from shared.errors import FileRejected
from shared.third_party import disable_reporting

if TYPE_CHECKING:
    from unstructured.documents.elements import Element

Progress = Callable[[int, int], None]
"""Called with (pages done, pages in all)."""

DOCUMENT_TAGS = ("multimodal:file",)
IMAGE_TAGS = ("image", "visual")
PART_KINDS = ("Title", "NarrativeText", "ListItem", "Table", "Image")
"""Names of element classes of `unstructured`."""
KINDS_WITH_DEPTH = ("Title", "ListItem")
TITLE_CHARACTERS = 200
"""A document without a title of its own takes its first heading, cut to this length."""


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What one file may cost."""

    pages: int = LIMITS.file_pages
    bytes: int = LIMITS.file_bytes
    characters: int = 10_000_000
    """Text that one file may hold."""
    unpacked: int = 512 * 1024 * 1024
    """Bytes that a zip may unpack to."""
    pixels: int = 100_000_000
    """Of one picture."""
    pictures: int = 50
    """Embedded pictures whose text is read."""
    described_pictures: int = 0
    """Pictures that are returned, so that a vision model can describe them."""
    memory: int = 3 * 1024**3
    """Bytes of address space of the parsing process."""
    stall: float = 120.0
    """Seconds of processor time without a page done; by the clock five times that."""
    seconds: float = 3600.0
    """For a whole file, by the clock."""


def check_pages(pages: int, limits: FileLimits, kind: str) -> None:
    """Raises FileRejected for more pages than one file may have. `kind` for people."""
    if pages > limits.pages:
        raise FileRejected(
            f"The {kind} has {pages} pages; at most {limits.pages} are read."
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for a vision model: upright and of a size that models take."""

    jpeg: bytes
    page: int = 0
    """The page that it stands on, from 1; 0 where there are no pages."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file."""

    elements: tuple[Element, ...]
    """Each with its `metadata.page_number`, where there are pages."""
    media_type: str
    pages: int = 0
    """0 where there are none."""
    tags: tuple[str, ...] = DOCUMENT_TAGS
    name: str = ""
    title: str = ""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a document before it becomes an element: plain values only, so
    that it is cheap and safe to send through a pipe.
    """

    kind: str
    """One of PART_KINDS."""
    text: str
    page: int = 0
    """From 1; 0 where there are no pages."""
    depth: int = 0
    """Level of a heading or list item, from 0."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The result of one parser for one file."""

    parts: tuple[Part, ...]
    pages: int = 0
    title: str = ""
    pictures: tuple[Picture, ...] = ()
    media_type: str = ""
    """Set by `dispatch.parse_bytes`; a parser leaves it empty."""


def build_document(parsed: ParsedFile, name: str = "") -> Document:
    """The Document of a parsed file; empty parts are left out."""
    titles = (part.text for part in parsed.parts if part.kind == "Title")
    title = parsed.title or next(titles, "")[:TITLE_CHARACTERS]
    is_image = parsed.media_type.startswith("image/")
    return Document(
        elements=tuple(_element(part) for part in parsed.parts if part.text.strip()),
        media_type=parsed.media_type,
        pages=parsed.pages,
        tags=IMAGE_TAGS if is_image else DOCUMENT_TAGS,
        name=name,
        title=title,
        pictures=parsed.pictures,
    )


def _element(part: Part) -> Element:
    """A part as an element of `unstructured`."""
    disable_reporting()
    from unstructured.documents import elements

    element_class: type[Element] = getattr(elements, part.kind)
    metadata = elements.ElementMetadata(
        page_number=part.page or None,
        category_depth=part.depth if part.kind in KINDS_WITH_DEPTH else None,
    )
    return element_class(part.text, metadata=metadata)
