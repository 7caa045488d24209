"""The lines of a column -> its paragraphs, headings and list items, and their text in
one piece.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from workers.parsers.layout.hyphenation import WordForms
from workers.parsers.layout.placed_text import Line

BULLET = re.compile(
    r"^\s*(?:[-–—*•·‣▪■□●○◦➢➤✓✔✗✘∙⁃❖◆▶►☐☑☒](?=\s)|[•‣▪●○◦➢➤∙❖☐☑☒])\s*(?=\S)"
)
NUMBER = re.compile(
    r"^\s*(?:\(?\d{1,3}[.)）、](?!\d)|[（(]\d{1,3}[)）]|"
    r"\(?[a-zA-Z][.)](?=\s)|\[\d{1,3}\](?=\s)|[①-⑳]|[（(][一二三四五六七八九十]+[)）])\s*(?=\S)"
)
SECTION = re.compile(
    r"^(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?\s+\S|第[一二三四五六七八九十百\d]+[章节条部篇]|[一二三四五六七八九十]+、|"
    r"(?:chapter|appendix|part|section)\s+[\dA-Z])",
    re.I,
)
"""The number of a section at the start of its heading."""
_TICKED = re.compile(r"\S\s*[☐☑☒]\s*$")
"""The end of a line of a form whose box stands behind what it ticks."""
_SENTENCE_END = re.compile(r"[.!?:;。！？：；…][\"'”’）)\]]*$")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_SPLIT_WORD = re.compile(r"(\w+)[-\u2010\u00ad]$")
SOFT_HYPHEN = "\u00ad"
_FIRST_WORD = re.compile(r"^(\w+)")

SAME_SIZE = 0.6
"""In the unit of the page: difference of sizes of type that belong together."""
SIZE_CHANGE = 0.12
"""Share of the larger size by which type differs that is another paragraph's."""

# Leading: the distance from one baseline to the next.
MAX_LEADING = 3
"""Times the size of type: what is farther apart says nothing of the leading."""
DEFAULT_LEADING = 1.3
"""Times the size of type, where no two lines show it."""
WIDE_LEADING = 1.8
"""Times the size of type: a leading beyond is taken for this."""
PARAGRAPH_STEP = 1.35
"""Times the leading: a larger step starts a paragraph."""
MIN_PARAGRAPH_STEP = 1.15
"""Times the size of type: a smaller step starts none."""

# Distances from side to side, in times the size of type.
FULL_LINE = 2
"""A line that ends within this of the right edge is full."""
SAME_INDENT = 0.5
"""Lines that start within this of each other are equally indented."""
LETTER_WIDTH = 0.55
"""Of an average letter."""
MIN_INDENT, MAX_INDENT = 0.8, 5
"""Of the first line of a paragraph."""


def paragraphs(column: Sequence[Line]) -> list[list[Line]]:
    """The lines of a column, grouped into paragraphs, headings and list items."""
    if not column:
        return []
    leading = leading_of(column)
    right = max(line.x1 for line in column)
    groups = [[column[0]]]
    for line in column[1:]:
        if _starts_paragraph(groups[-1], line, leading, right):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def leading_of(column: Sequence[Line]) -> float:
    """The usual distance from one baseline of a column to the next; a guess by the size
    of type where no two lines show it.
    """
    steps: list[float] = []
    for before, line in pairwise(column):
        step = line.y1 - before.y1
        is_same_type = abs(line.size - before.size) < SAME_SIZE
        if is_same_type and 0 < step < MAX_LEADING * line.size:
            steps.append(step)
    if steps:
        return median(steps)
    return DEFAULT_LEADING * median(line.size for line in column)


def _starts_paragraph(
    before: list[Line], line: Line, leading: float, right: float
) -> bool:
    """Whether a line does not belong to the paragraph before it. `right` is the right
    edge of the column.
    """
    last = before[-1]
    if last.table or line.table or last.is_row or line.is_row:
        return not (last.is_row and line.is_row)
    larger = max(line.size, last.size)
    if abs(line.size - last.size) > SIZE_CHANGE * larger:
        return True
    if line.bold != last.bold and (len(before) == 1 or line.bold):
        return True
    step = line.y1 - last.y1
    usual_step = PARAGRAPH_STEP * min(leading, WIDE_LEADING * line.size)
    if step > max(usual_step, MIN_PARAGRAPH_STEP * line.size) or step < -line.size:
        return True
    if BULLET.match(line.text) or _TICKED.search(last.text):
        return True
    if NUMBER.match(line.text) and not _runs_on(before, line, right):
        return True
    # A line that leaves room for the next word and ends a sentence ends a paragraph.
    first_word = line.text.split(" ", 1)[0]
    word_width = len(first_word) * LETTER_WIDTH * line.size
    has_room = right - last.x1 > word_width + FULL_LINE * line.size
    if has_room and _SENTENCE_END.search(last.text):
        return True
    return _is_indented(before, line)


def _runs_on(before: Sequence[Line], line: Line, right: float) -> bool:
    """Whether a line that looks numbered only continues a full one ("... in the year /
    7. The rest").
    """
    first, last = before[0], before[-1]
    is_aligned = abs(line.x0 - first.x0) < SAME_INDENT * line.size
    if NUMBER.match(first.text) and is_aligned:
        return False
    is_full = right - last.x1 < FULL_LINE * line.size
    return is_full and not _SENTENCE_END.search(last.text)


def _is_indented(before: list[Line], line: Line) -> bool:
    """The first line of a paragraph stands further in; so do all but the first of a list
    item.
    """
    first, last = before[0], before[-1]
    if BULLET.match(first.text) or NUMBER.match(first.text):
        return line.x0 < first.x0 - SAME_INDENT * line.size
    indent = line.x0 - last.x0
    if not MIN_INDENT * line.size < indent < MAX_INDENT * line.size:
        return False
    return len(before) > 1 or bool(_SENTENCE_END.search(last.text))


def join_lines(lines: Sequence[str], word_forms: WordForms = WordForms()) -> str:
    """Lines as one text: words split at line ends joined, no space between Chinese.
    `word_forms` are those of the document, which tell hyphens from splits.
    """
    text = ""
    for line in map(str.strip, lines):
        if not text or not line:
            text += line
            continue
        split, first = _SPLIT_WORD.search(text), _FIRST_WORD.match(line)
        if split and first:
            is_one_word = split[1][-1:].isalpha() and line[0].islower()
            is_soft = text[-1] == SOFT_HYPHEN
            keeps = not is_soft and word_forms.keeps_hyphen(split[1], first[1])
            text = text[:-1] if is_one_word and not keeps else text
            text += line
        elif _CJK.match(text[-1]) and _CJK.match(line[0]):
            text += line
        else:
            text += f" {line}"
    return text.replace(SOFT_HYPHEN, "")
