"""Text in pictures: one engine a process, loaded when the first picture comes (about 700 MB)."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workers.parsers.layout.placed_text import Placed

LONGEST_SIDE = 4000
DETECT_SIDE = 1600
SURE = 0.5
DOUBTFUL = 0.75


@dataclass(frozen=True, slots=True)
class Found:
    """The lines found in a picture as it was turned (boxes in pixels), how surely
    (0..1), and its size as it was turned.
    """

    lines: tuple[Placed, ...]
    sureness: float
    on_its_side: bool
    width: float
    height: float


def lines_of(pixels: Any) -> Found:
    """The lines of text in a picture (RGB, of PIL or numpy), turned so that they can be read.

    Lines are found as they stand. Where they stand upright like a page on its side, or
    read as nonsense like a page upside down, the picture is turned and the surest
    reading wins. (The engine's own turning of single lines is off: it loses upright
    ones.)
    """
    import numpy

    array = numpy.ascontiguousarray(numpy.asarray(pixels)[:, :, ::-1])
    found = _read(array)
    if found.on_its_side:
        found = _turned(array, (1, 3))
    elif found.lines and found.sureness < DOUBTFUL:
        found = _surest([found, _turned(array, (2,))])
    return found


def _turned(array: Any, turns: Sequence[int]) -> Found:
    import numpy

    made = []
    for turn in turns:
        made.append(_read(numpy.ascontiguousarray(numpy.rot90(array, turn))))
        if made[-1].sureness >= DOUBTFUL:
            break
    return _surest(made)


def _surest(found: Sequence[Found]) -> Found:
    return max(
        found, key=lambda one: (one.sureness, sum(len(line.text) for line in one.lines))
    )


def _read(array: Any) -> Found:
    height, width = array.shape[:2]
    answer = _engine()(array)
    if getattr(answer, "txts", None) is None:
        return Found((), 0.0, False, width, height)
    read = [
        (_line(text, box), float(score))
        for text, box, score in zip(
            answer.txts, answer.boxes, answer.scores, strict=True
        )
    ]
    letters = sum(len(line.text) for line, _ in read) or 1
    sureness = sum(score * len(line.text) for line, score in read) / letters
    tall = sum(
        len(line.text) for line, _ in read if line.height > 1.5 * (line.x1 - line.x0)
    )
    return Found(
        tuple(line for line, score in read if score >= SURE and line.text),
        sureness,
        tall * 2 > letters,
        width,
        height,
    )


def _line(text: str, box: Sequence[Sequence[float]]) -> Placed:
    xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
    return Placed(text.strip(), min(xs), min(ys), max(xs), max(ys))


@functools.cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": LONGEST_SIDE,
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECT_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": _threads(),
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _threads() -> int:
    """Half of the machine, two at most: others work beside us, and threads that wait
    for a busy core make it slower.
    """
    return max(1, min(2, (os.cpu_count() or 1) // 2))
