"""Sentences of English and Chinese text, taken apart and put together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.language.words import is_chinese

_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|no|approx|inc|jr|sr|[a-z])|\d)\.$",
    re.I,
)
_END = re.compile(
    r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])|(?<=[。！？；…])(?![。！？；…”’」』）])|\n+"
)


def sentences(text: str) -> list[str]:
    """The sentences in order, stripped, none empty; a line break ends one, an
    abbreviation or a number's point does not.
    """
    result: list[str] = []
    for piece in _END.split(text):
        piece = piece.strip()
        if not piece:
            continue
        if result and _ABBREVIATION.search(result[-1]):
            result[-1] = f"{result[-1]} {piece}"
        else:
            result.append(piece)
    return result


BULLET = re.compile(r"^\s*[-*•·]\s+")
NUMBERED = re.compile(
    r"^\s*(?:\(?\d{1,3}[.)、]|[（(]?[一二三四五六七八九十]{1,3}[、.）)])"
)
_ENDED = tuple(":：.。!！?？;；")


def is_listed(line: str) -> bool:
    """Whether a line is the entry of a list."""
    return bool(BULLET.match(line) or NUMBERED.match(line))


def joined(parts: Sequence[str]) -> str:
    """Sentences after each other, as their language writes them; entries of a list
    without bullets, with a semicolon between them.
    """
    entries = [BULLET.sub("", part) for part in parts]
    space, semicolon = ("", "；") if is_chinese("".join(entries)) else (" ", "; ")
    text = entries[0]
    for entry, part in zip(entries[1:], parts[1:], strict=True):
        needs_semicolon = is_listed(part) and not text.endswith(_ENDED)
        text += semicolon if needs_semicolon else space
        text += entry
    return text
