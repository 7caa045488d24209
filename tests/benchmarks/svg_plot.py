"""A plot of lines as SVG, drawn by hand: nothing to install for a dozen pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 40, 50
"""Margins, in pixels: the right one holds the legend."""
COLOURS = ("#1b6ca8", "#c8553d", "#3c896d", "#8a5a9e", "#b08900", "#555555")
_STYLE = "font-family:sans-serif;font-size:12px;fill:#333"

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Plot:
    """Lines over a common x axis; `log_x` for sizes that grow tenfold. The y axis begins
    at 0.
    """

    name: str
    title: str
    x: str
    y: str
    lines: Mapping[str, Points]
    log_x: bool = False

    def svg(self) -> str:
        """The picture. Raises ValueError without a point, or for a log axis with x <= 0."""
        xs = sorted({x for points in self.lines.values() for x, _ in points})
        ys = [y for points in self.lines.values() for _, y in points]
        if not xs:
            raise ValueError(f"nothing to plot in {self.name}")
        top = _round_up(max(*ys, 1e-9))
        across, up = self._across(xs), self._up(top)
        parts = [_text(LEFT, 20, self.title, "font-weight:bold")]
        parts += [_grid(y, up(y)) for y in (top * step / 4 for step in range(5))]
        parts += [
            _text(across(x), HEIGHT - 30, f"{x:,g}", "text-anchor:middle") for x in xs
        ]
        parts.append(
            _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, self.x, "text-anchor:middle")
        )
        parts.append(_text(8, TOP - 8, self.y))
        for number, (name, points) in enumerate(self.lines.items()):
            parts += _line(number, name, [(across(x), up(y)) for x, y in points])
        body = "\n".join(parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'role="img" aria-label="{escape(self.title)}">\n'
            f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
        )

    def _across(self, xs: Sequence[float]) -> Callable[[float], float]:
        if self.log_x and xs[0] <= 0:
            raise ValueError("a logarithmic axis has no place for 0")
        scale: Callable[[float], float] = log10 if self.log_x else float
        low, high = scale(xs[0]), scale(xs[-1])
        span = high - low or 1.0
        return lambda x: LEFT + (scale(x) - low) / span * (WIDTH - LEFT - RIGHT)

    def _up(self, top: float) -> Callable[[float], float]:
        return lambda y: HEIGHT - BOTTOM - y / top * (HEIGHT - TOP - BOTTOM)


def _round_up(value: float) -> float:
    """To two digits, the second one even."""
    step = 2 * 10.0 ** (floor(log10(value)) - 1)
    return ceil(value / step) * step


def _grid(value: float, y: float) -> str:
    line = f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
    return line + _text(LEFT - 8, y + 4, f"{value:,.4g}", "text-anchor:end")


def _line(number: int, name: str, points: Points) -> list[str]:
    colour = COLOURS[number % len(COLOURS)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    drawn = (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    )
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points
    )
    at = TOP + 18 * number
    key = f'<rect x="{WIDTH - RIGHT + 15}" y="{at - 9}" width="10" height="10" fill="{colour}"/>'
    return [drawn + dots, key + _text(WIDTH - RIGHT + 30, at, name)]


def _text(x: float, y: float, text: str, style: str = "") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" style="{_STYLE};{style}">{escape(text)}</text>'
    )
