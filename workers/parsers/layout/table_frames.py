"""The rules drawn on a page -> the frames that may be tables. Pure geometry, no PDF in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

Box = tuple[float, float, float, float]
NEAR = 3.0
THIN = 3.0
MAX_RULES = 4000


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: at `at`, from `start` to `end`, on the other axis."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Frame:
    """Rules that belong together, and the box around them. `tints` are the upper and
    lower edges of coloured areas in it.
    """

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    tints: tuple[Rule, ...] = ()

    @property
    def box(self) -> Box:
        """Left, top, right, bottom."""
        xs = [x for rule in self.across for x in (rule.start, rule.end)] + [
            rule.at for rule in self.down
        ]
        ys = [y for rule in self.down for y in (rule.start, rule.end)] + [
            rule.at for rule in self.across
        ]
        return min(xs), min(ys), max(xs), max(ys)


def frames_of(
    drawn: Sequence[Box], filled: Sequence[Box], width: float, height: float
) -> list[Frame]:
    """What may be tables: grids of rules, runs of equally long horizontal rules, and
    where there are none, grids of coloured cells.

    `drawn` are the boxes of what is drawn with lines or is as thin as one, `filled` of
    coloured areas.
    """
    frames = _frames(*_rules(drawn, width, height))
    free = [
        box for box in filled if not any(_covers(frame.box, box) for frame in frames)
    ]
    tints, _ = _rules([box for box in filled if box not in free], width, height)
    frames = [
        replace(frame, tints=tuple(rule for rule in tints if _is_edge(rule, frame)))
        for frame in frames
    ]
    if len(free) > 1:
        frames += _frames(*_rules(free, width, height))
    return [
        frame
        for frame in frames
        if not any(_holds(frame.box, other.box) for other in frames)
    ]


def _holds(outer: Box, inner: Box) -> bool:
    """Whether a frame is drawn around another one: a border of the page, not a table."""
    return (
        outer != inner
        and all(
            one <= two + NEAR for one, two in zip(outer[:2], inner[:2], strict=True)
        )
        and all(
            one >= two - NEAR for one, two in zip(outer[2:], inner[2:], strict=True)
        )
    )


def _is_edge(rule: Rule, frame: Frame) -> bool:
    left, top, right, bottom = frame.box
    return top < rule.at < bottom and min(rule.end, right) - max(
        rule.start, left
    ) >= 0.6 * (right - left)


def _frames(across: list[Rule], down: list[Rule]) -> list[Frame]:
    if len(across) < 2 or len(across) + len(down) > MAX_RULES:
        return []
    grids, lone = _connected(across, down)
    return grids + _runs(lone)


def _covers(frame: Box, box: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return (
        frame[0] - NEAR <= x <= frame[2] + NEAR
        and frame[1] - NEAR <= y <= frame[3] + NEAR
    )


def _rules(
    shapes: Iterable[Box], width: float, height: float
) -> tuple[list[Rule], list[Rule]]:
    """Horizontal and vertical rules: thin shapes, and the edges of boxes that may be cells."""
    across, down = [], []
    for x0, y0, x1, y1 in shapes:
        wide, tall = x1 - x0, y1 - y0
        if tall <= THIN and wide >= 8:
            across.append(Rule((y0 + y1) / 2, x0, x1))
        elif wide <= THIN and tall >= 5:
            down.append(Rule((x0 + x1) / 2, y0, y1))
        elif (
            wide >= 12
            and tall >= 6
            and not (wide > 0.95 * width and tall > 0.6 * height)
        ):
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
            if (
                rule.start - NEAR <= other.at <= rule.end + NEAR
                and other.start - NEAR <= rule.at <= other.end + NEAR
            ):
                group[root(at)] = root(place)
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at in range(len(group)):
        held = members.setdefault(root(at), ([], []))
        held[at >= len(across)].append(
            across[at] if at < len(across) else down[at - len(across)]
        )
    grids = [
        Frame(tuple(one), tuple(two))
        for one, two in members.values()
        if len(one) >= 2 and two
    ]
    lone = [
        rule for one, two in members.values() if not two or len(one) < 2 for rule in one
    ]
    return grids, lone


def _runs(rules: list[Rule]) -> list[Frame]:
    """Horizontal rules of one length below each other: the head and the foot of a table
    without vertical rules.
    """
    left = sorted(
        (rule for rule in rules if rule.end - rule.start > 40), key=lambda rule: rule.at
    )
    made = []
    while left:
        first = left.pop(0)
        run = [first] + [
            rule
            for rule in left
            if abs(rule.start - first.start) <= NEAR
            and abs(rule.end - first.end) <= NEAR
        ]
        left = [rule for rule in left if rule not in run]
        if len(run) >= 2:
            inner = [
                rule
                for rule in rules
                if rule not in run
                and run[0].at < rule.at < run[-1].at
                and rule.start >= first.start - NEAR
                and rule.end <= first.end + NEAR
            ]
            made.append(Frame((*run, *inner), ()))
    return made
