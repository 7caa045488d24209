"""Pairs that nobody wrote: statements that are told to have nothing to do with one another.

All written pairs are about one topic, so a model that is trained on them alone looks for
words of change in the newer statement and asks too little what has changed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.adapters.onnx.weights import Floats
from training.data import Pair

TOO_NEAR = 0.5
"""Cosine from which two statements may well be about the same thing."""
NEAR = 12
"""Of so many nearest ones below that the partners are chosen, beside any others."""
PER_CHANGE = 1
"""Partners of a statement that tells of a change. Two each were measured, too: fewer mined pairs are
taken for changes then, but more changes are missed."""
PER_OTHER = 0.25
UNRELATED = "unrelated"
TELLS_CHANGE = frozenset("update ended correction instruction_replaced".split())


def mined(pairs: Sequence[Pair], chance: random.Random) -> list[Pair]:
    """New statements with remembered ones of other pairs in the same language, and with
    what stays true of their own.
    """
    return [*_with_others(pairs, chance), *_with_what_stays(pairs)]


def _with_what_stays(pairs: Sequence[Pair]) -> list[Pair]:
    return [
        replace(pair, old=pair.still_true, relation=UNRELATED, still_true="")
        for pair in pairs
        if pair.still_true and pair.relation in TELLS_CHANGE
    ]


def _with_others(pairs: Sequence[Pair], chance: random.Random) -> list[Pair]:
    result: list[Pair] = []
    for language in sorted({pair.language for pair in pairs}):
        own = [pair for pair in pairs if pair.language == language]
        likeness = _likeness(own)
        for row, pair in enumerate(own):
            wanted = PER_CHANGE if pair.relation in TELLS_CHANGE else PER_OTHER
            count = int(wanted) + (chance.random() < wanted % 1)
            result += [
                replace(pair, old=own[place].old, relation=UNRELATED, still_true="")
                for place in _partners(likeness[row], count, chance)
            ]
    return result


def _likeness(pairs: Sequence[Pair]) -> Floats:
    """Cosines (new, old) of all pairs with one another."""
    embedder = OnnxEmbedder()
    new = asyncio.run(embedder.passages([pair.new for pair in pairs]))
    old = asyncio.run(embedder.passages([pair.old for pair in pairs]))
    return np.asarray(np.float32(new) @ np.float32(old).T, np.float32)


def _partners(likeness: Floats, count: int, chance: random.Random) -> list[int]:
    """Places of statements that are near, but not too near, or anywhere."""
    order = [int(place) for place in np.argsort(-likeness)]
    far = [place for place in order if likeness[place] < TOO_NEAR]
    near = far[:NEAR]
    return [
        chance.choice(near if chance.random() < 0.6 else far)
        for _ in range(min(count, len(far)))
    ]
