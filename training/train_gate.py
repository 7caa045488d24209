"""Trains the gate before the relation model: which neighbours are worth judging.

A small network on the embeddings of two statements. Positives are the pairs with a
change, written alone, of lives, and met by the program; negatives are the other pairs, all
other earlier statements of lives, some of the nearest earlier turns of talks, and the nearest
remembered statements of other pairs. A statement of several sentences is looked at as a whole
and by each, as the program does. The threshold is set on unseen lives.
"""

from __future__ import annotations

import asyncio
import logging
import random
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.adapters.onnx.weights import Floats
from training import trainer
from training.data import load_pairs, load_talks, split
from training.gate_material import (
    Ints,
    Lived,
    Pairs,
    given,
    met,
    within_lives,
    within_talks,
)
from training.lives import load_lives
from training.met_pairs import load_met
from workers.pipeline.merge.change_gate import MOST, features, score

LOG = logging.getLogger("training")


HIDDEN = 48
EPOCHS = 10
BATCH = 128
RATE = 1e-3
POSITIVE_WEIGHT = 3.0
RECALL = 0.95
"""Share of the changes of unseen lives above the threshold, of those among the likeliest."""
OUTPUT = Path(__file__).parents[1] / "workers/pipeline/merge/change_gate.npz"


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
    lived = (await within_lives(lives, embedder, chance)).sample(chance)
    seen_pairs, _ = split(load_met())
    judged = await met(seen_pairs, embedder)
    turns = await within_talks(talks, embedder, chance)
    weights = fit(lived + written + others + judged + turns)
    threshold = _measured(weights, await within_lives(unseen, embedder, chance))
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


def _measured(weights: dict[str, Floats], lived: Lived) -> float:
    """The threshold, by unseen lives."""
    scores = lived.of_pairs(score(weights, lived.rows.old, lived.rows.new))
    is_change = lived.of_pairs(lived.rows.changed) > 0
    is_likely = ranks(scores, lived.statement) < MOST
    threshold = float(np.quantile(scores[is_change & is_likely], 1 - RECALL))
    passed = is_likely & (scores >= threshold)
    LOG.info(
        "unseen lives: %.3f of %d changes are among the %d likeliest, %.3f pass; "
        "%.2f pairs a statement pass",
        is_likely[is_change].mean(),
        is_change.sum(),
        MOST,
        passed[is_change].mean(),
        passed.sum() / len(np.unique(lived.statement)),
    )
    return threshold


def main() -> None:
    output = trainer.output_of(__doc__, OUTPUT)
    trainer.seed(1)
    asyncio.run(train(output))


if __name__ == "__main__":
    main()
