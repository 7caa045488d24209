"""What the relation model is trained on and measured with."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass

from shared.adapters.onnx.weights import Weights
from training.data import Pair, load_pairs, split
from training.heads import batches
from training.lives import load_lives
from training.met_pairs import load_met, load_never_learned
from training.mined_pairs import mined
from training.relation_examples import KEEPS, Example, Maker, of_lives
from training.report import counts_of

LOG = logging.getLogger("training")

BATCH = 32
EPOCH, SHARES = 6080, (0.18, 0.12, 0.12, 0.2, 0.38)
"""Examples of an epoch, and the shares of changes of lives, of other pairs of lives and of
chats, of pairs that were written alone, and of those that the program met.
"""


@dataclass(frozen=True)
class Material:
    """What is learned from."""

    changes: list[Example]
    """Of lives and chats."""
    others: list[Example]
    """Pairs of lives without a change."""
    chatted: list[Example]
    """Pairs of chats without a change."""
    pairs: list[Example]
    """Written alone, and mined."""
    met: list[Example]
    """Met by the program."""

    @property
    def all(self) -> list[Example]:
        """Every example once."""
        return [*self.changes, *self.others, *self.chatted, *self.pairs, *self.met]


def steps(given: Material, chance: random.Random) -> list[list[Example]]:
    """An epoch: a sample of each kind by `SHARES`."""
    parts = (given.changes, given.others, given.chatted, given.pairs, given.met)
    examples = [
        example
        for part, share in zip(parts, SHARES, strict=True)
        for example in chance.sample(part, min(len(part), int(share * EPOCH)))
    ]
    chance.shuffle(examples)
    places = list(range(len(examples)))
    result = batches([len(e.tokens) for e in examples], BATCH, places)
    chance.shuffle(result)
    return [[examples[place] for place in batch] for batch in result]


@dataclass(frozen=True)
class Data:
    """What is learned from, and what is not."""

    material: Material
    pairs: list[Pair]
    """Unseen ones, written alone."""
    written: list[Example]
    """These as examples."""
    mined: list[Example]
    lived: list[Example]
    """Pairs of unseen lives."""
    met: list[Example]
    """Unseen ones that the program met."""
    counts: Mapping[str, int]


def data(weights: Weights, seed: int) -> Data:
    """Everything, split."""
    maker = Maker(weights)
    seen, unseen = split(load_pairs())
    lives, later = split(load_lives())
    met, unmet = split(load_met())
    unmet += load_never_learned()
    others = mined(seen, random.Random(seed))
    apart = mined(unseen, random.Random(seed))
    lived = of_lives([life for life in lives if not life.is_chat], maker, seed)
    chatted = of_lives([life for life in lives if life.is_chat], maker, seed)
    material = Material(
        [example for example in [*lived, *chatted] if example.relation != KEEPS],
        [example for example in lived if example.relation == KEEPS],
        [example for example in chatted if example.relation == KEEPS],
        maker.of_pairs([*seen, *others]),
        maker.of_stored(met),
    )
    counts = counts_of("pairs", seen, unseen) | {
        "pairs met, to train on": len(met),
        "pairs met, unseen": len(unmet),
        "lives to train on": len(lives),
        "lives unseen": len(later),
        "mined pairs": len(others),
    }
    LOG.info("%d examples; %s", len(material.all), counts)
    return Data(
        material,
        unseen,
        maker.of_pairs(unseen),
        maker.of_pairs(apart),
        of_lives(later, maker, seed),
        maker.of_stored(unmet),
        counts,
    )
