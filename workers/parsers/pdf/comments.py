"""The remarks that readers left on a page of a PDF: notes, and what they wrote to a
marked place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

HIDDEN = 2
"""Flag of an annotation that no reader shows."""
MAX_QUOTED = 120
"""Characters of a marked text that are quoted beside the remark on it."""


def comments_of(page: Any) -> Iterator[str]:
    """The remarks on a page of PyMuPDF, each with its author and the text it is on."""
    import pymupdf

    drawn = (pymupdf.PDF_ANNOT_FREE_TEXT, pymupdf.PDF_ANNOT_POPUP)
    marks = (
        pymupdf.PDF_ANNOT_HIGHLIGHT,
        pymupdf.PDF_ANNOT_UNDERLINE,
        pymupdf.PDF_ANNOT_SQUIGGLY,
        pymupdf.PDF_ANNOT_STRIKE_OUT,
    )
    for annotation in page.annots():
        kind = annotation.type[0]
        text = " ".join((annotation.info.get("content") or "").split())
        if not text or kind in drawn or annotation.flags & HIDDEN:
            continue
        author = (annotation.info.get("title") or "").strip()
        label = f"Comment by {author}" if author else "Comment"
        marked = page.get_textbox(annotation.rect) if kind in marks else ""
        quoted = " ".join(marked.split())[:MAX_QUOTED]
        if quoted and quoted != text:
            label += f" on “{quoted}”"
        yield f"{label}: {text}"
