"""Trains the network that says which statements are meant by what an order names.

It goes by the embedder's vectors, so it is fitted on names and statements that the embedder has not
learned: the unseen ones of `named.jsonl`, and `named_unseen.jsonl`. Five networks are trained
without a fifth of the people, and measured on these; the threshold is set on what they say. Every
name also stands beside the statements that it does not mean alone: mostly nothing is meant.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from shared.adapters.onnx.classifier import OnnxMessageReader
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.adapters.onnx.weights import Floats
from shared.ports import Embedder
from training import trainer
from training.data import Talk
from training.named_things import load_unlearned, name_in
from training.remembered import RememberedReadings, RememberedVectors
from workers.pipeline.orders.likeness import likenesses
from workers.pipeline.orders.matching import plain
from workers.pipeline.orders.meant_network import scores, table

LOG = logging.getLogger("training")

HIDDEN = 24
STEPS = 400
BATCH = 4096
RATE = 0.01
DECAY = 0.02
FOLDS = 5
PRECISION = 0.9
"""Share of what goes that is meant, by which the threshold is set."""
OUTPUT = Path(__file__).parents[1] / "workers/pipeline/orders/meant_network.npz"

Bools = NDArray[np.bool_]
Weights = dict[str, Floats]


@dataclass(frozen=True)
class Material:
    """Statements beside names: one row each."""

    inputs: Floats
    meant: Bools
    whole: Bools
    """Whether the row is of all statements of a person, and not of those that are not meant."""
    fold: NDArray[np.int64]


async def material(talks: Sequence[Talk], embedder: Embedder) -> Material:
    """Every name with all statements of its person, and with those that it does not mean."""
    reader = RememberedReadings(OnnxMessageReader())
    parts: list[Material] = []
    for number, talk in enumerate(talks):
        said = [plain(turn.text) for turn in talk.turns]
        for asked in talk.questions:
            thing = name_in(asked.text, talk.language)
            meant = np.isin(np.arange(len(said)), asked.evidence)
            rest = [
                text for text, is_meant in zip(said, meant, strict=True) if not is_meant
            ]
            for texts, of_them, is_whole in (
                (said, meant, True),
                (rest, np.zeros(len(rest), bool), False),
            ):
                rows = table(await likenesses(embedder, reader, thing, texts))
                fold = np.full(len(rows), number % FOLDS)
                parts.append(
                    Material(rows, of_them, np.full(len(rows), is_whole), fold)
                )
    return Material(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("inputs", "meant", "whole", "fold")
        )
    )


def fit(given: Material, rows: Bools) -> Weights:
    """The weights of the network, learned from some of the rows."""
    inputs = given.inputs[rows]
    mean, scale = inputs.mean(0), inputs.std(0) + 1e-6
    scaled = torch.from_numpy((inputs - mean) / scale)
    meant = torch.from_numpy(given.meant[rows].astype(np.float32))
    model = nn.Sequential(
        nn.Linear(scaled.shape[1], HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1)
    )
    optimizer = torch.optim.AdamW(model.parameters(), RATE, weight_decay=DECAY)
    for _ in range(STEPS):
        batch = torch.randint(0, len(scaled), (BATCH,))
        logits = model(scaled[batch])[:, 0]
        loss = functional.binary_cross_entropy_with_logits(logits, meant[batch])
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    return {
        "mean": mean,
        "scale": scale,
        "first": state["0.weight"].T,
        "bias": state["0.bias"],
        "second": state["2.weight"][0],
        "offset": state["2.bias"][0],
    }


def threshold_for(
    likely: Floats, meant: Bools, precision: float
) -> tuple[float, float]:
    """The least probability from which so many are meant, and the share of those meant that
    are found.
    """
    order = np.argsort(-likely)
    found = np.cumsum(meant[order])
    right = found / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(right >= precision)
    if not len(enough):
        return 1.0, 0.0
    return float(likely[order[enough[-1]]]), float(found[enough[-1]] / meant.sum())


async def train(output: Path) -> None:
    """From the data to the file of weights."""
    embedder = RememberedVectors(OnnxEmbedder())
    given = await material(load_unlearned(), embedder)
    likely = np.zeros(len(given.meant), np.float32)
    for fold in range(FOLDS):
        apart = given.fold == fold
        likely[apart] = scores(fit(given, ~apart), given.inputs[apart])
    threshold = _measured(given, likely)
    weights = fit(given, np.ones(len(given.meant), bool))
    np.savez(
        output,
        embedder=embedder.name,
        threshold=np.float32(threshold),
        **{name: np.asarray(value, np.float32) for name, value in weights.items()},
    )


def _measured(given: Material, likely: Floats) -> float:
    """The threshold, set where something is meant."""
    whole = given.whole
    LOG.info("%d names and statements, %d meant", whole.sum(), given.meant.sum())
    for precision in (0.97, 0.95, 0.9, 0.85, 0.8):
        _, recall = threshold_for(likely[whole], given.meant[whole], precision)
        LOG.info("precision %.2f: recall %.3f", precision, recall)
    threshold, recall = threshold_for(likely[whole], given.meant[whole], PRECISION)
    taken = likely[~whole] >= threshold
    LOG.info(
        "from %.3f: recall %.3f; of statements beside a name that means none of them %.4f go",
        threshold,
        recall,
        taken.mean(),
    )
    return threshold


def main() -> None:
    output = trainer.output_of(__doc__, OUTPUT)
    trainer.seed(1)
    asyncio.run(train(output))


if __name__ == "__main__":
    main()
