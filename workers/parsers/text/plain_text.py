"""Plain text: paragraphs and list items."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.text_decoding import decode

_BULLET = re.compile(
    r"^\s*(?:[-*•·‣▪●○◦–]|\d{1,3}[.)、]|[（(]\d{1,3}[)）]|[a-zA-Z][.)])\s+\S"
)
_EMPTY_LINES = re.compile(r"\n[ \t\u3000]*\n+")
_INDENT = " \t\u3000"
MAX_LINES = 60
"""Of one paragraph or list item."""
_CHAPTER = re.compile(
    r"(?:第\s*[〇零一二三四五六七八九十百\d]+\s*[章部编編篇](?:\s|$|[^，。；：、]{1,30}$)"
    r"|(?:chapter|part|appendix|kapitel|teil|anhang|chapitre|partie|annexe|capítulo|глава)"
    r"\s+(?:\d{1,3}|[IVXLC]{1,6}|[A-Z])\b(?!\s+of\b))",
    re.I,
)
"""The first heading of a chapter."""
_SECTION = re.compile(
    r"第\s*[〇零一二三四五六七八九十百\d]+\s*[节節](?:\s|$|[^，。；：、]{1,30}$)"
    r"|[一二三四五六七八九十]{1,3}、[^，。；：]{1,20}$"
)
_SENTENCE_END = re.compile(r"[.!?;,。！？；，:：]$")
_UNDERLINE = re.compile(r"[=~]{3,}$|-{3,}$")
_LETTER = re.compile(r"[^\W\d_]")
MAX_HEADING, MIN_CAPITALS = 80, 4
"""Characters of a heading, and letters of one in capitals."""


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Paragraphs are set apart by empty lines, list items stand on lines of their own."""
    progress(0, 1)
    parts = tuple(paragraphs(decode(data)))
    progress(1, 1)
    return ParsedFile(parts)


def paragraphs(text: str, page: int = 0) -> list[Part]:
    """Text -> headings, paragraphs and list items."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    parts: list[Part] = []
    for block in _EMPTY_LINES.split(text):
        lines = [line for line in block.split("\n") if line.strip(_INDENT)]
        for kind, group in _groups(lines):
            depth = 0 if kind != "Title" or _CHAPTER.match(group[0]) else 1
            parts.append(Part(kind, "\n".join(group), page, depth))
    return parts


def _groups(lines: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The lines of one block by what they are: (kind of part, its lines)."""
    groups: list[tuple[str, list[str]]] = []
    for index, line in enumerate(lines):
        stripped = line.strip(_INDENT)
        kind, group = groups[-1] if groups else ("", [])
        is_underline = len(group) == 1 and _UNDERLINE.match(stripped)
        if is_underline and kind == "NarrativeText":
            groups[-1] = ("Title", group)
        elif _is_heading(stripped, is_first=index == 0, is_alone=len(lines) == 1):
            groups.append(("Title", [stripped]))
        elif _BULLET.match(line):
            groups.append(("ListItem", [stripped]))
        elif _continues(kind, group, line):
            group.append(stripped)
        else:
            groups.append(("NarrativeText", [stripped]))
    return groups


def _continues(kind: str, group: Sequence[str], line: str) -> bool:
    """Whether a line goes on with the part before it."""
    is_inside = kind == "ListItem" and line[:2].isspace()
    return (kind == "NarrativeText" or is_inside) and len(group) < MAX_LINES


def _is_heading(line: str, is_first: bool, is_alone: bool) -> bool:
    """Whether a line of a block is a heading: numbered as a chapter, or set off in
    capitals.
    """
    if len(line) > MAX_HEADING or _SENTENCE_END.search(line):
        return False
    if _CHAPTER.match(line) or _SECTION.match(line):
        return True
    is_capitals = line.isupper() and len(_LETTER.findall(line)) >= MIN_CAPITALS
    return is_capitals and is_first and (is_alone or " " in line)
