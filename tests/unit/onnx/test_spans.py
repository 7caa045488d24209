"""Stretches from the probabilities of tokens."""

from __future__ import annotations

import numpy as np

from shared.adapters.onnx.spans import stretches
from shared.adapters.onnx.tokenizer import Token
from shared.adapters.onnx.weights import Floats

TOKENS = [Token(9, at * 2, at * 2 + 1) for at in range(5)]


def _tags(kept: list[float]) -> Floats:
    return np.array([[1 - p, p * 0.9, p * 0.1] for p in kept], np.float32)


def _ones(at: set[int]) -> Floats:
    return np.array([[float(place in at)] for place in range(5)], np.float32)


ABOUT = np.full((5, 2), 0.5, np.float32)


def test_neighbours_are_one_stretch() -> None:
    found = stretches(TOKENS, _tags([0, 0.9, 0.8, 0, 0.7]), _ones({1, 4}), ABOUT)
    assert [(each.start, each.end) for each in found] == [(2, 5), (8, 9)]
    assert abs(found[0].probability - 0.85) < 1e-6
    assert found[0].kinds.argmax() == 0


def test_a_beginning_cuts() -> None:
    found = stretches(TOKENS, _tags([0.9] * 5), _ones({0, 2}), ABOUT)
    assert [(each.start, each.end) for each in found] == [(0, 3), (4, 9)]


def test_nothing_is_found_in_nothing() -> None:
    assert stretches(TOKENS, _tags([0.2] * 5), _ones({0}), ABOUT) == []
    assert stretches([], _tags([]).reshape(0, 3), _ones(set())[:0], ABOUT[:0]) == []
