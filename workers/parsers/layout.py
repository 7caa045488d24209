"""Where the lines of a page stand -> the order they are read in: columns, rows, paragraphs. Pure geometry, no PDF in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text on one baseline. Coordinates grow rightwards and downwards, in any unit that `size` (of the font) shares."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False
    mono: bool = False

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
SECTION = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?\s+\S|第[一二三四五六七八九十百\d]+[章节条部篇]|[一二三四五六七八九十]+、|"
                     r"(?:chapter|appendix|part|section)\s+[\dA-Z])", re.I)
_ENDS_SENTENCE = re.compile(r"[.!?:;。！？：；…][\"'”’）)\]]*$")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")


def regions(lines: Sequence[Line], rtl: bool = False) -> list[list[Line]]:
    """Lines in reading order, one list for each stretch of a column; fragments of one row are one line."""
    return [_rows(column, rtl) for column in _split(list(lines), rtl, 0) if column]


def _split(lines: list[Line], rtl: bool, depth: int) -> Iterator[list[Line]]:
    gutter = _gutter(lines) if len(lines) >= 6 and depth < 6 else None
    if gutter is None:
        yield lines
        return
    for crossing, band in _bands(lines, gutter):
        if crossing:
            yield from _split(band, rtl, depth + 1) if len(band) < len(lines) else [band]
            continue
        left = [line for line in band if line.x1 <= gutter + 1]
        right = [line for line in band if line.x1 > gutter + 1]
        for side in ((right, left) if rtl else (left, right)):
            yield from _split(side, rtl, depth + 1)


def _bands(lines: list[Line], gutter: float) -> Iterator[tuple[bool, list[Line]]]:
    """Stretches from top to bottom: those that cross the gutter, and those beside it."""
    crossing = sorted((line for line in lines if line.x0 < gutter - 1 and line.x1 > gutter + 1), key=lambda line: line.y0)
    beside = [line for line in lines if not (line.x0 < gutter - 1 and line.x1 > gutter + 1)]
    edges = [line.middle for line in crossing]
    at = 0
    while at <= len(crossing):
        top = edges[at - 1] if at else float("-inf")
        bottom = edges[at] if at < len(crossing) else float("inf")
        band = [line for line in beside if top <= line.middle < bottom]
        if band:
            yield False, band
        run = []
        while at < len(crossing):
            run.append(crossing[at])
            at += 1
            if at < len(crossing) and any(edges[at - 1] <= line.middle < edges[at] for line in beside):
                break
        if run:
            yield True, run
        if at >= len(crossing):
            rest = [line for line in beside if crossing and line.middle >= edges[-1]]
            if rest:
                yield False, rest
            return


def _gutter(lines: list[Line]) -> float | None:
    """The x of the white strip that parts two columns of running text best, or None."""
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    em = median(line.size for line in lines) or 10.0
    width = right - left
    if width < 12 * em:
        return None
    best, best_score = None, 0.0
    for x in _strips(lines, left, right, em):
        score = _parts_columns(lines, x, em)
        if score > best_score:
            best, best_score = x, score
    return best


def _strips(lines: list[Line], left: float, right: float, em: float) -> Iterator[float]:
    """Middles of the vertical strips that few lines cross."""
    step = max((right - left) / 300, 0.5)
    cells = [0.0] * (int((right - left) / step) + 2)
    for line in lines:
        height = line.y1 - line.y0
        for at in range(max(int((line.x0 - left) / step), 0), min(int((line.x1 - left) / step) + 1, len(cells))):
            cells[at] += height
    low = 0.45 * max(cells)
    need = max(int(0.7 * em / step), 1)
    floor = min(cells[int(len(cells) * 0.1):int(len(cells) * 0.9)] or [0.0])
    at = 0
    while at < len(cells):
        end = at
        while end < len(cells) and cells[end] <= max(low, floor) and abs(cells[end] - cells[at]) <= 0.25 * em:
            end += 1
        middle = left + (at + end) / 2 * step
        if end - at >= need and left + 0.08 * (right - left) < middle < right - 0.08 * (right - left):
            yield middle
        at = max(end, at + 1)


def _parts_columns(lines: list[Line], x: float, em: float) -> float:
    """How well x parts two columns: the height of text that stands side by side, 0 when it parts rows of a table or labels."""
    left = [line for line in lines if line.x1 <= x + 1]
    right = [line for line in lines if line.x0 >= x - 1]
    if len(left) < 3 or len(right) < 3:
        return 0.0
    top = max(min(line.y0 for line in left), min(line.y0 for line in right))
    bottom = min(max(line.y1 for line in left), max(line.y1 for line in right))
    beside_left = [line for line in left if top - em <= line.middle <= bottom + em]
    beside_right = [line for line in right if top - em <= line.middle <= bottom + em]
    crossing = sum(1 for line in lines if line.x0 < x - 1 and line.x1 > x + 1 and top <= line.middle <= bottom)
    if len(beside_left) < 3 or len(beside_right) < 3 or crossing > (len(beside_left) + len(beside_right)) / 2:
        return 0.0
    if _is_rows(beside_left, beside_right, em):
        return 0.0
    return (bottom - top) - crossing * em


def _is_rows(left: list[Line], right: list[Line], em: float) -> bool:
    """Whether what stands side by side belongs together row by row: labels and values, not two columns of text."""
    wide_left, wide_right = _fill(left), _fill(right)
    if min(wide_left, wide_right) > 0.62:
        return False
    narrow = min(max(line.x1 for line in side) - min(line.x0 for line in side) for side in (left, right))
    middles = [line.middle for line in right]
    paired = sum(1 for line in left if any(abs(line.middle - middle) < 0.4 * em for middle in middles))
    return paired > 0.6 * min(len(left), len(right)) or narrow < 6 * em


def _fill(lines: list[Line]) -> float:
    """How much of the width of their column the lines fill, middling."""
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    rows: dict[int, float] = {}
    for line in lines:
        rows[round(line.middle)] = rows.get(round(line.middle), 0.0) + line.width
    return median(rows.values()) / width if width else 0.0


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
    height = min(last.y1 - last.y0, line.y1 - line.y0)
    overlap = min(last.y1, line.y1) - max(last.y0, line.y0)
    clear = all(line.x0 >= other.x1 - 0.6 * line.size or line.x1 <= other.x0 + 0.6 * line.size for other in row)
    return overlap > 0.5 * height and clear


def _joined(row: list[Line], rtl: bool) -> Line:
    if len(row) == 1:
        return row[0]
    row = sorted(row, key=lambda line: line.x0, reverse=rtl)
    text = row[0].text
    for before, line in pairwise(row):
        gap = max(line.x0 - before.x1, before.x0 - line.x1)
        text += line.text if gap < 0.1 * line.size else f" {line.text}"
    main = max(row, key=lambda line: len(line.text))
    return replace(main, text=text, x0=min(line.x0 for line in row), x1=max(line.x1 for line in row),
                   y0=min(line.y0 for line in row), y1=max(line.y1 for line in row), bold=all(line.bold for line in row))


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
    step = line.y1 - last.y1
    if abs(line.size - last.size) > 0.12 * max(line.size, last.size) or (line.bold != last.bold and (len(before) == 1 or line.bold)):
        return True
    if step > max(1.35 * min(leading, 1.8 * line.size), 1.15 * line.size) or step < -line.size:
        return True
    if BULLET.match(line.text) or (NUMBER.match(line.text) and not _runs_on(last, line, right)):
        return True
    return _ends_early(last, line, right) or _is_indented(before, line, left)


def _runs_on(last: Line, line: Line, right: float) -> bool:
    """Whether a line that looks numbered only continues a full one ("... in the year / 7. The rest")."""
    return right - last.x1 < 2 * line.size and not _ENDS_SENTENCE.search(last.text)


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
