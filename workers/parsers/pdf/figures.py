"""The pictures of a PDF that are worth describing: large on their page, each once; a
scan of a page that was read is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workers.parsers.document import Limits, Picture
from workers.parsers.pdf.pages import Page

LEAST = 0.03
"""Share of its page that a picture covers: less is a logo."""
WHOLE = 0.7
"""Share from which it is the page itself."""
READ = 200
"""Characters that were read of such a page: then it is known without its picture."""


def pictures_of_page(
    page: Any, read: Page, limits: Limits, seen: set[int]
) -> Iterator[Picture]:
    """The pictures on a page of PyMuPDF whose lines are `read`; `seen` are the numbers
    of those that came before.
    """
    from workers.parsers.picture.image import inner_picture, pictures_of

    characters = sum(len(line.text) for line in read.lines)
    for info in page.get_image_info(xrefs=True):
        if info["xref"] in seen or not _is_figure(info["bbox"], page, characters):
            continue
        seen.add(info["xref"])
        picture = inner_picture(_bytes_of(page.parent, info["xref"]), limits)
        if picture is not None:
            yield from pictures_of(picture, read.number)


def _is_figure(
    box: tuple[float, float, float, float], page: Any, characters: int
) -> bool:
    covered = (
        (box[2] - box[0]) * (box[3] - box[1]) / (page.rect.width * page.rect.height)
    )
    return covered >= LEAST and not (covered >= WHOLE and characters >= READ)


def _bytes_of(document: Any, number: int) -> bytes:
    """The picture with that number in the file; b"" for one that is drawn in place or broken."""
    found = document.extract_image(number) if number else {}
    return bytes(found.get("image", b""))
