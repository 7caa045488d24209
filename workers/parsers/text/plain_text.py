"""Plain text: paragraphs and list items."""

from __future__ import annotations

import re

from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.text_decoding import decode

_BULLET = re.compile(
    r"^\s*(?:[-*•·‣▪●○◦–]|\d{1,3}[.)、]|[（(]\d{1,3}[)）]|[a-zA-Z][.)])\s+\S"
)
_EMPTY_LINES = re.compile(r"\n[ \t\u3000]*\n+")
_INDENT = " \t\u3000"
MAX_LINES = 60
"""Of one paragraph or list item."""


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Paragraphs are set apart by empty lines, list items stand on lines of their own."""
    progress(0, 1)
    parts = tuple(paragraphs(decode(data)))
    progress(1, 1)
    return ParsedFile(parts)


def paragraphs(text: str, page: int = 0) -> list[Part]:
    """Text -> paragraphs and list items."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    parts: list[Part] = []
    for block in _EMPTY_LINES.split(text):
        groups: list[tuple[str, list[str]]] = []
        for line in block.split("\n"):
            stripped = line.strip(_INDENT)
            if not stripped:
                continue
            if _BULLET.match(line):
                groups.append(("ListItem", [stripped]))
                continue
            kind, lines = groups[-1] if groups else ("", [])
            goes_on = kind == "NarrativeText" or (kind and line[:2].isspace())
            if goes_on and len(lines) < MAX_LINES:
                lines.append(stripped)
            else:
                groups.append(("NarrativeText", [stripped]))
        for kind, lines in groups:
            parts.append(Part(kind, "\n".join(lines), page))
    return parts
