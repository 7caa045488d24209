"""The lines of a column -> its paragraphs, headings and list items, and their text in one piece."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from workers.parsers.layout.reading_order import Line

BULLET = re.compile(r"^\s*(?:[-–—*•·‣▪■□●○◦➢➤✓✔∙⁃](?=\s)|[•‣▪●○◦➢➤∙])\s*(?=\S)")
NUMBER = re.compile(
    r"^\s*(?:\(?\d{1,3}[.)）、](?!\d)|[（(]\d{1,3}[)）]|"
    r"\(?[a-zA-Z][.)](?=\s)|\[\d{1,3}\](?=\s)|[①-⑳]|[（(][一二三四五六七八九十]+[)）])\s*(?=\S)"
)
SECTION = re.compile(
    r"^(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?\s+\S|第[一二三四五六七八九十百\d]+[章节条部篇]|[一二三四五六七八九十]+、|"
    r"(?:chapter|appendix|part|section)\s+[\dA-Z])",
    re.I,
)
_ENDS_SENTENCE = re.compile(r"[.!?:;。！？：；…][\"'”’）)\]]*$")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")


def paragraphs(column: Sequence[Line]) -> list[list[Line]]:
    """The lines of a column, grouped into paragraphs, headings and list items."""
    if not column:
        return []
    leading = _leading(column)
    left, right = min(line.x0 for line in column), max(line.x1 for line in column)
    made = [[column[0]]]
    for line in column[1:]:
        if _starts_paragraph(made[-1], line, leading, left, right):
            made.append([line])
        else:
            made[-1].append(line)
    return made


def _leading(column: Sequence[Line]) -> float:
    steps = [
        line.y1 - before.y1
        for before, line in pairwise(column)
        if abs(line.size - before.size) < 0.6
        and 0 < line.y1 - before.y1 < 3 * line.size
    ]
    return median(steps) if steps else 1.3 * median(line.size for line in column)


def _starts_paragraph(
    before: list[Line], line: Line, leading: float, left: float, right: float
) -> bool:
    last = before[-1]
    if last.table or line.table:
        return True
    step = line.y1 - last.y1
    if abs(line.size - last.size) > 0.12 * max(line.size, last.size) or (
        line.bold != last.bold and (len(before) == 1 or line.bold)
    ):
        return True
    if (
        step > max(1.35 * min(leading, 1.8 * line.size), 1.15 * line.size)
        or step < -line.size
    ):
        return True
    if BULLET.match(line.text) or (
        NUMBER.match(line.text) and not _runs_on(before, line, right)
    ):
        return True
    return _ends_early(last, line, right) or _is_indented(before, line, left)


def _runs_on(before: Sequence[Line], line: Line, right: float) -> bool:
    """Whether a line that looks numbered only continues a full one ("... in the year /
    7. The rest").
    """
    last = before[-1]
    beside = (
        NUMBER.match(before[0].text) and abs(line.x0 - before[0].x0) < 0.5 * line.size
    )
    return (
        not beside
        and right - last.x1 < 2 * line.size
        and not _ENDS_SENTENCE.search(last.text)
    )


def _ends_early(last: Line, line: Line, right: float) -> bool:
    """A line that leaves room for the next word and ends a sentence ends a paragraph."""
    word = len(line.text.split(" ", 1)[0]) * 0.55 * line.size
    return (
        bool(_ENDS_SENTENCE.search(last.text))
        and right - last.x1 > word + 2 * line.size
    )


def _is_indented(before: list[Line], line: Line, left: float) -> bool:
    """The first line of a paragraph stands further in; so do all but the first of a list item."""
    if BULLET.match(before[0].text) or NUMBER.match(before[0].text):
        return line.x0 < before[0].x0 - 0.5 * line.size
    inwards = line.x0 - before[-1].x0
    return 0.8 * line.size < inwards < 5 * line.size and bool(
        _ENDS_SENTENCE.search(before[-1].text) or len(before) > 1
    )


def joined(lines: Sequence[str], known: frozenset[str] = frozenset()) -> str:
    """Lines as one text: words split at line ends joined, no space between Chinese.
    `known` holds words (lower case) that the document writes with their hyphen
    elsewhere.
    """
    text = ""
    for line in lines:
        text = _glue(text, line.strip(), known) if text else line.strip()
    return text.replace("\u00ad", "")


_BROKEN = re.compile(r"(\w+)[-\u2010\u00ad]$")
_HEAD = re.compile(r"^(\w+)")


def _glue(text: str, line: str, known: frozenset[str]) -> str:
    if not line:
        return text
    broken, head = _BROKEN.search(text), _HEAD.match(line)
    if broken and head and broken[1][-1:].isalpha() and line[0].islower():
        kept = text if f"{broken[1]}-{head[1]}".lower() in known else text[:-1]
        return kept + line
    if broken and head:
        return text + line
    return (
        text + line
        if _CJK.match(text[-1]) and _CJK.match(line[0])
        else f"{text} {line}"
    )
