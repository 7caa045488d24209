"""Trains the gate before the relation model: which neighbours are worth judging.

A small network on the embeddings of two statements. Positives are the pairs with a
change, written alone and of lives; negatives are the other pairs, all other earlier
statements of lives, the nearest earlier turns of talks, and the nearest remembered
statements of other pairs. The threshold is set on unseen lives.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.adapters.onnx.weights import Floats
from shared.domain.judgement import CHANGES
from training import trainer
from training.as_stored import as_stored
from training.data import Pair, Talk, load_pairs, load_talks, split
from training.lives import Life, load_lives, stored
from workers.pipeline.merge.change_gate import MOST, features, score

LOG = logging.getLogger("training")

Ints = NDArray[np.int64]

HIDDEN = 48
EPOCHS = 10
BATCH = 128
RATE = 1e-3
POSITIVE_WEIGHT = 3.0
RECALL = 0.95
"""Share of the changes of unseen lives above the threshold, of those among the likeliest."""
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
) -> tuple[Pairs, Ints]:
    """All statements with all earlier ones, and for each pair the number of the newer
    statement.
    """
    old: list[Floats] = []
    new: list[Floats] = []
    changed: list[float] = []
    numbers: list[int] = []
    for life in lives:
        vectors = await _vectors([stored(said, chance) for said in life.said], embedder)
        changing = {(change.old, change.new) for change in life.changes}
        numbered = numbers[-1] if numbers else 0
        for earlier, later in combinations(range(len(vectors)), 2):
            old.append(vectors[earlier])
            new.append(vectors[later])
            changed.append(float((earlier, later) in changing))
            numbers.append(numbered + later)
    pairs = Pairs(np.array(old), np.array(new), np.array(changed, np.float32))
    return pairs, np.array(numbers)


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


def ranks(scores: Floats, numbers: Ints) -> Ints:
    """The place of each pair among those of its newer statement, the likeliest first."""
    result = np.zeros(len(scores), np.int64)
    order = np.lexsort((-scores, numbers))
    _, starts = np.unique(numbers[order], return_index=True)
    within = np.arange(len(order))
    result[order] = within - np.repeat(starts, np.diff([*starts, len(order)]))
    return result


async def train(output: Path) -> None:
    """From the data to the file of weights."""
    chance = random.Random(1)
    embedder = OnnxEmbedder()
    seen, _ = split(load_pairs())
    talks, later = split([talk for talk in load_talks() if talk.kind != "document"])
    lives, unseen = split(load_lives())
    written, others = await given(seen, embedder, chance)
    lived, _ = await within_lives(lives, embedder, chance)
    weights = fit(
        lived + written + others + await within_talks(talks, embedder, chance)
    )
    met, numbers = await within_lives(unseen, embedder, chance)
    threshold = _measured(weights, met, numbers)
    turns = await within_talks(later, embedder, chance)
    passed = score(weights, turns.old, turns.new) >= threshold
    LOG.info("passed: %.3f of the nearest turns of talks", passed.mean())
    output.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        output,
        embedder=embedder.name,
        threshold=np.float32(threshold),
        **{name: value.astype(np.float32) for name, value in weights.items()},
    )


def _measured(weights: dict[str, Floats], met: Pairs, numbers: Ints) -> float:
    """The threshold, by unseen lives."""
    scores = score(weights, met.old, met.new)
    is_change = met.changed > 0
    is_likely = ranks(scores, numbers) < MOST
    threshold = float(np.quantile(scores[is_change & is_likely], 1 - RECALL))
    passed = is_likely & (scores >= threshold)
    LOG.info(
        "unseen lives: %.3f of %d changes are among the %d likeliest, %.3f pass; "
        "%.2f pairs a statement pass",
        is_likely[is_change].mean(),
        is_change.sum(),
        MOST,
        passed[is_change].mean(),
        passed.sum() / len(np.unique(numbers)),
    )
    return threshold


def main() -> None:
    output = trainer.output_of(__doc__, OUTPUT)
    trainer.seed(1)
    asyncio.run(train(output))


if __name__ == "__main__":
    main()
