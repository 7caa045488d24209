"""What the gate learns from: vectors of older and newer statements, and whether the newer one
makes something of the older one hold no more.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.adapters.onnx.weights import Floats
from shared.domain.judgement import CHANGES, Span
from training.as_stored import as_stored
from training.data import Pair, Talk
from training.lives import Change, Life, stored_with
from training.met_pairs import MetPair
from workers.pipeline.merge.sentences_of import telling_sentences

Ints = NDArray[np.int64]

NEIGHBOURS, OF_TURN = 6, 2
"""Of so many of the nearest earlier turns so many are learned from: among these are changes
that nobody marked.
"""
OTHER_SENTENCES = 0.2
"""Share of the sentences without a change that are learned from."""


@dataclass(frozen=True)
class Pairs:
    """Vectors of older and newer statements, and whether each pair is a change."""

    old: Floats
    new: Floats
    changed: Floats

    def __add__(self, other: Pairs) -> Pairs:
        return Pairs(
            np.vstack([self.old, other.old]),
            np.vstack([self.new, other.new]),
            np.concatenate([self.changed, other.changed]),
        )


@dataclass(frozen=True)
class Lived:
    """Pairs of lives: a row for each newer statement as a whole, and for each sentence of it."""

    rows: Pairs
    pair: Ints
    """Of each row: rows of one pair follow one another."""
    statement: Ints
    """Of each pair: which newer statement it is of."""

    def sample(self, chance: random.Random) -> Pairs:
        """What is learned from: all whole statements, all sentences that tell of a change,
        and some of the others.
        """
        is_first = np.diff(self.pair, prepend=-1) > 0
        drawn = np.array([chance.random() < OTHER_SENTENCES for _ in self.pair])
        taken = is_first | drawn | (self.rows.changed > 0)
        return Pairs(
            self.rows.old[taken], self.rows.new[taken], self.rows.changed[taken]
        )

    def of_pairs(self, values: Floats) -> Floats:
        """The largest value among the rows of each pair."""
        starts = np.flatnonzero(np.diff(self.pair, prepend=-1))
        return np.asarray(np.maximum.reduceat(values, starts), np.float32)


class _Rows:
    """Collects the pairs of lives."""

    def __init__(self) -> None:
        self._old: list[Floats] = []
        self._new: list[Floats] = []
        self._changed: list[float] = []
        self._pair: list[int] = []
        self._statement: list[int] = []
        self._statements = 0
        self._earlier = np.zeros(0, np.float32)

    def begin(self, earlier: Floats) -> None:
        """A pair."""
        self._earlier = earlier
        self._statement.append(self._statements)

    def add(self, new: Floats, is_change: bool) -> None:
        """A row of it."""
        self._old.append(self._earlier)
        self._new.append(new)
        self._changed.append(float(is_change))
        self._pair.append(len(self._statement) - 1)

    def end_statement(self) -> None:
        """After the last pair of a newer statement."""
        self._statements += 1

    def lived(self) -> Lived:
        """All of them."""
        changed = np.array(self._changed, np.float32)
        rows = Pairs(np.array(self._old), np.array(self._new), changed)
        return Lived(rows, np.array(self._pair), np.array(self._statement))


async def met(pairs: Sequence[MetPair], embedder: OnnxEmbedder) -> Pairs:
    """Pairs that an earlier gate let pass."""
    old = await _vectors([pair.old for pair in pairs], embedder)
    new = await _vectors([pair.new for pair in pairs], embedder)
    return Pairs(old, new, np.array([pair.is_change for pair in pairs], np.float32))


async def given(
    pairs: Sequence[Pair], embedder: OnnxEmbedder, chance: random.Random
) -> tuple[Pairs, Pairs]:
    """The pairs as they were written, and each new statement with the nearest old ones
    of other pairs, which it has nothing to do with.
    """
    old = await _vectors([as_stored(pair.old, chance) for pair in pairs], embedder)
    new = await _vectors([as_stored(pair.new, chance) for pair in pairs], embedder)
    changed = [pair.relation in CHANGES for pair in pairs]
    likeness = new @ old.T
    np.fill_diagonal(likeness, -1)
    near = np.argsort(-likeness, axis=1)[:, :NEIGHBOURS]
    rows = np.repeat(np.arange(len(pairs)), NEIGHBOURS)
    others = Pairs(old[near.ravel()], new[rows], np.zeros(len(rows), np.float32))
    return Pairs(old, new, np.array(changed, np.float32)), others


async def within_lives(
    lives: Sequence[Life], embedder: OnnxEmbedder, chance: random.Random
) -> Lived:
    """All statements with all earlier ones, those of several sentences once more by each."""
    rows = _Rows()
    for life in lives:
        changing = {(change.old, change.new): change for change in life.changes}
        told = [_told(life, place, chance) for place in range(len(life.said))]
        texts = [text for text, _ in told]
        vectors = await _vectors(texts, embedder)
        for later, (text, by) in enumerate(told):
            parts = telling_sentences(text)
            of_parts = await _vectors(
                [text[start:end] for start, end in parts], embedder
            )
            for earlier in range(later):
                change = changing.get((earlier, later))
                rows.begin(vectors[earlier])
                rows.add(vectors[later], change is not None)
                for part, vector in zip(parts, of_parts, strict=True):
                    rows.add(vector, change is not None and _meet(part, by[change]))
            rows.end_statement()
    return rows.lived()


def _told(
    life: Life, place: int, chance: random.Random
) -> tuple[str, dict[Change, Span]]:
    """A statement as it may be stored, and where the words stand that tell of each change."""
    changes = [change for change in life.changes if change.new == place]
    spans = [change.by for change in changes]
    text, moved = stored_with(life.said[place], spans, chance)
    return text, dict(zip(changes, moved, strict=True))


def _meet(span: Span, other: Span) -> bool:
    return span[0] < other[1] and other[0] < span[1]


async def within_talks(
    talks: Sequence[Talk], embedder: OnnxEmbedder, chance: random.Random
) -> Pairs:
    """Turns with the nearest earlier ones of their talk."""
    old: list[Floats] = []
    new: list[Floats] = []
    for talk in talks:
        texts = [
            as_stored(turn.text, chance)
            if turn.speaker == "user"
            else f"{turn.speaker}: {turn.text}"
            for turn in talk.turns
        ]
        vectors = await _vectors(texts, embedder)
        for place in range(2, len(vectors)):
            nearest = np.argsort(-(vectors[:place] @ vectors[place]))[:NEIGHBOURS]
            for other in chance.sample(list(nearest), min(OF_TURN, len(nearest))):
                old.append(vectors[other])
                new.append(vectors[place])
    return Pairs(np.array(old), np.array(new), np.zeros(len(old), np.float32))


async def _vectors(texts: Sequence[str], embedder: OnnxEmbedder) -> Floats:
    if not texts:
        return np.zeros((0, embedder.size), np.float32)
    return np.asarray(await embedder.passages(texts), np.float32)
