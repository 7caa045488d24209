"""The rules drawn on a page -> the frames that may be tables. All lengths in points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workers.parsers.layout.placed_text import Box

NEAR = 3.0
"""Distance within which two edges touch."""
THIN = 3.0
"""A shape that is no thicker is a rule."""
SAME_LINE = 2.0
"""Distance of rules that are drawn on one line."""
MAX_RULES = 4000
"""More are a drawing."""
MIN_RULE_WIDTH, MIN_RULE_HEIGHT = 8, 5
"""Length of a horizontal and of a vertical rule, at least."""
MIN_CELL_WIDTH, MIN_CELL_HEIGHT = 12, 6
"""Of a box whose edges are rules, at least."""
PAGE_WIDTH, PAGE_HEIGHT = 0.95, 0.6
"""Shares of the page: a box beyond both is its background."""
MIN_TINT = 0.6
"""Share of a frame's width that the edge of a coloured row covers."""
MIN_RUN_WIDTH = 40
"""Of the rules of a table that has no vertical ones."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along one axis."""

    at: float
    """Its position on the other axis."""
    start: float
    end: float

    @property
    def length(self) -> float:
        """From end to end."""
        return self.end - self.start

    def is_as_long_as(self, other: Rule) -> bool:
        """Whether two rules start and end alike."""
        starts_alike = abs(self.start - other.start) <= NEAR
        return starts_alike and abs(self.end - other.end) <= NEAR

    def lies_within(self, other: Rule) -> bool:
        """Whether the rule neither starts before another one nor ends behind it."""
        return self.start >= other.start - NEAR and self.end <= other.end + NEAR

    def reaches(self, position: float) -> bool:
        """Whether the rule, or what it touches, passes a position on its axis."""
        return self.start - NEAR <= position <= self.end + NEAR


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a page or a part of it."""

    across: list[Rule]
    down: list[Rule]


@dataclass(frozen=True, slots=True)
class Frame:
    """Rules that belong together."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    tints: tuple[Rule, ...] = ()
    """Upper and lower edges of the coloured areas in it."""

    @property
    def box(self) -> Box:
        """Around all rules."""
        xs = [rule.at for rule in self.down]
        xs += [rule.start for rule in self.across]
        xs += [rule.end for rule in self.across]
        ys = [rule.at for rule in self.across]
        ys += [rule.start for rule in self.down]
        ys += [rule.end for rule in self.down]
        return Box(min(xs), min(ys), max(xs), max(ys))

    def with_tints(self, edges: Iterable[Rule]) -> Frame:
        """The frame with those edges of coloured areas that part its rows."""
        box = self.box
        tints: list[Rule] = []
        for edge in edges:
            covered = min(edge.end, box.right) - max(edge.start, box.left)
            is_wide = covered >= MIN_TINT * box.width
            if is_wide and box.top < edge.at < box.bottom:
                tints.append(edge)
        return replace(self, tints=tuple(tints))


def frames_of(
    drawn: Sequence[Box], filled: Sequence[Box], width: float, height: float
) -> list[Frame]:
    """What may be tables on a page of that size: grids of rules, runs of equally long
    horizontal rules, and where there are none, grids of coloured cells.

    `drawn` are the boxes of what is drawn with lines or is as thin as one, `filled` of
    coloured areas.
    """
    frames = _frames(rules_of(drawn, width, height))
    boxes = [frame.box for frame in frames]
    covered: list[Box] = []
    free: list[Box] = []
    for area in filled:
        x = (area.left + area.right) / 2
        y = (area.top + area.bottom) / 2
        if any(box.holds_point(x, y, NEAR) for box in boxes):
            covered.append(area)
        else:
            free.append(area)
    edges = rules_of(covered, width, height).across
    frames = [frame.with_tints(edges) for frame in frames]
    if len(free) > 1:
        frames += _frames(rules_of(free, width, height))
    boxes = [frame.box for frame in frames]
    return [
        frame
        for frame, outer in zip(frames, boxes, strict=True)
        if not any(outer.is_border_of(inner, NEAR) for inner in boxes)
    ]


def rules_of(shapes: Iterable[Box], width: float, height: float) -> Rules:
    """Horizontal and vertical rules: thin shapes, and the edges of boxes that may be
    cells of a page of that size.
    """
    across: list[Rule] = []
    down: list[Rule] = []
    for shape in shapes:
        left, top, right, bottom = shape
        is_background = (
            shape.width > PAGE_WIDTH * width and shape.height > PAGE_HEIGHT * height
        )
        if shape.height <= THIN and shape.width >= MIN_RULE_WIDTH:
            middle = (top + bottom) / 2
            across.append(Rule(middle, left, right))
        elif shape.width <= THIN and shape.height >= MIN_RULE_HEIGHT:
            centre = (left + right) / 2
            down.append(Rule(centre, top, bottom))
        elif (
            shape.width >= MIN_CELL_WIDTH
            and shape.height >= MIN_CELL_HEIGHT
            and not is_background
        ):
            across.append(Rule(top, left, right))
            across.append(Rule(bottom, left, right))
            down.append(Rule(left, top, bottom))
            down.append(Rule(right, top, bottom))
    return Rules(_merge(across), _merge(down))


def _merge(rules: list[Rule]) -> list[Rule]:
    """Rules on one line that touch or overlap are one."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lines and rule.at - lines[-1][0].at <= SAME_LINE:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    merged = []
    for line in lines:
        line.sort(key=lambda rule: rule.start)
        at, start, end = line[0].at, line[0].start, line[0].end
        for rule in line[1:]:
            if rule.start <= end + NEAR:
                end = max(end, rule.end)
            else:
                merged.append(Rule(at, start, end))
                start, end = rule.start, rule.end
        merged.append(Rule(at, start, end))
    return merged


def _frames(rules: Rules) -> list[Frame]:
    """Grids of rules, and runs of those that are in no grid."""
    count = len(rules.across) + len(rules.down)
    if len(rules.across) < 2 or count > MAX_RULES:
        return []
    grids: list[Frame] = []
    lone: list[Rule] = []
    for group in _connected_groups(rules):
        if len(group.across) >= 2 and group.down:
            grids.append(Frame(tuple(group.across), tuple(group.down)))
        else:
            lone += group.across
    return grids + _runs(lone)


def _connected_groups(rules: Rules) -> list[Rules]:
    """The rules, grouped by which cross or touch each other."""
    groups = _DisjointSets(len(rules.across) + len(rules.down))
    for index, vertical in enumerate(rules.down, len(rules.across)):
        for other, horizontal in enumerate(rules.across):
            if vertical.reaches(horizontal.at) and horizontal.reaches(vertical.at):
                groups.join(other, index)
    members: dict[int, Rules] = {}
    for index, rule in enumerate(rules.across):
        members.setdefault(groups.root(index), Rules([], [])).across.append(rule)
    for index, rule in enumerate(rules.down, len(rules.across)):
        members.setdefault(groups.root(index), Rules([], [])).down.append(rule)
    return list(members.values())


class _DisjointSets:
    """Which of the numbers 0 ... size - 1 belong together (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def root(self, index: int) -> int:
        """The number that stands for the set of `index`."""
        parents = self._parents
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    def join(self, index: int, other: int) -> None:
        """Make one set of the sets of two numbers."""
        self._parents[self.root(index)] = self.root(other)


def _runs(rules: list[Rule]) -> list[Frame]:
    """Horizontal rules of one length below each other: the head and the foot of a table
    without vertical rules.
    """
    long = [rule for rule in rules if rule.length > MIN_RUN_WIDTH]
    left = sorted(long, key=lambda rule: rule.at)
    frames = []
    while left:
        first = left.pop(0)
        run = [first, *(rule for rule in left if rule.is_as_long_as(first))]
        left = [rule for rule in left if rule not in run]
        if len(run) < 2:
            continue
        top, bottom = run[0].at, run[-1].at
        inner = [
            rule
            for rule in rules
            if rule not in run and top < rule.at < bottom and rule.lies_within(first)
        ]
        frames.append(Frame((*run, *inner), ()))
    return frames
