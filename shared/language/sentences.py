"""Sentences of English and Chinese text."""

from __future__ import annotations

import re

_ABBREVIATION = re.compile(r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|no|approx|inc|jr|sr|[a-z])|\d)\.$", re.I)
_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])|(?<=[。！？；…])(?![。！？；…”’」』）])|\n+")


def sentences(text: str) -> list[str]:
    """The sentences in order, stripped, none empty; a line break ends one, an abbreviation or a number's point does not."""
    found: list[str] = []
    for piece in _END.split(text):
        piece = piece.strip()
        if not piece:
            continue
        if found and _ABBREVIATION.search(found[-1]) and not found[-1].endswith("\n"):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found
