"""What paragraphs of a Word 97-2003 document are, by their styles and the changes
(sprm) that are made to them. Names are those of [MS-DOC].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

MAX_STYLES = 4096
MAX_CHAIN = 20
"""Styles that are based on each other."""
_TITLE_STYLE = 62
"""Number of the built-in style "Title"; "heading 1" to "heading 9" have theirs."""
_BUILT_IN = 0x0FFF
_NO_PARENT = 0xFFF
_MAX_LIST_ID = 0x07FF
_SPRM_ILVL, _SPRM_ILFO, _SPRM_OUTLINE = 0x260A, 0x460B, 0x2640
_SPRM_IN_TABLE, _SPRM_ROW_END = 0x2416, 0x2417
_SPRM_DEF_TABLE = 0xD608
"""The one change whose length takes two bytes."""
_OPERAND_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
"""Bytes, by the upper three bits of a change's code; 0: the next byte says it."""


@dataclass(frozen=True, slots=True)
class Properties:
    """What a paragraph is."""

    heading: int | None = None
    """The level of a heading, from 0; None for other text."""
    list_id: str = ""
    """The list that it belongs to; "" for none."""
    level: int = 0
    """In that list, from 0."""
    in_table: bool = False
    ends_row: bool = False


def read_styles(sheet: bytes) -> dict[int, Properties]:
    """What paragraphs of each style are, by its number; `sheet` is the STSH."""
    if len(sheet) < 6:
        return {}
    header, count, base = struct.unpack_from("<HHH", sheet)
    at = 2 + header
    styles: dict[int, bytes] = {}
    for number in range(min(count, MAX_STYLES)):
        if at + 2 > len(sheet):
            break
        (size,) = struct.unpack_from("<H", sheet, at)
        at += 2
        if size:
            styles[number] = sheet[at : at + size]
        at += size
    return {number: _resolve(styles, number, base, 0) for number in styles}


def apply_changes(properties: Properties, changes: bytes) -> Properties:
    """Properties with a list of changes (grpprl) applied."""
    for code, operand in _changes(changes):
        value = int.from_bytes(operand, "little")
        if code == _SPRM_ILVL:
            properties = replace(properties, level=min(value, 8))
        elif code == _SPRM_ILFO:
            list_id = str(value) if 0 < value < _MAX_LIST_ID else ""
            properties = replace(properties, list_id=list_id)
        elif code == _SPRM_OUTLINE and value < 9:
            properties = replace(properties, heading=value)
        elif code == _SPRM_IN_TABLE:
            properties = replace(properties, in_table=bool(value))
        elif code == _SPRM_ROW_END:
            properties = replace(properties, ends_row=bool(value))
    return properties


def _resolve(
    styles: dict[int, bytes], number: int, base: int, depth: int
) -> Properties:
    """What paragraphs of a style are, by the style and those that it is based on.
    `base` is the size of the part of a style that all have.
    """
    style = styles.get(number, b"")
    if len(style) < 10 or depth > MAX_CHAIN:
        return Properties()
    kind, packed = struct.unpack_from("<HH", style)
    built_in, parent, is_paragraph_style = (
        kind & _BUILT_IN,
        packed >> 4,
        packed & 0xF == 1,
    )
    properties = Properties()
    if parent != _NO_PARENT:
        properties = _resolve(styles, parent, base, depth + 1)
    if built_in == _TITLE_STYLE:
        properties = replace(properties, heading=0)
    elif 1 <= built_in <= 9:
        properties = replace(properties, heading=built_in - 1)
    (letters,) = struct.unpack_from("<H", style, base)
    changes_at = base + 2 + 2 * letters + 2
    if not is_paragraph_style or changes_at + 4 > len(style):
        return properties
    (size,) = struct.unpack_from("<H", style, changes_at)
    changes = style[changes_at + 4 : changes_at + 2 + size]
    return apply_changes(properties, changes)


def _changes(grpprl: bytes) -> Iterator[tuple[int, bytes]]:
    """The changes in order: (code, operand)."""
    at = 0
    while at + 2 < len(grpprl):
        (code,) = struct.unpack_from("<H", grpprl, at)
        at += 2
        size = _OPERAND_SIZES[code >> 13]
        if not size and code == _SPRM_DEF_TABLE and at + 2 <= len(grpprl):
            size = struct.unpack_from("<H", grpprl, at)[0] + 1
        elif not size:
            size = grpprl[at] + 1
        yield code, grpprl[at : at + size]
        at += size
