"""Tables of a page: found by the rules drawn around them, read by where the words stand. Pure geometry, no PDF in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from workers.parsers.layout import in_order
from workers.parsers.tables import markdown_table

Box = tuple[float, float, float, float]
NEAR = 3.0
THIN = 3.0
MAX_RULES = 4000
MAX_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a run of words, and where it stands."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> float:
        """Height of its middle on the page."""
        return (self.y0 + self.y1) / 2

    @property
    def centre(self) -> float:
        """Middle from left to right."""
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: at `at`, from `start` to `end`, on the other axis."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Frame:
    """Rules that belong together, and the box around them. `tints` are the upper and lower edges of coloured areas in it."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    tints: tuple[Rule, ...] = ()

    @property
    def box(self) -> Box:
        """Left, top, right, bottom."""
        xs = [x for rule in self.across for x in (rule.start, rule.end)] + [rule.at for rule in self.down]
        ys = [y for rule in self.down for y in (rule.start, rule.end)] + [rule.at for rule in self.across]
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page, as Markdown."""

    box: Box
    markdown: str


def frames_of(drawn: Sequence[Box], filled: Sequence[Box], width: float, height: float) -> list[Frame]:
    """What may be tables: grids of rules, runs of equally long horizontal rules, and where there are none, grids of coloured cells.

    `drawn` are the boxes of what is drawn with lines or is as thin as one, `filled` of coloured areas.
    """
    frames = _frames(*_rules(drawn, width, height))
    free = [box for box in filled if not any(_covers(frame.box, box) for frame in frames)]
    tints, _ = _rules([box for box in filled if box not in free], width, height)
    frames = [replace(frame, tints=tuple(rule for rule in tints if _is_edge(rule, frame))) for frame in frames]
    if len(free) > 1:
        frames += _frames(*_rules(free, width, height))
    return [frame for frame in frames if not any(_holds(frame.box, other.box) for other in frames)]


def _holds(outer: Box, inner: Box) -> bool:
    """Whether a frame is drawn around another one: a border of the page, not a table."""
    return outer != inner and all(one <= two + NEAR for one, two in zip(outer[:2], inner[:2], strict=True)) and all(
        one >= two - NEAR for one, two in zip(outer[2:], inner[2:], strict=True))


def _is_edge(rule: Rule, frame: Frame) -> bool:
    left, top, right, bottom = frame.box
    return top < rule.at < bottom and min(rule.end, right) - max(rule.start, left) >= 0.6 * (right - left)


def _frames(across: list[Rule], down: list[Rule]) -> list[Frame]:
    if len(across) < 2 or len(across) + len(down) > MAX_RULES:
        return []
    grids, lone = _connected(across, down)
    return grids + _runs(lone)


def _covers(frame: Box, box: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return frame[0] - NEAR <= x <= frame[2] + NEAR and frame[1] - NEAR <= y <= frame[3] + NEAR


def table_of(frame: Frame, words: Sequence[Word], rtl: bool = False) -> Table | None:
    """The table in a frame; None when what is in it is no table. `words` are those of the page; `rtl` reads it from the right."""
    left, top, right, bottom = frame.box
    inside = [word for word in words if left - NEAR <= word.centre <= right + NEAR and top - NEAR <= word.middle <= bottom + NEAR]
    if len(inside) < 4:
        return None
    columns = _clear(_columns(frame, inside), inside)
    if not 3 <= len(columns) <= MAX_COLUMNS + 1:
        return None
    rows = _rows(frame, inside, columns, rtl)
    if not _is_table(rows):
        return None
    return Table(frame.box, markdown_table([row[::-1] for row in rows] if rtl else rows))


def _rules(shapes: Iterable[Box], width: float, height: float) -> tuple[list[Rule], list[Rule]]:
    """Horizontal and vertical rules: thin shapes, and the edges of boxes that may be cells."""
    across, down = [], []
    for x0, y0, x1, y1 in shapes:
        wide, tall = x1 - x0, y1 - y0
        if tall <= THIN and wide >= 8:
            across.append(Rule((y0 + y1) / 2, x0, x1))
        elif wide <= THIN and tall >= 5:
            down.append(Rule((x0 + x1) / 2, y0, y1))
        elif wide >= 12 and tall >= 6 and not (wide > 0.95 * width and tall > 0.6 * height):
            across += [Rule(y0, x0, x1), Rule(y1, x0, x1)]
            down += [Rule(x0, y0, y1), Rule(x1, y0, y1)]
    return _merged(across), _merged(down)


def _merged(rules: list[Rule]) -> list[Rule]:
    """Rules on one line that touch or overlap are one."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lines and rule.at - lines[-1][0].at <= 2.0:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    made = []
    for line in lines:
        line.sort(key=lambda rule: rule.start)
        at, start, end = line[0].at, line[0].start, line[0].end
        for rule in line[1:]:
            if rule.start <= end + NEAR:
                end = max(end, rule.end)
            else:
                made.append(Rule(at, start, end))
                start, end = rule.start, rule.end
        made.append(Rule(at, start, end))
    return made


def _connected(across: list[Rule], down: list[Rule]) -> tuple[list[Frame], list[Rule]]:
    """Grids of rules that cross or touch; and the horizontal rules that touch no vertical one."""
    group = list(range(len(across) + len(down)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for place, rule in enumerate(down, len(across)):
        for at, other in enumerate(across):
            if (rule.start - NEAR <= other.at <= rule.end + NEAR and other.start - NEAR <= rule.at <= other.end + NEAR):
                group[root(at)] = root(place)
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at in range(len(group)):
        held = members.setdefault(root(at), ([], []))
        held[at >= len(across)].append(across[at] if at < len(across) else down[at - len(across)])
    grids = [Frame(tuple(one), tuple(two)) for one, two in members.values() if len(one) >= 2 and two]
    lone = [rule for one, two in members.values() if not two or len(one) < 2 for rule in one]
    return grids, lone


def _runs(rules: list[Rule]) -> list[Frame]:
    """Horizontal rules of one length below each other: the head and the foot of a table without vertical rules."""
    left = sorted((rule for rule in rules if rule.end - rule.start > 40), key=lambda rule: rule.at)
    made = []
    while left:
        first = left.pop(0)
        run = [first] + [rule for rule in left if abs(rule.start - first.start) <= NEAR and abs(rule.end - first.end) <= NEAR]
        left = [rule for rule in left if rule not in run]
        if len(run) >= 2:
            inner = [rule for rule in rules if rule not in run and run[0].at < rule.at < run[-1].at
                     and rule.start >= first.start - NEAR and rule.end <= first.end + NEAR]
            made.append(Frame((*run, *inner), ()))
    return made


def _columns(frame: Frame, words: Sequence[Word]) -> list[float]:
    """The x of the edges of all columns: the vertical rules, or the white strips that all rows leave free."""
    left, top, right, bottom = frame.box
    tall = [rule for rule in frame.down if rule.end - rule.start >= 0.15 * (bottom - top)]
    ruled = _spread([left, *(rule.at for rule in tall), right])
    inner = [x for x in ruled[1:-1] if left + NEAR < x < right - NEAR]
    if inner:
        return [left, *inner, right]
    return [left, *_strips(frame, words), right]


def _clear(columns: list[float], words: Sequence[Word]) -> list[float]:
    """The edges that words do not run across, as they do where a picture's lines lie under prose."""
    allowed = max(1, len(_baselines(words)) // 5)
    return [columns[0], *(x for x in columns[1:-1] if sum(1 for word in words if word.x0 + 2 < x < word.x1 - 2) <= allowed), columns[-1]]


def _spread(places: list[float]) -> list[float]:
    """The places in order, those closer than NEAR + 1 taken as one."""
    made: list[float] = []
    for place in sorted(places):
        if not made or place - made[-1] > NEAR + 1:
            made.append(place)
    return made


def _strips(frame: Frame, words: Sequence[Word]) -> list[float]:
    """Middles of the white strips between columns: crossed by almost no row, wider than the space between words."""
    left, _, right, _ = frame.box
    em = median(word.y1 - word.y0 for word in words)
    rows = _baselines(words)
    step = 1.0
    cells = [0] * (int((right - left) / step) + 2)
    for row in rows:
        taken: set[int] = set()
        for word in row:
            taken.update(range(max(int((word.x0 - left) / step), 0), min(int((word.x1 - left) / step) + 1, len(cells))))
        for at in taken:
            cells[at] += 1
    allowed = len(rows) // 8
    strips, at = [], 0
    while at < len(cells):
        end = at
        while end < len(cells) and cells[end] <= allowed:
            end += 1
        if at > 0 and end < len(cells) and (end - at) * step >= 0.55 * em:
            strips.append(left + (at + end) / 2 * step)
        at = max(end, at + 1)
    return strips


def _baselines(words: Sequence[Word]) -> list[list[Word]]:
    """Words in rows, by the height of their middles."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.middle):
        if rows and word.middle - rows[-1][-1].middle <= 0.35 * (word.y1 - word.y0):
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def _rows(frame: Frame, words: Sequence[Word], columns: list[float], rtl: bool) -> list[list[str]]:
    """The cells, row by row; a merged cell's text stands in each place that it covers."""
    edges = _row_edges(frame, words, columns)
    grid: list[list[list[Word]]] = [[[] for _ in columns[1:]] for _ in edges[1:]]
    for word in words:
        row = min(max(bisect_right(edges, word.middle) - 1, 0), len(grid) - 1)
        column = min(max(bisect_right(columns, word.centre) - 1, 0), len(columns) - 2)
        grid[row][column].append(word)
    texts = [[_text(cell, rtl) for cell in row] for row in grid]
    if frame.down:
        _spread_down(texts, grid, frame, edges, columns)
        _spread_across(texts, grid, frame, edges, columns)
    return texts


def _row_edges(frame: Frame, words: Sequence[Word], columns: list[float]) -> list[float]:
    """The y of the edges of all rows: the rules, and between two of them the lines of text where each is a row of its own."""
    left, top, right, bottom = frame.box
    rules = (*(rule for rule in frame.across if rule.end - rule.start >= 0.1 * (right - left)), *frame.tints)
    ruled = _spread([top, *(rule.at for rule in rules), bottom])
    few = len(ruled) <= 4
    edges = [ruled[0]]
    for above, below in pairwise(ruled):
        rows = _baselines([word for word in words if above < word.middle <= below])
        if len(rows) > 1 and (few or len(rows) > 3) and _each_is_row(rows, columns, few):
            edges += [(max(word.y1 for word in one) + min(word.y0 for word in two)) / 2 for one, two in pairwise(rows)]
        edges.append(below)
    return sorted(edges)


def _each_is_row(rows: Sequence[Sequence[Word]], columns: list[float], few: bool) -> bool:
    """Whether lines of text are rows of a table rather than lines of its cells: most of them fill several columns, and, where
    other rows are parted by rules, an outer one."""
    filled = [{bisect_right(columns, word.centre) for word in row} for row in rows]
    several = sum(1 for row in filled if len(row) > max(1, (len(columns) - 1) * 0.4))
    outer = max(sum(1 for row in filled if place in row) for place in (1, len(columns) - 1))
    return several >= 0.6 * len(rows) and (few or outer >= 0.8 * len(rows))


def _text(words: Iterable[Word], rtl: bool) -> str:
    return " ".join(word.text for row in _baselines(list(words)) for word in in_order(row, rtl))


def _spread_across(texts: list[list[str]], grid: list[list[list[Word]]], frame: Frame, edges: list[float], columns: list[float]) -> None:
    """A cell over several columns, told by the vertical rule that is missing in it, gives its text to all of them."""
    for row in range(len(texts)):
        middle = (edges[row] + edges[row + 1]) / 2
        for column in range(1, len(texts[row])):
            if not _ruled(frame.down, columns[column], middle) and bool(grid[row][column]) != bool(grid[row][column - 1]):
                text = texts[row][column] or texts[row][column - 1]
                start = column - 1
                while start > 0 and not texts[row][start - 1] and not _ruled(frame.down, columns[start], middle):
                    start -= 1
                texts[row][start:column + 1] = [text] * (column + 1 - start)


def _spread_down(texts: list[list[str]], grid: list[list[list[Word]]], frame: Frame, edges: list[float], columns: list[float]) -> None:
    """A cell over several rows, told by the horizontal rule that is missing in it, gives its text to all of them."""
    at_rule = {edge for edge in edges if any(abs(rule.at - edge) <= NEAR + 1 for rule in frame.across)}
    for column in range(len(columns) - 1):
        middle = (columns[column] + columns[column + 1]) / 2
        for row in range(1, len(texts)):
            open_edge = edges[row] in at_rule and not _ruled(frame.across, edges[row], middle)
            if open_edge and bool(grid[row][column]) != bool(grid[row - 1][column]):
                texts[row][column] = texts[row - 1][column] = texts[row][column] or texts[row - 1][column]


def _ruled(rules: Sequence[Rule], at: float, through: float) -> bool:
    return any(abs(rule.at - at) <= NEAR + 1 and rule.start - NEAR <= through <= rule.end + NEAR for rule in rules)


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether cells look like a table's: several rows of several, filled well enough, none of them a page of prose."""
    filled = [sum(1 for cell in row if cell) for row in rows]
    several = sum(1 for count in filled if count > 1)
    cells = [cell for row in rows for cell in row if cell]
    if several < 2 or not cells:
        return False
    return sum(filled) >= 0.3 * len(rows) * max(filled) and median(map(len, cells)) <= 160
