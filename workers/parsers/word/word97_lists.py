"""The lists of a Word 97-2003 document: how their levels count. Names are those of
[MS-DOC].
"""

from __future__ import annotations

import struct

from workers.parsers.word.numbering import LEVELS, Level

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
"""MSONFC -> the names that DOCX has for it."""
MAX_START = 30_000
_LIST_SIZE, _LEVEL_SIZE, _OVERRIDE_SIZE = 28, 28, 16
"""Bytes of an LSTF, an LVLF and an LFO."""
_SIMPLE = 1
"""Flag of a list with one level."""


def list_levels(lists: bytes, levels: bytes) -> dict[str, dict[int, Level]]:
    """id of a list -> its levels; `lists` is the PlfLst, `levels` what lies behind it.
    Where the levels end early, so do the lists.
    """
    (count,) = struct.unpack_from("<H", lists)
    levels_by_list: dict[str, dict[int, Level]] = {}
    at = 0
    for index in range(min(count, (len(lists) - 2) // _LIST_SIZE)):
        start = 2 + _LIST_SIZE * index
        (id,) = struct.unpack_from("<i", lists, start)
        is_simple = lists[start + 26] & _SIMPLE
        of_list: dict[int, Level] = {}
        for number in range(1 if is_simple else LEVELS):
            if at + _LEVEL_SIZE > len(levels):
                return levels_by_list
            of_list[number], at = _read_level(levels, at)
        levels_by_list[str(id)] = of_list
    return levels_by_list


def list_kinds(overrides: bytes) -> dict[str, str]:
    """Number that paragraphs give -> id of the list; `overrides` is the PlfLfo."""
    total = struct.unpack_from("<I", overrides)[0] if len(overrides) >= 4 else 0
    kinds: dict[str, str] = {}
    for index in range(min(total, (len(overrides) - 4) // _OVERRIDE_SIZE)):
        (id,) = struct.unpack_from("<i", overrides, 4 + _OVERRIDE_SIZE * index)
        kinds[str(index + 1)] = str(id)
    return kinds


def _read_level(levels: bytes, at: int) -> tuple[Level, int]:
    """The level at an offset, and the offset behind it."""
    start, format = struct.unpack_from("<iB", levels, at)
    changes = levels[at + 24] + levels[at + 25]
    at += _LEVEL_SIZE + changes
    (letters,) = struct.unpack_from("<H", levels, at)
    at += 2
    raw = levels[at : at + 2 * letters].decode("utf-16-le", "replace")
    text = ""
    for letter in raw:
        # A letter below 9 stands for the number of that level: "%1" as in DOCX.
        is_level = ord(letter) < LEVELS
        text += f"%{ord(letter) + 1}" if is_level else letter
    name = _FORMATS.get(format, "decimal")
    return Level(name, text, max(0, min(start, MAX_START))), at + 2 * letters
