"""The pictures of a PDF that are worth describing: large on their page, each once; a
scan of a page that was read is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workers.parsers.document import FileLimits, Picture
from workers.parsers.layout.placed_text import Box
from workers.parsers.pdf.pages import Page
from workers.parsers.picture.image import open_inner_picture, pictures_of

MIN_COVERED = 0.03
"""Share of its page that a picture covers: less is a logo."""
WHOLE_PAGE = 0.7
"""Share from which it is the page itself."""
READ_CHARACTERS = 200
"""Characters that were read of such a page: then it is known without its picture."""


def pictures_of_page(
    page: Any, parsed: Page, limits: FileLimits, seen: set[int]
) -> Iterator[Picture]:
    """The pictures on a page of PyMuPDF that was parsed; `seen` are the numbers (xref)
    of those that came before, and is added to.
    """
    characters = sum(len(line.text) for line in parsed.lines)
    for info in page.get_image_info(xrefs=True):
        number, box = info["xref"], Box(*info["bbox"])
        if number in seen:
            continue
        covered = box.width * box.height / (page.rect.width * page.rect.height)
        is_known = covered >= WHOLE_PAGE and characters >= READ_CHARACTERS
        if covered < MIN_COVERED or is_known:
            continue
        seen.add(number)
        # A picture that is drawn in place has no number, a broken one no bytes.
        extracted = page.parent.extract_image(number) if number else {}
        data = bytes(extracted.get("image", b""))
        picture = open_inner_picture(data, limits)
        if picture is not None:
            yield from pictures_of(picture, parsed.number)
