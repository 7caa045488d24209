"""The streams of a Word 97-2003 document, as [MS-DOC] lays them out: text, paragraphs,
styles and lists.

Only what a reader of the text needs. Every number read is treated as hostile: what
points outside of its stream raises struct.error or ValueError, which the caller turns
into "damaged".
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from workers.parsers.word.numbering import Level, Numbering

_WORD_97 = 0x00C1
_MAGIC = 0xA5EC
_FORMATS = {
    0: "decimal",
    1: "upperRoman",
    2: "lowerRoman",
    3: "upperLetter",
    4: "lowerLetter",
    22: "decimalZero",
    23: "bullet",
    255: "none",
    **dict.fromkeys((11, 37, 38, 39), "chineseCounting"),
}
_TITLE = 62
MAX_STYLES = 4096


@dataclass(frozen=True, slots=True)
class Props:
    """What a paragraph is. `heading` is its level from 0, `number` the list that it
    belongs to ("" for none).
    """

    heading: int | None = None
    number: str = ""
    level: int = 0
    in_table: bool = False
    ends_row: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text up to and with its mark: a paragraph's end, a cell's or a row's (\\x07), a
    page's (\\f).
    """

    text: str
    props: Props


class Encrypted(ValueError):
    """The document is locked with a password."""


class Word97:
    """A document. `main` is its WordDocument stream, `tables` the two table streams by name."""

    def __init__(self, main: bytes, tables: dict[str, bytes]) -> None:
        magic, version = struct.unpack_from("<HH", main)
        (flags,) = struct.unpack_from("<H", main, 0x0A)
        if magic != _MAGIC or version < _WORD_97:
            raise ValueError("not a Word 97 document")
        if flags & 0x0100:
            raise Encrypted("encrypted")
        self._main = main
        self._table = tables["1Table" if flags & 0x0200 else "0Table"]
        self._lengths = struct.unpack_from("<8i", main, 0x4C)
        self._pieces = list(_pieces(self._part(33)))
        self._styles = self._read_styles()
        self._runs = self._read_runs()
        self.numbering = self._read_numbering()

    def body(self) -> Iterator[Paragraph]:
        """The paragraphs of the main text."""
        return self._paragraphs(0, self._lengths[0])

    def notes(self) -> Iterator[Paragraph]:
        """The paragraphs of footnotes, endnotes, comments and text boxes."""
        for part in (1, 5, 4, 6):
            start = sum(self._lengths[:part])
            yield from self._paragraphs(start, start + self._lengths[part])

    def _part(self, index: int) -> bytes:
        """One of the structures in the table stream, by its place in the file's directory."""
        offset, length = struct.unpack_from("<II", self._main, 0x9A + 8 * index)
        return self._table[offset : offset + length]

    def _paragraphs(self, start: int, end: int) -> Iterator[Paragraph]:
        held: list[str] = []
        for text, offset, width in self._stretches(start, end):
            at = 0
            for place, letter in enumerate(text):
                if letter in "\r\x07\f":
                    held.append(text[at : place + 1])
                    yield Paragraph("".join(held), self._props(offset + place * width))
                    held, at = [], place + 1
            held.append(text[at:])
        if "".join(held).strip():
            yield Paragraph("".join(held), Props())

    def _stretches(self, start: int, end: int) -> Iterator[tuple[str, int, int]]:
        """Text between two character positions: pieces with the place of their bytes
        and the bytes of a character.
        """
        for first, last, offset, width in self._pieces:
            one, two = max(first, start), min(last, end)
            if one < two:
                place = offset + (one - first) * width
                raw = self._main[place : place + (two - one) * width]
                yield (
                    raw.decode("utf-16-le" if width == 2 else "cp1252", "replace"),
                    place,
                    width,
                )

    def _props(self, offset: int) -> Props:
        at = bisect_right(self._runs, offset, key=lambda run: run[0]) - 1
        if at < 0 or offset >= self._runs[at][1]:
            return Props()
        return self._runs[at][2]

    def _read_runs(self) -> list[tuple[int, int, Props]]:
        """(first byte, byte behind, what it is) of all paragraphs."""
        bins = self._part(13)
        count = (len(bins) - 4) // 8
        runs = []
        for at in range(count):
            (page,) = struct.unpack_from("<I", bins, 4 * (count + 1) + 4 * at)
            runs += list(
                self._runs_of_page(self._main[(page & 0x3FFFFF) * 512 :][:512])
            )
        return sorted(runs, key=lambda run: run[0])

    def _runs_of_page(self, page: bytes) -> Iterator[tuple[int, int, Props]]:
        if len(page) < 512:
            return
        count = page[511]
        for at in range(count):
            first, behind = struct.unpack_from("<II", page, 4 * at)
            place = page[4 * (count + 1) + 13 * at] * 2
            yield first, behind, self._props_of(_sized(page, place) if place else b"")

    def _props_of(self, packed: bytes) -> Props:
        if len(packed) < 2:
            return self._styles.get(0, Props())
        (style,) = struct.unpack_from("<H", packed)
        return _changed(self._styles.get(style, Props()), packed[2:])

    def _read_styles(self) -> dict[int, Props]:
        sheet = self._part(1)
        if len(sheet) < 6:
            return {}
        header, count, base = struct.unpack_from("<HHH", sheet)
        at, raw = 2 + header, {}
        for number in range(min(count, MAX_STYLES)):
            if at + 2 > len(sheet):
                break
            (size,) = struct.unpack_from("<H", sheet, at)
            if size:
                raw[number] = sheet[at + 2 : at + 2 + size]
            at += 2 + size
        return {number: _style(raw, number, base, 0) for number in raw}

    def _read_numbering(self) -> Numbering:
        lists, kinds = self._part(73), self._part(74)
        if len(lists) < 2:
            return Numbering({}, {})
        (count,) = struct.unpack_from("<H", lists)
        offset, length = struct.unpack_from("<II", self._main, 0x9A + 8 * 73)
        levels = dict(_levels(lists, count, self._table[offset + length :]))
        total = struct.unpack_from("<I", kinds)[0] if len(kinds) >= 4 else 0
        of = {
            str(at + 1): str(struct.unpack_from("<i", kinds, 4 + 16 * at)[0])
            for at in range(min(total, (len(kinds) - 4) // 16))
        }
        return Numbering(levels, of)


def _pieces(table: bytes) -> Iterator[tuple[int, int, int, int]]:
    """(first character, character behind, offset in the main stream, bytes a character)
    of all pieces of the text.
    """
    at = 0
    while at < len(table) and table[at] == 1:
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    if at >= len(table) or table[at] != 2:
        raise ValueError("no piece table")
    (length,) = struct.unpack_from("<I", table, at + 1)
    count = (length - 4) // 12
    at += 5
    for piece in range(count):
        first, behind = struct.unpack_from("<II", table, at + 4 * piece)
        (place,) = struct.unpack_from("<I", table, at + 4 * (count + 1) + 8 * piece + 2)
        narrow = place & 0x40000000
        yield (
            first,
            behind,
            (place & 0x3FFFFFFF) // (2 if narrow else 1),
            1 if narrow else 2,
        )


def _sized(page: bytes, at: int) -> bytes:
    """The properties of a paragraph, which start with their length in words."""
    size = page[at]
    return (
        page[at + 2 : at + 2 + 2 * page[at + 1]]
        if size == 0
        else page[at + 1 : at + 2 * size]
    )


def _style(raw: dict[int, bytes], number: int, base: int, depth: int) -> Props:
    """What paragraphs of a style are, by the style and those that it is based on."""
    style = raw.get(number, b"")
    if len(style) < 10 or depth > 20:
        return Props()
    kind, parent = struct.unpack_from("<HH", style)
    props = (
        _style(raw, parent >> 4, base, depth + 1) if parent >> 4 != 0xFFF else Props()
    )
    known = kind & 0x0FFF
    if 1 <= known <= 9 or known == _TITLE:
        props = replace(props, heading=0 if known == _TITLE else known - 1)
    (letters,) = struct.unpack_from("<H", style, base)
    at = base + 2 + 2 * letters + 2
    if parent & 0xF != 1 or at + 4 > len(style):
        return props
    (size,) = struct.unpack_from("<H", style, at)
    return _changed(props, style[at + 4 : at + 2 + size])


def _changed(props: Props, changes: bytes) -> Props:
    """Properties with a list of changes (sprm) applied."""
    for code, value in _changes(changes):
        number = int.from_bytes(value, "little")
        if code == 0x260A:
            props = replace(props, level=min(number, 8))
        elif code == 0x460B:
            props = replace(props, number=str(number) if 0 < number < 0x07FF else "")
        elif code == 0x2640:
            props = replace(props, heading=number if number < 9 else props.heading)
        elif code == 0x2416:
            props = replace(props, in_table=bool(number))
        elif code == 0x2417:
            props = replace(props, ends_row=bool(number))
    return props


def _changes(changes: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 < len(changes):
        (code,) = struct.unpack_from("<H", changes, at)
        at += 2
        size = (1, 1, 2, 4, 2, 2, 0, 3)[code >> 13]
        if not size:
            size = (
                struct.unpack_from("<H", changes, at)[0] + 1
                if code == 0xD608 and at + 2 <= len(changes)
                else changes[at] + 1
            )
        yield code, changes[at : at + size]
        at += size


def _levels(
    lists: bytes, count: int, data: bytes
) -> Iterator[tuple[str, dict[int, Level]]]:
    """(id, its levels) of all lists; the levels lie behind the lists."""
    at = 0
    for place in range(min(count, (len(lists) - 2) // 28)):
        (id,) = struct.unpack_from("<i", lists, 2 + 28 * place)
        simple = lists[2 + 28 * place + 26] & 1
        levels = {}
        for level in range(1 if simple else 9):
            if at + 28 > len(data):
                return
            start, format = struct.unpack_from("<iB", data, at)
            at += 28 + data[at + 24] + data[at + 25]
            (letters,) = struct.unpack_from("<H", data, at)
            text = data[at + 2 : at + 2 + 2 * letters].decode("utf-16-le", "replace")
            at += 2 + 2 * letters
            shown = "".join(
                f"%{ord(letter) + 1}" if ord(letter) < 9 else letter for letter in text
            )
            levels[level] = Level(
                _FORMATS.get(format, "decimal"), shown, max(0, min(start, 30_000))
            )
        yield str(id), levels
