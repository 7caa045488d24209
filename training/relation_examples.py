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
from shared.adapters.onnx.inputs import pair_offsets, pair_tokens
from shared.adapters.onnx.session import enclosed
from shared.adapters.onnx.tokenizer import Token, Tokenizer
from shared.adapters.onnx.weights import Weights
from shared.domain.judgement import CHANGES, Span
from training.as_stored import as_stored
from training.data import RELATIONS, Pair
from training.lives import (
    Life,
    Met,
    changed_pairs,
    changed_places,
    unchanged_pair,
    unchanged_places,
)
from training.met_pairs import MetPair

FORMS = 3
"""Forms of each pair beside the one that was written."""
OUTSIDE = -1
"""The target of a token that takes no part in the loss."""
KEEPS = -1
"""The target of a pair of which all that is known is that it is no change."""
NEAREST, FURTHER = 4, 1
"""Of a life's statements those that a newer one is paired with though it changes nothing of
them: the nearest ones in meaning, and any others.
"""
LONGEST_LIFE = 1000
"""More statements than any life has."""
PARTLY = 0.5
"""Of a token's characters the share that must lie in a span for the token to do."""


@dataclass(frozen=True)
class Form:
    """The tokens of a pair, and for each whether it holds no more, or tells so."""

    ids: list[int]
    told: list[int]


@dataclass(frozen=True)
class Example:
    """A pair in the forms in which it may be stored, and the number of its relation."""

    forms: tuple[Form, ...]
    relation: int
    newer: int = -1
    """Of pairs of lives: a number of the newer statement, the same for all its pairs."""

    @property
    def tokens(self) -> list[int]:
        """The pair as it was written."""
        return self.forms[0].ids


class Maker:
    """Makes examples."""

    def __init__(self, weights: Weights) -> None:
        self._tokenizer = Tokenizer(weights)
        self._special = weights.special

    def of_pairs(self, pairs: Iterable[Pair]) -> list[Example]:
        """Pairs that were written alone."""
        return [
            Example(
                tuple(self._form(met) for met in _stored_forms(pair)),
                RELATIONS.index(pair.relation),
            )
            for pair in pairs
        ]

    def of_stored(self, pairs: Iterable[MetPair]) -> list[Example]:
        """Pairs that the program met: they have the form in which it stored them."""
        return [self.of_met([_as_met(pair)]) for pair in pairs]

    def of_met(self, forms: Sequence[Met], newer: int = -1) -> Example:
        """One pair of a life in some forms."""
        relation = forms[0].relation
        number = RELATIONS.index(relation) if relation else KEEPS
        return Example(tuple(map(self._form, forms)), number, newer)

    def _form(self, met: Met) -> Form:
        tokens = pair_tokens(self._tokenizer, met.old, met.new)
        parts = [[token.id for token in part] for part in tokens]
        ids = enclosed(parts, self._special.start, self._special.end)
        told = [OUTSIDE] * len(ids)
        if met.was is not None and met.by is not None:
            for part, inside, offset in zip(
                tokens, (met.was, met.by), pair_offsets(parts), strict=True
            ):
                for place, token in enumerate(part, offset):
                    told[place] = int(_is_inside(token, inside))
        return Form(ids, told)


def _as_met(pair: MetPair) -> Met:
    """Which words hold no more of it nobody has said."""
    if pair.is_change:
        return Met(pair.old, pair.new, pair.relation, None, None)
    return Met(pair.old, pair.new, "", (), ())


def _is_inside(token: Token, spans: Sequence[Span]) -> bool:
    length = max(1, token.end - token.start)
    common = (min(token.end, end) - max(token.start, start) for start, end in spans)
    return any(part >= PARTLY * length for part in common)


def _stored_forms(pair: Pair) -> list[Met]:
    """The pair as it was written, and as the program may have stored both; the same in
    every run.
    """
    chance = random.Random(pair.old)
    texts = [(pair.old, pair.new)]
    texts += [
        (as_stored(pair.old, chance), as_stored(pair.new, chance)) for _ in range(FORMS)
    ]
    return [_with_spans(pair, old, new) for old, new in texts]


def _with_spans(pair: Pair, old: str, new: str) -> Met:
    """Where nothing is known to stay, all of the older statement holds no more."""
    if pair.relation not in CHANGES:
        return Met(old, new, pair.relation, (), ())
    if pair.still_true:
        return Met(old, new, pair.relation, None, None)
    return Met(old, new, pair.relation, ((0, len(old)),), ((0, len(new)),))


def of_lives(lives: Sequence[Life], maker: Maker, seed: int) -> list[Example]:
    """All changes of lives, and those pairs without one that are nearest in meaning."""
    near = asyncio.run(_nearest(lives, random.Random(seed)))
    return [
        example
        for number, (life, places) in enumerate(zip(lives, near, strict=True))
        for example in _of_life(life, places, maker, seed, number * LONGEST_LIFE)
    ]


def _of_life(
    life: Life, places: Sequence[tuple[int, int]], maker: Maker, seed: int, first: int
) -> Iterator[Example]:
    """`first`: the number of its first statement."""
    chances = [random.Random(f"{seed} {life.identity} {form}") for form in range(FORMS)]
    changed = [changed_pairs(life, chance) for chance in chances]
    for pair, *forms in zip(changed_places(life), *changed, strict=True):
        yield maker.of_met(forms, first + pair[1])
    for pair in places:
        forms = [unchanged_pair(life, pair, chance) for chance in chances]
        yield maker.of_met(forms, first + pair[1])


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
