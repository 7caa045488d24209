"""The gate before the judge: for its own embedder, and for others."""

from __future__ import annotations

import numpy as np

from workers.pipeline.merge import change_gate
from workers.pipeline.merge.change_gate import (
    MOST,
    WITHOUT_GATE,
    features,
    worth_judging,
)
from workers.pipeline.merge.neighbours import Vector

OWN = str(change_gate._weights()["embedder"])
SIZE = 384


def unit(seed: int, like: int | None = None) -> tuple[float, ...]:
    vector = np.random.default_rng(seed).normal(size=SIZE)
    if like is not None:
        vector = vector + (seed % 4) * np.random.default_rng(like).normal(size=SIZE)
    return tuple(float(value) for value in vector / np.linalg.norm(vector))


def alone(pairs: list[tuple[Vector, Vector]]) -> list[tuple[Vector, list[Vector]]]:
    """Newer statements of one sentence."""
    return [(old, [new]) for old, new in pairs]


def test_with_another_embedder_the_nearest_are_judged() -> None:
    answers = worth_judging("letters", [(unit(n), [unit(9)]) for n in range(5)])
    assert answers == [True] * WITHOUT_GATE + [False] * (5 - WITHOUT_GATE)


def test_with_another_embedder_the_size_of_vectors_does_not_matter() -> None:
    assert worth_judging("letters", [((1.0, 0.0), [(1.0, 0.0)])]) == [True]


def test_the_likeliest_above_the_threshold_are_judged() -> None:
    weights = change_gate._weights()
    pairs = [(unit(n), unit(n + 100, like=n)) for n in range(40)]
    old, new = (np.asarray(side, np.float32) for side in zip(*pairs, strict=True))
    scores = change_gate.score(weights, old, new)
    assert (scores >= weights["threshold"]).sum() > MOST
    likeliest = set(np.argsort(-scores)[:MOST].tolist())
    assert worth_judging(OWN, alone(pairs)) == [
        place in likeliest for place in range(40)
    ]


def test_the_threshold_decides() -> None:
    weights = change_gate._weights()
    pairs = [(unit(n), unit(n + 100, like=n)) for n in range(40)]
    old, new = (np.asarray(side, np.float32) for side in zip(*pairs, strict=True))
    passed = change_gate.score(weights, old, new) >= weights["threshold"]
    assert set(passed) == {True, False}
    assert [worth_judging(OWN, [pair])[0] for pair in alone(pairs)] == list(passed)


def test_statements_about_two_matters_are_not_judged() -> None:
    away = tuple(-number for number in unit(1))
    assert worth_judging(OWN, [(unit(1), [away]), (unit(1), [unit(2)])]) == [
        False,
        False,
    ]


def test_which_one_is_older_is_seen() -> None:
    old, new = (np.asarray([unit(n)], np.float32) for n in (1, 2))
    assert features(old, new).shape == (1, 3 * SIZE + 1)
    assert not np.array_equal(features(old, new), features(new, old))


def test_what_has_no_vector_is_judged() -> None:
    pair = unit(1), [unit(2)]
    [by_itself] = worth_judging(OWN, [pair])
    pairs = [(None, [unit(1)]), pair, (unit(1), []), ((), [unit(1)])]
    assert worth_judging(OWN, pairs) == [True, by_itself, True, True]
    assert worth_judging(OWN, [(None, [unit(1)])]) == [True]


def test_one_sentence_of_several_is_enough() -> None:
    old = unit(3)
    away = tuple(-number for number in old)
    candidates = [unit(n + 100, like=3) for n in range(40)]
    passed = [new for new in candidates if worth_judging(OWN, [(old, [new])])[0]]
    assert passed and not worth_judging(OWN, [(old, [away])])[0]
    assert worth_judging(OWN, [(old, [away, passed[0]])]) == [True]


def test_nothing_is_nothing() -> None:
    assert worth_judging(OWN, []) == worth_judging("letters", []) == []
