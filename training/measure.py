"""Figures that several models are measured by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shared.adapters.onnx.weights import Floats


def recall_at(scores: Floats, right: Any, precision: float) -> tuple[float, float]:
    """The largest recall at that precision, and the threshold that gives it; (0, 1.01) if none."""
    order = np.argsort(-scores)
    hits = np.cumsum(right[order])
    precise = hits / np.arange(1, len(order) + 1)
    good = np.nonzero(precise >= precision)[0]
    if not len(good) or not right.sum():
        return 0.0, 1.01
    last = int(good[-1])
    return round(float(hits[last] / right.sum()), 4), float(scores[order[last]])


def f1(picked: Sequence[str], right: Sequence[str], name: str) -> float:
    """The harmonic mean of precision and recall of one class."""
    hits = sum(p == r == name for p, r in zip(picked, right, strict=True))
    total = sum(p == name for p in picked) + sum(r == name for r in right)
    return round(2 * hits / total, 4) if total else float("nan")
