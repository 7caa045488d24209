"""DOC, the Word of before 2007."""

from __future__ import annotations

import importlib
import io
import re
import struct
from collections.abc import Iterable, Iterator

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Part, Progress, check_pages
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.ruby import ruby_of_field, write_readings
from workers.parsers.symbol_fonts import private_symbols
from workers.parsers.text.markdown import parts_of_markdown
from workers.parsers.word.word97 import CELL_END, EncryptedError, Paragraph, Word97

_FIELD = re.compile(
    r"\x13[^\x13\x14\x15]*\x14([^\x13\x14\x15]*)\x15|\x13([^\x13\x14\x15]*)\x15"
)
"""A field: \\x13 instruction \\x14 result \\x15."""
FIELD_DEPTH = 8
"""Of fields in each other."""
_MARKS = str.maketrans(
    {
        "\x0b": "\n",
        "\x1e": "-",
        **dict.fromkeys("\x1f\x01\x02\x05\x08\x07\r\f\x13\x14\x15", ""),
    }
)
_TABLE_STREAMS = ("0Table", "1Table")
_SUMMARY, _PAGE_COUNT = "\x05SummaryInformation", 14
"""The stream of what a document says of itself, and the number of a property in it."""


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Headings, paragraphs, list items and tables, then notes and text boxes. Raises
    FileRejected.
    """
    check_pages(_stated_pages(data), limits, "DOC")
    progress(0, 1)
    parts = tuple(_parts_of_streams(data) or _parts_by_unword(data))
    progress(1, 1)
    return ParsedFile(parts)


def _stated_pages(data: bytes) -> int:
    """How many pages Word counted when it saved the document; 0 where it does not say."""
    olefile = importlib.import_module("olefile")
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            pages = file.getproperties(_SUMMARY).get(_PAGE_COUNT, 0)
    except (struct.error, ValueError, KeyError, IndexError, OSError):
        return 0
    return pages if isinstance(pages, int) else 0


def _parts_of_streams(data: bytes) -> list[Part]:
    """The parts as we read them; [] for a document of another Word, or one that does
    not hold together.
    """
    olefile = importlib.import_module("olefile")
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            tables = {
                name: file.openstream(name).read()
                for name in _TABLE_STREAMS
                if file.exists(name)
            }
            document = Word97(file.openstream("WordDocument").read(), tables)
        body = list(_parts(document, document.body()))
        return body + list(_parts(document, document.notes()))
    except EncryptedError as error:
        raise FileRejected(
            "The DOC is encrypted; it can be read only without its password."
        ) from error
    except (struct.error, ValueError, KeyError, IndexError, OSError):
        return []


def _parts(document: Word97, paragraphs: Iterable[Paragraph]) -> Iterator[Part]:
    """The parts of some paragraphs; those in tables become one part a table."""
    rows: list[list[str]] = [[]]
    cell: list[str] = []
    for paragraph in paragraphs:
        text = _plain_text(paragraph.text)
        if not paragraph.properties.in_table:
            yield from _table(rows, cell)
            rows, cell = [[]], []
            if text:
                yield _part(document, paragraph, text)
        elif paragraph.properties.ends_row:
            rows.append([])
            cell = []
        else:
            cell.append(text)
            if paragraph.text.endswith(CELL_END):
                rows[-1].append(" ".join(filter(None, cell)))
                cell = []
    yield from _table(rows, cell)


def _table(rows: list[list[str]], cell: list[str]) -> Iterator[Part]:
    """The table of some rows, and of a cell that the document does not end."""
    if rows[-1] or cell:
        rows[-1].append(" ".join(cell))
    text = markdown_table(rows)
    if text:
        yield Part("Table", text)


def _part(document: Word97, paragraph: Paragraph, text: str) -> Part:
    """A paragraph with text, as the part that it is."""
    properties = paragraph.properties
    list_level = (properties.list_id, properties.level) if properties.list_id else None
    label, level = document.numbering.label(list_level)
    if properties.heading is not None:
        numbered = f"{label} {text}" if label not in ("", "-") else text
        return Part("Title", numbered, depth=properties.heading)
    if label:
        return Part("ListItem", f"{label} {text}", depth=level)
    return Part("NarrativeText", text)


def _plain_text(text: str) -> str:
    """Text without marks; of a field its result, or the word and its reading."""
    for _ in range(FIELD_DEPTH):
        text, replaced = _FIELD.subn(_text_of_field, text)
        if not replaced:
            break
    return private_symbols(write_readings(text.translate(_MARKS))).strip()


def _text_of_field(field: re.Match[str]) -> str:
    """What a field shows."""
    result, instruction = field.groups()
    return result if result is not None else ruby_of_field(instruction)


def _parts_by_unword(data: bytes) -> Iterator[Part]:
    """What the library `unword` makes of it. Its panics are errors of the file."""
    import unword

    try:
        document = unword.parse_doc(data)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise FileRejected(
            "The DOC is damaged, cut off or older than Word 97."
        ) from error
    yield from parts_of_markdown(document.body_text)
    for box in document.textboxes:
        if box.strip():
            yield Part("NarrativeText", box.strip())
