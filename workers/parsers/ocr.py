"""Text in pictures: one engine a process, loaded when the first picture comes (about 700 MB)."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

THREADS = 2
LONGEST_SIDE = 4000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in a picture, with its box in pixels (left, top, right, bottom)."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        """Of the box, in pixels."""
        return self.y1 - self.y0


def lines_of(pixels: Any) -> list[Line]:
    """The lines of text in a picture (an RGB array of PIL or numpy), top to bottom; none is an empty list."""
    import numpy

    array = numpy.asarray(pixels)[:, :, ::-1]
    found = _engine()(numpy.ascontiguousarray(array))
    if found is None or getattr(found, "txts", None) is None:
        return []
    return [_line(text, box) for text, box in zip(found.txts, found.boxes, strict=False) if text.strip()]


def _line(text: str, box: Sequence[Sequence[float]]) -> Line:
    xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
    return Line(text.strip(), min(xs), min(ys), max(xs), max(ys))


@functools.cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={
        "Global.log_level": "critical",
        "Global.max_side_len": LONGEST_SIDE,
        "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    })
