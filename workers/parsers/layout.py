"""Where the lines of a page stand -> the order they are read in: columns, rows, paragraphs. Pure geometry, no PDF in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from statistics import median
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text on one baseline. Coordinates grow rightwards and downwards, in any unit that `size` (of the font) shares.

    A whole table that stands among the lines is one of them, with its Markdown in `table`.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False
    mono: bool = False
    table: str = ""

    @property
    def width(self) -> float:
        """Of the box."""
        return self.x1 - self.x0

    @property
    def middle(self) -> float:
        """Height of the middle of the box on the page."""
        return (self.y0 + self.y1) / 2


BULLET = re.compile(r"^\s*(?:[-–—*•·‣▪■□●○◦➢➤✓✔∙⁃](?=\s)|[•‣▪●○◦➢➤∙])\s*(?=\S)")
NUMBER = re.compile(r"^\s*(?:\(?\d{1,3}[.)）、](?!\d)|[（(]\d{1,3}[)）]|"
                    r"\(?[a-zA-Z][.)](?=\s)|\[\d{1,3}\](?=\s)|[①-⑳]|[（(][一二三四五六七八九十]+[)）])\s*(?=\S)")
RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
SECTION = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?\s+\S|第[一二三四五六七八九十百\d]+[章节条部篇]|[一二三四五六七八九十]+、|"
                     r"(?:chapter|appendix|part|section)\s+[\dA-Z])", re.I)
_ENDS_SENTENCE = re.compile(r"[.!?:;。！？：；…][\"'”’）)\]]*$")
_LABEL = re.compile(r"^(?:\W{1,3}|[\[(（]?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)\]）、:]?)$")
MAX_CUTS = 8
PROSE = 10.0
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")


def regions(lines: Sequence[Line], rtl: bool = False) -> list[list[Line]]:
    """Lines in reading order, one list for each stretch of a column; fragments of one row are one line."""
    return [_rows(column, rtl) for column in _split(_labelled(lines, rtl), rtl, 0) if column]


def _labelled(lines: Sequence[Line], rtl: bool) -> list[Line]:
    """Bullets and numbers that stand as fragments of their own, joined to what they label."""
    short = [line for line in lines if not line.table and _LABEL.match(line.text)]
    if not short or len(short) > len(lines) * 0.8:
        return list(lines)
    others = sorted((line for line in lines if line.table or not _LABEL.match(line.text)), key=lambda line: line.middle)
    middles = [line.middle for line in others]
    made = dict(enumerate(others))
    for label in short:
        near = range(bisect_left(middles, label.middle - label.size), bisect_right(middles, label.middle + label.size))
        best = min((at for at in near if _labels(label, made[at], rtl)), key=lambda at: made[at].x0, default=None)
        if best is None:
            made[len(made)] = label
        else:
            made[best] = _joined([label, made[best]], rtl)
    return list(made.values())


def _labels(label: Line, line: Line, rtl: bool) -> bool:
    gap = label.x0 - line.x1 if rtl else line.x0 - label.x1
    same = min(label.y1, line.y1) - max(label.y0, line.y0) > 0.5 * min(label.y1 - label.y0, line.y1 - line.y0)
    return same and not line.table and -0.5 * label.size <= gap <= 2.5 * max(label.size, line.size)


def _split(lines: list[Line], rtl: bool, depth: int) -> Iterator[list[Line]]:
    """Cut at the tallest white strip between two columns: what stands above it, its two sides, what stands below."""
    cut = _cut(lines) if len(lines) >= 6 and depth < MAX_CUTS else None
    if cut is None:
        yield lines
        return
    above = [line for line in lines if line.middle < cut.top]
    below = [line for line in lines if line.middle > cut.bottom]
    left = [line for line in lines if cut.top <= line.middle <= cut.bottom and line.x1 <= cut.x + 1]
    right = [line for line in lines if cut.top <= line.middle <= cut.bottom and line.x1 > cut.x + 1]
    for part in (above, right, left, below) if rtl else (above, left, right, below):
        yield from _split(part, rtl, depth + 1)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A white strip at x from top to bottom with text on both sides; `score` grows with the height of that text."""

    x: float
    top: float
    bottom: float
    score: float


def _cut(lines: list[Line]) -> _Cut | None:
    """The best white strip that parts two columns of running text, or None."""
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    em = median(line.size for line in lines) or 10.0
    if right - left < 12 * em:
        return None
    cuts = [cut for x in _strips(lines, left, right, em) for cut in _cuts_at(lines, x, em)]
    return max(cuts, key=lambda cut: cut.score, default=None)


def _strips(lines: list[Line], left: float, right: float, em: float) -> Iterator[float]:
    """Middles of the vertical strips that less text crosses than elsewhere."""
    step = max(0.35 * em, (right - left) / 400)
    steps = [0.0] * (int((right - left) / step) + 3)
    for line in lines:
        height = line.y1 - line.y0
        steps[int((line.x0 - left) / step)] += height
        steps[int((line.x1 - left) / step) + 1] -= height
    cells = list(accumulate(steps))
    low = 0.5 * max(cells)
    at = 0
    while at < len(cells):
        end = at
        while end < len(cells) and cells[end] <= low:
            end += 1
        if end > at and left + 0.04 * (right - left) < left + (at + end) / 2 * step < right - 0.04 * (right - left):
            bottom = min(cells[at:end])
            lowest = [place for place in range(at, end) if cells[place] <= bottom + 0.5 * em]
            yield left + (lowest[0] + lowest[-1] + 1) / 2 * step
        at = max(end, at + 1)


def _cuts_at(lines: list[Line], x: float, em: float) -> Iterator[_Cut]:
    """The stretches at x that no line crosses."""
    crossing = sorted((line.y0, line.y1) for line in lines if line.x0 < x - 1 and line.x1 > x + 1)
    edges = [(float("-inf"), float("-inf")), *crossing, (float("inf"), float("inf"))]
    top = edges[0][1]
    for y0, y1 in edges[1:]:
        if y0 > top:
            beside = [line for line in lines if top - 0.3 * em <= line.middle <= y0 + 0.3 * em and (line.x1 <= x + 1 or line.x0 >= x - 1)]
            score = _score(beside, x, em)
            if score:
                yield _Cut(x, min(line.middle for line in beside), max(line.middle for line in beside), score)
        top = max(top, y1)


def _score(beside: list[Line], x: float, em: float) -> float:
    """How tall the text is that stands side by side; 0 for rows of a table, labels and their values, or too little."""
    left, right = [line for line in beside if line.x1 <= x + 1], [line for line in beside if line.x1 > x + 1]
    if len(left) < 3 or len(right) < 3:
        return 0.0
    top = max(min(line.y0 for line in left), min(line.y0 for line in right))
    bottom = min(max(line.y1 for line in left), max(line.y1 for line in right))
    both = [[line for line in side if top - em <= line.middle <= bottom + em] for side in (left, right)]
    if min(map(len, both)) < 3 or bottom - top < 3 * em or _is_rows(both[0], both[1], em):
        return 0.0
    return bottom - top


def _is_rows(left: list[Line], right: list[Line], em: float) -> bool:
    """Whether what stands side by side belongs together row by row: labels and values, not two columns of text."""
    wide = [median(line.width for line in side) > PROSE * em for side in (left, right)]
    if all(wide):
        return False
    fewer, more = sorted((left, right), key=len)
    if len(fewer) > 0.5 * len(more) and _is_prose(more, em):
        return False
    middles = [line.middle for line in more]
    paired = sum(1 for line in fewer if any(abs(line.middle - middle) < 0.5 * em for middle in middles))
    return paired > 0.6 * len(fewer)


def _is_prose(lines: list[Line], em: float) -> bool:
    """Whether lines are wide, and full but for the last ones of their paragraphs."""
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    return width > 2 * PROSE * em and median(line.width for line in lines) > 0.8 * width


def _rows(lines: Sequence[Line], rtl: bool) -> list[Line]:
    """Lines from top to bottom, the fragments of one row joined."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.middle, line.x0)):
        if rows and _same_row(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_joined(row, rtl) for row in rows]


def _same_row(row: list[Line], line: Line) -> bool:
    last = row[-1]
    if last.table or line.table:
        return False
    height = min(last.y1 - last.y0, line.y1 - line.y0)
    overlap = min(last.y1, line.y1) - max(last.y0, line.y0)
    clear = all(line.x0 >= other.x1 - 0.6 * line.size or line.x1 <= other.x0 + 0.6 * line.size for other in row)
    return overlap > 0.5 * height and clear


def _joined(row: list[Line], rtl: bool) -> Line:
    if len(row) == 1:
        return row[0]
    row = in_order(row, rtl)
    text = row[0].text
    for before, line in pairwise(row):
        gap = max(line.x0 - before.x1, before.x0 - line.x1)
        text += line.text if gap < 0.1 * line.size else f" {line.text}"
    main = max(row, key=lambda line: len(line.text))
    return replace(main, text=text, x0=min(line.x0 for line in row), x1=max(line.x1 for line in row),
                   y0=min(line.y0 for line in row), y1=max(line.y1 for line in row), bold=all(line.bold for line in row))


class _Placed(Protocol):
    """Text with a left edge."""

    @property
    def text(self) -> str: ...
    @property
    def x0(self) -> float: ...


Placed = TypeVar("Placed", bound=_Placed)


def in_order(row: Sequence[Placed], rtl: bool) -> list[Placed]:
    """What stands on one row in the order it is read: from the right where the page is, numbers and Latin words in it from the left."""
    ordered = sorted(row, key=lambda one: one.x0)
    if not rtl:
        return ordered
    runs = [list(run) for _, run in groupby(ordered, key=lambda one: not RTL.search(one.text))]
    return [one for run in reversed(runs) for one in (run if not RTL.search(run[0].text) else reversed(run))]


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
    steps = [line.y1 - before.y1 for before, line in pairwise(column)
             if abs(line.size - before.size) < 0.6 and 0 < line.y1 - before.y1 < 3 * line.size]
    return median(steps) if steps else 1.3 * median(line.size for line in column)


def _starts_paragraph(before: list[Line], line: Line, leading: float, left: float, right: float) -> bool:
    last = before[-1]
    if last.table or line.table:
        return True
    step = line.y1 - last.y1
    if abs(line.size - last.size) > 0.12 * max(line.size, last.size) or (line.bold != last.bold and (len(before) == 1 or line.bold)):
        return True
    if step > max(1.35 * min(leading, 1.8 * line.size), 1.15 * line.size) or step < -line.size:
        return True
    if BULLET.match(line.text) or (NUMBER.match(line.text) and not _runs_on(before, line, right)):
        return True
    return _ends_early(last, line, right) or _is_indented(before, line, left)


def _runs_on(before: Sequence[Line], line: Line, right: float) -> bool:
    """Whether a line that looks numbered only continues a full one ("... in the year / 7. The rest")."""
    last = before[-1]
    beside = NUMBER.match(before[0].text) and abs(line.x0 - before[0].x0) < 0.5 * line.size
    return not beside and right - last.x1 < 2 * line.size and not _ENDS_SENTENCE.search(last.text)


def _ends_early(last: Line, line: Line, right: float) -> bool:
    """A line that leaves room for the next word and ends a sentence ends a paragraph."""
    word = len(line.text.split(" ", 1)[0]) * 0.55 * line.size
    return bool(_ENDS_SENTENCE.search(last.text)) and right - last.x1 > word + 2 * line.size


def _is_indented(before: list[Line], line: Line, left: float) -> bool:
    """The first line of a paragraph stands further in; so do all but the first of a list item."""
    if BULLET.match(before[0].text) or NUMBER.match(before[0].text):
        return line.x0 < before[0].x0 - 0.5 * line.size
    inwards = line.x0 - before[-1].x0
    return 0.8 * line.size < inwards < 5 * line.size and bool(_ENDS_SENTENCE.search(before[-1].text) or len(before) > 1)


def joined(lines: Sequence[str], known: frozenset[str] = frozenset()) -> str:
    """Lines as one text: words split at line ends joined, no space between Chinese. `known` holds words (lower case) that the
    document writes with their hyphen elsewhere."""
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
    return text + line if _CJK.match(text[-1]) and _CJK.match(line[0]) else f"{text} {line}"
