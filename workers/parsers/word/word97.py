"""The streams of a Word 97-2003 document, as [MS-DOC] lays them out: text, paragraphs,
styles and lists.

Only what a reader of the text needs. Every number read is treated as hostile: what
points outside of its stream raises struct.error or ValueError, which the caller turns
into "damaged". Names such as `PlcPcd` are those of [MS-DOC].
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate

from workers.parsers.word.numbering import Numbering
from workers.parsers.word.word97_lists import list_kinds, list_levels
from workers.parsers.word.word97_styles import Properties, apply_changes, read_styles

CELL_END = "\x07"
"""The mark at the end of a cell or a row of a table."""
_PARAGRAPH_ENDS = f"\r{CELL_END}\f"

# The FIB, at the start of the main stream.
_MAGIC = 0xA5EC
_WORD_97 = 0x00C1
_FLAGS_OFFSET = 0x0A
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_LENGTHS_OFFSET = 0x4C
"""Of the parts of the text, in characters: body, footnotes, headers, macros, comments,
endnotes, text boxes, text boxes of headers.
"""
_BODY, _FOOTNOTES, _COMMENTS, _ENDNOTES, _TEXT_BOXES = 0, 1, 4, 5, 6
_DIRECTORY_OFFSET = 0x9A

_PAGE_SIZE = 512
"""Of the pages of paragraph properties (PapxFkp)."""
_PAGE_NUMBER = 0x3FFFFF
"""Bits of a page's number in the PlcBtePapx."""
_BX_SIZE = 13
"""Bytes of the entry of a paragraph in such a page."""
_NARROW = 0x40000000
"""Flag of a piece whose characters take one byte."""
_PIECE_OFFSET = 0x3FFFFFFF
_PIECE_SIZE = 8
_PRC, _PCDT = 1, 2
"""First bytes of the entries of the Clx: properties, and the table of pieces."""


class Structure(IntEnum):
    """Structures of the table stream, by their index in the directory of the file."""

    STYLES = 1
    PARAGRAPH_PAGES = 13
    PIECES = 33
    LISTS = 73
    LIST_OVERRIDES = 74


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text up to and with its mark: a paragraph's end, a cell's or a row's (\\x07), a
    page's (\\f).
    """

    text: str
    properties: Properties


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text that lies in one place of the main stream."""

    first: int
    """Position of its first character in the text."""
    behind: int
    """Position behind its last one."""
    offset: int
    """Of its bytes in the main stream."""
    width: int
    """Bytes a character."""

    @property
    def encoding(self) -> str:
        """Of its bytes."""
        return "utf-16-le" if self.width == 2 else "cp1252"


@dataclass(frozen=True, slots=True)
class PropertyRun:
    """Bytes of the main stream whose paragraph has some properties."""

    first: int
    behind: int
    properties: Properties


class EncryptedError(ValueError):
    """The document is locked with a password."""


class Word97:
    """A document. `main` is its WordDocument stream, `tables` the two table streams by
    name. Raises ValueError, KeyError or struct.error for what is none.
    """

    def __init__(self, main: bytes, tables: dict[str, bytes]) -> None:
        magic, version = struct.unpack_from("<HH", main)
        (flags,) = struct.unpack_from("<H", main, _FLAGS_OFFSET)
        if magic != _MAGIC or version < _WORD_97:
            raise ValueError("not a Word 97 document")
        if flags & _ENCRYPTED:
            raise EncryptedError("encrypted")
        self._main = main
        self._table = tables["1Table" if flags & _SECOND_TABLE else "0Table"]
        self._lengths = struct.unpack_from("<8i", main, _LENGTHS_OFFSET)
        self._pieces = list(_pieces(self._structure(Structure.PIECES)))
        self._styles = read_styles(self._structure(Structure.STYLES))
        self._runs = sorted(self._property_runs(), key=lambda run: run.first)
        lists = self._structure(Structure.LISTS)
        self.numbering = Numbering({}, {})
        if len(lists) >= 2:
            offset, length = self._location(Structure.LISTS)
            levels = list_levels(lists, self._table[offset + length :])
            kinds = list_kinds(self._structure(Structure.LIST_OVERRIDES))
            self.numbering = Numbering(levels, kinds)

    def body(self) -> Iterator[Paragraph]:
        """The paragraphs of the main text."""
        return self._paragraphs(0, self._lengths[_BODY])

    def notes(self) -> Iterator[Paragraph]:
        """The paragraphs of footnotes, endnotes, comments and text boxes."""
        starts = [0, *accumulate(self._lengths)]
        for part in (_FOOTNOTES, _ENDNOTES, _COMMENTS, _TEXT_BOXES):
            yield from self._paragraphs(starts[part], starts[part + 1])

    def _location(self, structure: Structure) -> tuple[int, int]:
        """Offset and length of a structure in the table stream."""
        entry = _DIRECTORY_OFFSET + 8 * structure
        offset, length = struct.unpack_from("<II", self._main, entry)
        return offset, length

    def _structure(self, structure: Structure) -> bytes:
        """The bytes of a structure."""
        offset, length = self._location(structure)
        return self._table[offset : offset + length]

    def _paragraphs(self, start: int, end: int) -> Iterator[Paragraph]:
        """The paragraphs between two positions of the text."""
        unfinished: list[str] = []
        for piece in self._pieces:
            first, behind = max(piece.first, start), min(piece.behind, end)
            if first >= behind:
                continue
            offset = piece.offset + (first - piece.first) * piece.width
            raw = self._main[offset : offset + (behind - first) * piece.width]
            text = raw.decode(piece.encoding, "replace")
            begin = 0
            for index, letter in enumerate(text):
                if letter in _PARAGRAPH_ENDS:
                    unfinished.append(text[begin : index + 1])
                    properties = self._properties_at(offset + index * piece.width)
                    yield Paragraph("".join(unfinished), properties)
                    unfinished, begin = [], index + 1
            unfinished.append(text[begin:])
        rest = "".join(unfinished)
        if rest.strip():
            yield Paragraph(rest, Properties())

    def _properties_at(self, offset: int) -> Properties:
        """What the paragraph is whose mark is at an offset of the main stream."""
        index = bisect_right(self._runs, offset, key=lambda run: run.first) - 1
        if index < 0 or offset >= self._runs[index].behind:
            return Properties()
        return self._runs[index].properties

    def _property_runs(self) -> Iterator[PropertyRun]:
        """All paragraphs, in pages of the main stream that the PlcBtePapx lists."""
        pages = self._structure(Structure.PARAGRAPH_PAGES)
        count = (len(pages) - 4) // 8
        for index in range(count):
            (entry,) = struct.unpack_from("<I", pages, 4 * (count + 1) + 4 * index)
            offset = (entry & _PAGE_NUMBER) * _PAGE_SIZE
            page = self._main[offset : offset + _PAGE_SIZE]
            if len(page) < _PAGE_SIZE:
                continue
            paragraphs = page[_PAGE_SIZE - 1]
            entries = 4 * (paragraphs + 1)
            for number in range(paragraphs):
                first, behind = struct.unpack_from("<II", page, 4 * number)
                start = page[entries + _BX_SIZE * number] * 2
                packed = _sized_properties(page, start) if start else b""
                style = struct.unpack_from("<H", packed)[0] if len(packed) >= 2 else 0
                of_style = self._styles.get(style, Properties())
                properties = apply_changes(of_style, packed[2:])
                yield PropertyRun(first, behind, properties)


def _pieces(clx: bytes) -> Iterator[Piece]:
    """The pieces of the text, in order."""
    at = 0
    while at < len(clx) and clx[at] == _PRC:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != _PCDT:
        raise ValueError("no piece table")
    (length,) = struct.unpack_from("<I", clx, at + 1)
    count = (length - 4) // (4 + _PIECE_SIZE)
    positions = at + 5
    entries = positions + 4 * (count + 1)
    for index in range(count):
        first, behind = struct.unpack_from("<II", clx, positions + 4 * index)
        (place,) = struct.unpack_from("<I", clx, entries + _PIECE_SIZE * index + 2)
        width = 1 if place & _NARROW else 2
        offset = place & _PIECE_OFFSET
        yield Piece(first, behind, offset // 2 if width == 1 else offset, width)


def _sized_properties(page: bytes, offset: int) -> bytes:
    """The properties of a paragraph (PapxInFkp), which start with their length in
    words.
    """
    size = page[offset]
    if size == 0:
        start = offset + 2
        return page[start : start + 2 * page[offset + 1]]
    return page[offset + 1 : offset + 2 * size]
