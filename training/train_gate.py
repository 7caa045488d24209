"""Trains the gate before the relation model: which neighbours are worth judging.

A small network on the embeddings of two statements. Positives are the pairs with a
change, written alone and of lives; negatives are the other pairs, the nearest earlier
statements of lives and turns of talks, and the nearest remembered statements of other
pairs. The threshold lets through nearly all changes of unseen lives.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.adapters.onnx.weights import Floats
from training import trainer
from training.as_stored import as_stored
from training.data import Pair, Talk, load_pairs, load_talks, split
from training.lives import CHANGES, Life, load_lives, stored
from workers.pipeline.merge.change_gate import features, score

LOG = logging.getLogger("training")

HIDDEN = 48
EPOCHS = 14
BATCH = 128
RATE = 1e-3
POSITIVE_WEIGHT = 3.0
RECALL = 0.95
"""Share of the changes of unseen lives that the gate lets through."""
NEIGHBOURS = 6
OUTPUT = Path(__file__).parents[1] / "workers/pipeline/merge/change_gate.npz"


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
) -> Pairs:
    """All changes of lives, and statements with the nearest earlier ones that they leave
    as they are.
    """
    old: list[Floats] = []
    new: list[Floats] = []
    changed: list[float] = []
    for life in lives:
        vectors = await _vectors([stored(said, chance) for said in life.said], embedder)
        likeness = vectors @ vectors.T
        changing = {(change.old, change.new) for change in life.changes}
        for later in range(1, len(vectors)):
            nearest = np.argsort(-likeness[later, :later])[:NEIGHBOURS]
            for other in {*nearest.tolist()} | {o for o, n in changing if n == later}:
                old.append(vectors[other])
                new.append(vectors[later])
                changed.append(float((other, later) in changing))
    return Pairs(np.array(old), np.array(new), np.array(changed, np.float32))


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
            likeness = vectors[:place] @ vectors[place]
            for other in np.argsort(-likeness)[:NEIGHBOURS]:
                old.append(vectors[other])
                new.append(vectors[place])
    return Pairs(np.array(old), np.array(new), np.zeros(len(old), np.float32))


async def _vectors(texts: Sequence[str], embedder: OnnxEmbedder) -> Floats:
    return np.asarray(await embedder.passages(texts), np.float32)


def fit(pairs: Pairs) -> dict[str, Floats]:
    """The weights of the network."""
    inputs = torch.from_numpy(features(pairs.old, pairs.new))
    changed = torch.from_numpy(pairs.changed)
    model = nn.Sequential(
        nn.Linear(inputs.shape[1], HIDDEN),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Linear(HIDDEN, 1),
    )
    optimizer = torch.optim.AdamW(model.parameters(), RATE, weight_decay=0.01)
    weight = torch.tensor(POSITIVE_WEIGHT)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(inputs)).split(BATCH):
            logits = model(inputs[rows])[:, 0]
            loss = functional.binary_cross_entropy_with_logits(
                logits, changed[rows], pos_weight=weight
            )
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    return {
        "first": state["0.weight"].T,
        "bias": state["0.bias"],
        "second": state["3.weight"][0],
        "offset": state["3.bias"][0],
    }


async def train(output: Path) -> None:
    """From the data to the file of weights."""
    chance = random.Random(1)
    embedder = OnnxEmbedder()
    seen, unseen = split(load_pairs())
    talks, later = split([talk for talk in load_talks() if talk.kind != "document"])
    written, others = await given(seen, embedder, chance)
    lives, unseen_lives = split(load_lives())
    weights = fit(
        written
        + others
        + await within_lives(lives, embedder, chance)
        + await within_talks(talks, embedder, chance)
    )
    met = await within_lives(unseen_lives, embedder, chance)
    scores = score(weights, met.old, met.new)
    threshold = float(np.quantile(scores[met.changed > 0], 1 - RECALL))
    written, others = await given(unseen, embedder, chance)
    turns = await within_talks(later, embedder, chance)
    for name, pairs in (
        ("statements of lives", met),
        ("pairs written alone", written),
        ("statements of other pairs", others),
        ("turns of a talk", turns),
    ):
        passed = score(weights, pairs.old, pairs.new) >= threshold
        is_change = pairs.changed > 0
        LOG.info(
            "%s: lets through %.3f of changes, %.3f of the nearest others",
            name,
            passed[is_change].mean() if is_change.any() else 0.0,
            passed[~is_change].mean(),
        )
    output.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        output,
        embedder=embedder.name,
        threshold=np.float32(threshold),
        **{name: value.astype(np.float32) for name, value in weights.items()},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    said = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(message)s")
    LOG.setLevel(logging.INFO)
    trainer.seed(1)
    asyncio.run(train(said.output))


if __name__ == "__main__":
    main()
