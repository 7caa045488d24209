"""DOC, the Word of before 2007."""

from __future__ import annotations

import importlib
import io
import re
import struct
from collections.abc import Iterable, Iterator

from shared.errors import FileRejected
from workers.parsers.document import Limits, Part, Progress, Reading
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.word.word97 import Encrypted, Paragraph, Word97

_FIELD = re.compile(
    r"\x13[^\x13\x14\x15]*\x14([^\x13\x14\x15]*)\x15|\x13[^\x13\x14\x15]*\x15"
)
_MARKS = str.maketrans(
    {
        "\x0b": "\n",
        "\x1e": "-",
        **dict.fromkeys("\x1f\x01\x02\x05\x08\x07\r\f\x13\x14\x15", ""),
    }
)


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """Headings, paragraphs, list items and tables, then notes and text boxes. Raises FileRejected."""
    progress(0, 1)
    parts = tuple(_of_streams(data) or _by_unword(data))
    progress(1, 1)
    return Reading(parts)


def _of_streams(data: bytes) -> list[Part]:
    """The parts as we read them; [] for a document of another Word, or one that does
    not hold together.
    """
    try:
        document = _document(data)
        return [*_parts(document, document.body()), *_parts(document, document.notes())]
    except Encrypted as error:
        raise FileRejected(
            "The DOC is encrypted; it can be read only without its password."
        ) from error
    except (struct.error, ValueError, KeyError, IndexError, OSError):
        return []


def _document(data: bytes) -> Word97:
    olefile = importlib.import_module("olefile")

    with olefile.OleFileIO(io.BytesIO(data)) as file:
        streams = {
            name: file.openstream(name).read()
            for name in ("0Table", "1Table")
            if file.exists(name)
        }
        return Word97(file.openstream("WordDocument").read(), streams)


def _parts(document: Word97, paragraphs: Iterable[Paragraph]) -> Iterator[Part]:
    rows: list[list[str]] = []
    cells: list[str] = []
    cell: list[str] = []
    for paragraph in paragraphs:
        text = _plain(paragraph.text)
        if not paragraph.props.in_table:
            yield from _table(rows, cells, cell)
            rows, cells, cell = [], [], []
            yield from _part(document, paragraph, text)
        elif paragraph.props.ends_row:
            rows.append(cells)
            cells, cell = [], []
        else:
            cell.append(text)
            if paragraph.text.endswith("\x07"):
                cells.append(" ".join(filter(None, cell)))
                cell = []
    yield from _table(rows, cells, cell)


def _table(rows: list[list[str]], cells: list[str], cell: list[str]) -> Iterator[Part]:
    left = [*cells, " ".join(cell)] if cells or cell else []
    text = markdown_table([*rows, left])
    if text:
        yield Part("Table", text)


def _part(document: Word97, paragraph: Paragraph, text: str) -> Iterator[Part]:
    props = paragraph.props
    if not text:
        return
    label, level = document.numbering.label(
        (props.number, props.level) if props.number else None
    )
    if props.heading is not None:
        yield Part(
            "Title",
            f"{label} {text}" if label not in ("", "-") else text,
            depth=props.heading,
        )
    elif label:
        yield Part("ListItem", f"{label} {text}", depth=level)
    else:
        yield Part("NarrativeText", text)


def _plain(text: str) -> str:
    """Text without marks; of a field its result."""
    for _ in range(8):
        text, found = _FIELD.subn(r"\1", text)
        if not found:
            break
    return text.translate(_MARKS).strip()


def _by_unword(data: bytes) -> Iterator[Part]:
    """What another reader makes of it. Its panics are errors of the file."""
    import unword

    from workers.parsers.text.markdown import parts_of

    try:
        document = unword.parse_doc(data)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise FileRejected(
            "The DOC is damaged, cut off or older than Word 97."
        ) from error
    yield from parts_of(document.body_text)
    yield from (
        Part("NarrativeText", box.strip()) for box in document.textboxes if box.strip()
    )
