"""What a parser hands on: a Document of `unstructured` elements, and the limits it was
read within.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.contract import LIMITS

if TYPE_CHECKING:
    from unstructured.documents.elements import Element

Progress = Callable[[int, int], None]
"""Called with (pages done, pages in all)."""

DOCUMENT_TAGS = ("multimodal:file",)
IMAGE_TAGS = ("image", "visual")
KINDS = ("Title", "NarrativeText", "ListItem", "Table", "Image")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Sizes in bytes, times in seconds.

    `characters` bounds the text that is kept of one file, `unpacked` what a zip may
    unpack to, `pixels` one picture, `pictures` the embedded pictures whose text is
    read, `shown` the pictures that are handed over to be described. `memory` is address
    space of the parsing process; `stall` the longest time without a page done (of the
    processor; by the clock five times that), `seconds` the longest time for a whole
    file.
    """

    pages: int = LIMITS.file_pages
    bytes: int = LIMITS.file_bytes
    characters: int = 10_000_000
    unpacked: int = 512 * 1024 * 1024
    pixels: int = 100_000_000
    pictures: int = 50
    shown: int = 0
    memory: int = 3 * 1024**3
    stall: float = 120.0
    seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to be looked at: a JPEG, upright and of a size that models take, and
    the page that it stands on (0 where there are none).
    """

    jpeg: bytes
    page: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read. `pages` is 0 where there are none; every element has its
    `metadata.page_number` where there are.
    """

    elements: tuple[Element, ...]
    media_type: str
    pages: int = 0
    tags: tuple[str, ...] = DOCUMENT_TAGS
    name: str = ""
    title: str = ""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a document before it becomes an element: cheap, plain and safe to
    send through a pipe.

    `kind` is one of KINDS; `depth` the level of a heading or list item, from 0; `page`
    counts from 1, 0 where there are none.
    """

    kind: str
    text: str
    page: int = 0
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What one parser made of one file."""

    parts: tuple[Part, ...]
    pages: int = 0
    title: str = ""
    pictures: tuple[Picture, ...] = ()


def build(reading: Reading, media_type: str, name: str = "") -> Document:
    """The Document of a reading; empty parts are left out."""
    return Document(
        elements=tuple(_element(part) for part in reading.parts if part.text.strip()),
        media_type=media_type,
        pages=reading.pages,
        tags=IMAGE_TAGS if media_type.startswith("image/") else DOCUMENT_TAGS,
        name=name,
        title=reading.title or _first_title(reading),
        pictures=reading.pictures,
    )


def _first_title(reading: Reading) -> str:
    return next((part.text for part in reading.parts if part.kind == "Title"), "")[:200]


def _element(part: Part) -> Element:
    from unstructured.documents import elements

    made: type[Element] = getattr(elements, part.kind)
    depth = part.depth if part.kind in ("Title", "ListItem") else None
    return made(
        part.text,
        metadata=elements.ElementMetadata(
            page_number=part.page or None, category_depth=depth
        ),
    )
