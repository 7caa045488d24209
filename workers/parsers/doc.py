"""DOC, the Word of before 2007."""

from __future__ import annotations

from shared.errors import FileRejected
from workers.parsers.document import Limits, Part, Progress, Reading
from workers.parsers.markdown import parts_of


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """Headings, paragraphs and text boxes. Raises FileRejected."""
    import unword

    progress(0, 1)
    try:
        document = unword.parse_doc(data)
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise FileRejected(f"The DOC cannot be read: {_reason(error)}.") from error
    parts = [*parts_of(document.body_text), *(Part("NarrativeText", box.strip()) for box in document.textboxes if box.strip())]
    if not parts:
        raise FileRejected("The DOC holds no text.")
    progress(1, 1)
    return Reading(tuple(parts))


def _reason(error: BaseException) -> str:
    return "it is encrypted" if "encrypt" in str(error).lower() else "it is damaged, cut off or older than Word 97"
