"""Text in pictures: one engine a process, loaded when the first picture comes (about
700 MB).
"""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workers.parsers.layout.placed_text import PlacedText

LONGEST_SIDE = 4000
"""Pixels: the engine makes larger pictures smaller."""
DETECT_SIDE = 1600
"""Pixels of the longer side of the picture in which it looks for lines."""
MIN_SCORE = 0.5
"""Of a line: what is less certain is left out."""
CERTAIN = 0.75
"""Mean score of a picture that stands the right way up."""
UPRIGHT_BOX = 1.5
"""Times its width that a line is higher than, if it stands upright."""
MAX_THREADS = 2


@dataclass(frozen=True, slots=True)
class Recognition:
    """The lines that were read in a picture, as it was turned."""

    lines: tuple[PlacedText, ...]
    """Boxes in pixels."""
    score: float
    """Mean over the characters, 0..1."""
    on_its_side: bool
    """Whether most of the text stands upright."""
    width: float
    height: float

    @property
    def characters(self) -> int:
        """In all lines."""
        return sum(len(line.text) for line in self.lines)


def recognise(pixels: Any) -> Recognition:
    """Read the lines of text in a picture (RGB, of PIL or numpy), turned so that they
    can be read.

    Lines are detected as they stand. Where they stand upright like a page on its side,
    or read as nonsense like a page upside down, the picture is turned and the
    recognition with the highest score wins. (The engine's own turning of single lines
    is off: it loses upright ones.)
    """
    import numpy

    bgr = numpy.ascontiguousarray(numpy.asarray(pixels)[:, :, ::-1])
    recognition = _recognise(bgr)
    if recognition.on_its_side:
        return _best(_turned(bgr, (1, 3)))
    if recognition.lines and recognition.score < CERTAIN:
        return _best([recognition, *_turned(bgr, (2,))])
    return recognition


def _turned(bgr: Any, quarter_turns: Sequence[int]) -> list[Recognition]:
    """The recognitions of the picture after some numbers of quarter turns, up to the
    first that is certain.
    """
    import numpy

    recognitions = []
    for turns in quarter_turns:
        turned = numpy.ascontiguousarray(numpy.rot90(bgr, turns))
        recognitions.append(_recognise(turned))
        if recognitions[-1].score >= CERTAIN:
            break
    return recognitions


def _best(recognitions: Sequence[Recognition]) -> Recognition:
    """The recognition with the highest score; of equal ones that with more text."""
    return max(recognitions, key=lambda result: (result.score, result.characters))


def _recognise(bgr: Any) -> Recognition:
    """Read the picture as it is turned; channels in the order that the engine wants."""
    height, width = bgr.shape[:2]
    answer = _engine()(bgr)
    if getattr(answer, "txts", None) is None:
        return Recognition((), 0.0, False, width, height)
    certain: list[PlacedText] = []
    characters = weighted_score = upright = 0.0
    scored_boxes = zip(answer.txts, answer.boxes, answer.scores, strict=True)
    for text, corners, score in scored_boxes:
        xs = [float(x) for x, _ in corners]
        ys = [float(y) for _, y in corners]
        line = PlacedText(text.strip(), min(xs), min(ys), max(xs), max(ys))
        length = len(line.text)
        characters += length
        weighted_score += float(score) * length
        upright += length if line.height > UPRIGHT_BOX * line.width else 0
        if float(score) >= MIN_SCORE and line.text:
            certain.append(line)
    return Recognition(
        tuple(certain),
        weighted_score / (characters or 1),
        upright * 2 > (characters or 1),
        width,
        height,
    )


@functools.cache
def _engine() -> Any:
    """The engine, on half of the machine and MAX_THREADS at most: others work beside
    us, and threads that wait for a busy core make it slower.
    """
    from rapidocr import RapidOCR

    threads = (os.cpu_count() or 1) // 2
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": LONGEST_SIDE,
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECT_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": max(
                1, min(MAX_THREADS, threads)
            ),
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
