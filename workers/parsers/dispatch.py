"""Media type -> parser, and the guards that stand before every one of them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace

from shared.contract import Code
from shared.errors import FileRejected
from workers.parsers.document import Limits, Part, Progress, Reading
from workers.parsers.sniff import (
    DOC,
    DOCX,
    HTML,
    JSON,
    MARKDOWN,
    PDF,
    RTF,
    TEXT,
    XML,
    sniff,
)

Reader = Callable[[bytes, Limits, Progress, str], Reading]

READERS = {
    PDF: "pdf.pdf",
    DOCX: "word.docx",
    DOC: "word.doc",
    RTF: "word.rtf",
    TEXT: "text.plain_text",
    MARKDOWN: "text.markdown",
    JSON: "text.json_data",
    XML: "text.xml",
    HTML: "text.html",
}


def read(
    data: bytes, limits: Limits, progress: Progress, name: str = ""
) -> tuple[str, Reading]:
    """The media type and the reading of a file. Raises FileRejected, and nothing else
    that a file could cause.
    """
    if not data:
        raise FileRejected("The file is empty.")
    if len(data) > limits.bytes:
        raise FileRejected(
            f"The file is larger than {limits.bytes // 1024**2} MB.",
            code=Code.FILE_TOO_LARGE,
        )
    media_type = sniff(data, limits)
    try:
        reading = reader_of(media_type)(data, limits, progress, name)
    except FileRejected:
        raise
    except MemoryError as error:
        raise FileRejected(
            "The file needs more memory than one file may take."
        ) from error
    except RecursionError as error:
        raise FileRejected("The file is nested too deeply.") from error
    except Exception as error:
        raise FileRejected(
            f"The file cannot be read as {media_type}: it is damaged or cut off."
        ) from error
    return media_type, _known(_within(reading, limits), media_type, len(data), name)


def reader_of(media_type: str) -> Reader:
    """The `read` function of the parser for a media type; parsers are imported when
    they are first needed.
    """
    name = "picture.image" if media_type.startswith("image/") else READERS[media_type]
    reader: Reader = importlib.import_module(f"workers.parsers.{name}").read
    return reader


def _within(reading: Reading, limits: Limits) -> Reading:
    """The same reading, its text fit to be stored. Raises FileRejected when there is
    more text than one file may hold.
    """
    if sum(len(part.text) for part in reading.parts) > limits.characters:
        raise FileRejected(
            f"The file holds more text than one file may ({limits.characters} characters)."
        )
    return replace(
        reading,
        parts=tuple(replace(part, text=clean(part.text)) for part in reading.parts),
        title=clean(reading.title),
    )


def _known(reading: Reading, media_type: str, size: int, name: str) -> Reading:
    """The same reading; of a file without text what is known of it, and that there was none."""
    if any(part.text for part in reading.parts):
        return reading
    told = [
        media_type,
        *([f"{reading.pages} pages"] if reading.pages else []),
        f"{max(size // 1024, 1)} KB",
    ]
    return replace(
        reading,
        parts=(
            Part(
                "NarrativeText",
                f"A file{f' named {name}' if name else ''} ({', '.join(told)}) without text.",
            ),
        ),
    )


_DROPPED = {
    code: None
    for code in (*range(32), *range(0x7F, 0xA0), 0xFEFF, 0xFFFE, 0xFFFF)
    if chr(code) not in "\n\t"
}


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, which neither JSON nor a
    database takes.
    """
    return text.translate(_DROPPED).encode("utf-8", "ignore").decode("utf-8").strip()
