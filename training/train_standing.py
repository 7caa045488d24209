"""Trains what tells instructions on every answer from those on some, on the vectors of the
shipped embedder: a logistic regression (`logistic`).

    python -m training.train_standing

Prints the shares of both that are taken for standing ones, by ten folds over what was
written to learn from and on what another writer wrote, and learns from all of it.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.adapters.onnx.weights import Floats
from shared.language.words import word_count
from shared.ports import Embedder
from training import trainer
from training.data import load_messages
from training.instructions import TAUGHT, UNSEEN, Instruction, load_instructions
from training.logistic import Doubles, fit, likelihood
from workers.pipeline.extract.preferences.standing import WEIGHTS, features
from workers.pipeline.merge.instruction_matters import matters

LOG = logging.getLogger("training")
OUTPUT = Path(__file__).parents[1] / "workers/pipeline/extract/preferences" / WEIGHTS
PENALTY = 30.0
"""Of the squared weights."""
LEAST = 0.5
"""The probability that `standing` asks for."""
FOLDS = 10
SHORT = 8
"""Words of a request in few words."""


def plain_instructions() -> list[Instruction]:
    """Those in few words that the program compares others with ("answer in English"): all
    bear on every answer.
    """
    return [
        Instruction("", text, bears=True, source=matter)
        for matter, texts in matters()
        for text in texts
    ]


def plain_requests() -> list[Instruction]:
    """As many things that are asked for now, in as few words: none bears on any other
    answer.
    """
    short = [
        Instruction(m.language, m.text, bears=False, source=m.source)
        for m in load_messages()
        if set(m.labels) == {"request"} and word_count(m.text) <= SHORT
    ]
    chance = random.Random(FOLDS)
    return chance.sample(short, min(len(short), len(plain_instructions())))


async def inputs_of(
    instructions: Sequence[Instruction], embedder: Embedder, plain: Floats
) -> tuple[Doubles, Doubles]:
    """Features a row, and whether each bears on every answer."""
    texts = [asked.text for asked in instructions]
    vectors = np.asarray(await embedder.passages(texts), np.float32)
    rows = features(texts, vectors, plain).astype(np.float64)
    return rows, np.array([asked.bears for asked in instructions], np.float64)


def by_folds(inputs: Doubles, right: Doubles) -> Doubles:
    """The probability of each row by a fit that has not seen it."""
    likely = np.zeros(len(right))
    for fold in range(FOLDS):
        held = np.arange(len(right)) % FOLDS == fold
        weights = fit(inputs[~held], right[~held], PENALTY)
        likely[held] = likelihood(inputs[held], weights)
    return likely


def tell(name: str, likely: Doubles, right: Doubles) -> None:
    taken = likely >= LEAST
    LOG.info(
        "%s: of %d on every answer %.3f are taken for such, of %d others %.3f",
        name,
        right.sum(),
        taken[right == 1].mean(),
        (1 - right).sum(),
        taken[right == 0].mean(),
    )


async def train(output: Path) -> None:
    """From the data to the file of weights."""
    embedder = OnnxEmbedder()
    texts = [asked.text for asked in plain_instructions()]
    plain = np.asarray(await embedder.passages(texts), np.float32)
    taught = [*load_instructions(TAUGHT), *plain_instructions(), *plain_requests()]
    inputs, right = await inputs_of(taught, embedder, plain)
    others, right_of_others = await inputs_of(
        load_instructions(UNSEEN), embedder, plain
    )
    tell("written to learn from, by folds", by_folds(inputs, right), right)
    weights = fit(inputs, right, PENALTY)
    tell("another writer's", likelihood(others, weights), right_of_others)
    both = np.vstack([inputs, others]), np.concatenate([right, right_of_others])
    weights = fit(*both, PENALTY)
    np.savez(
        output,
        embedder=embedder.name,
        weights=weights.astype(np.float32),
        plain=plain.astype(np.float16),
    )


def main() -> None:
    output = trainer.output_of(__doc__, OUTPUT)
    asyncio.run(train(output))


if __name__ == "__main__":
    main()
