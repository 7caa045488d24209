"""What the relation model is trained on, as tokens with targets: pairs that were written alone, and
pairs out of lives.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.adapters.onnx.inputs import pair_parts
from shared.adapters.onnx.session import enclosed
from shared.adapters.onnx.tokenizer import Tokenizer
from shared.adapters.onnx.weights import Weights
from training.as_stored import as_stored
from training.data import RELATIONS, Pair
from training.lives import (
    Life,
    Met,
    changed_pairs,
    unchanged_pair,
    unchanged_places,
)

FORMS = 3
"""Forms of each pair beside the one that was written."""
KEEPS = -1
"""The target of a pair of which all that is known is that it is no change."""
NEAREST, FURTHER = 4, 1
"""Of a life's statements those that a newer one is paired with though it changes nothing of
them: the nearest ones in meaning, and any others.
"""


@dataclass(frozen=True)
class Example:
    """The tokens of a pair, in the forms in which it may be stored, and the number of its
    relation.
    """

    forms: tuple[list[int], ...]
    relation: int

    @property
    def tokens(self) -> list[int]:
        """The pair as it was written."""
        return self.forms[0]


class Maker:
    """Makes examples."""

    def __init__(self, weights: Weights) -> None:
        self._tokenizer = Tokenizer(weights)
        self._special = weights.special

    def of_pairs(self, pairs: Iterable[Pair]) -> list[Example]:
        """Pairs that were written alone."""
        return [
            Example(
                tuple(map(self._form, _stored_forms(pair))),
                RELATIONS.index(pair.relation),
            )
            for pair in pairs
        ]

    def of_met(self, forms: Sequence[Met]) -> Example:
        """One pair of a life in some forms."""
        relation = forms[0].relation
        number = RELATIONS.index(relation) if relation else KEEPS
        return Example(tuple(self._form((m.old, m.new)) for m in forms), number)

    def _form(self, texts: tuple[str, str]) -> list[int]:
        parts = pair_parts(self._tokenizer, *texts)
        return enclosed(parts, self._special.start, self._special.end)


def _stored_forms(pair: Pair) -> list[tuple[str, str]]:
    """The pair as it was written, and as the program may have stored both; the same in
    every run.
    """
    chance = random.Random(pair.old)
    stored = [
        (as_stored(pair.old, chance), as_stored(pair.new, chance)) for _ in range(FORMS)
    ]
    return [(pair.old, pair.new), *stored]


def of_lives(lives: Sequence[Life], maker: Maker, seed: int) -> list[Example]:
    """All changes of lives, and those pairs without one that are nearest in meaning."""
    near = asyncio.run(_nearest(lives, random.Random(seed)))
    return [
        example
        for life, places in zip(lives, near, strict=True)
        for example in _of_life(life, places, maker, seed)
    ]


def _of_life(
    life: Life, places: Sequence[tuple[int, int]], maker: Maker, seed: int
) -> Iterator[Example]:
    chances = [random.Random(f"{seed} {life.identity} {form}") for form in range(FORMS)]
    for forms in zip(*(changed_pairs(life, c) for c in chances), strict=True):
        yield maker.of_met(forms)
    for pair in places:
        yield maker.of_met([unchanged_pair(life, pair, c) for c in chances])


async def _nearest(
    lives: Sequence[Life], chance: random.Random
) -> list[list[tuple[int, int]]]:
    """For each life the places of the pairs without a change that are taken."""
    embedder = OnnxEmbedder()
    result: list[list[tuple[int, int]]] = []
    for life in lives:
        vectors = np.asarray(await embedder.passages([s.text for s in life.said]))
        likeness = vectors @ vectors.T
        by_new: dict[int, list[int]] = {}
        for old, new in unchanged_places(life):
            by_new.setdefault(new, []).append(old)
        taken: list[tuple[int, int]] = []
        for new, olds in by_new.items():
            olds.sort(key=lambda old: -likeness[old, new])
            rest = olds[NEAREST:]
            chosen = olds[:NEAREST] + chance.sample(rest, min(FURTHER, len(rest)))
            taken += [(old, new) for old in chosen]
        result.append(taken)
    return result
