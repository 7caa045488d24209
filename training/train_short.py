"""Trains what tells news from chat in short messages, on the shipped embedder and message
model: a logistic regression, fitted by Newton's method. Needs no PyTorch; half a minute.

    python -m training.train_short

Prints the shares of news and of chat of the unseen split that are taken for news.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shared.adapters.onnx.classifier import OnnxMessageReader
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.short_messages import (
    NEWS,
    WEIGHTS,
    features,
    is_short,
)
from shared.domain.message_reading import Utterance
from training import trainer
from training.data import Message, load_messages, split
from training.logistic import Doubles, fit, likelihood

LOG = logging.getLogger("training")

FOLDER = "news"
"""Of the messages that were written for this."""
OTHERS = 0.3
"""Weight of a message that was written for the message model: that has seen them, and is
surer of them than it will be.
"""
PENALTY = 100.0
"""Of the squared weights; .3 to 30 are worse on the messages of other writers."""


@dataclass(frozen=True)
class Examples:
    """Features a row, whether each is news, and how much it counts."""

    inputs: Doubles
    news: Doubles
    counts: Doubles


def chosen(messages: Sequence[Message]) -> list[Message]:
    """Short messages that are no orders and no answers."""
    return [
        message
        for message in messages
        if is_short(utterance_of(message))
        and not message.previous
        and not any(part.kind == "instruction" for part in message.parts)
    ]


def utterance_of(message: Message) -> Utterance:
    """The message as a reader gets it."""
    return Utterance(message.text, message.role, message.previous)


async def examples(
    messages: Sequence[Message],
    reader: OnnxMessageReader,
    embedder: OnnxEmbedder,
    labels: Sequence[str],
) -> Examples:
    """What the model learns from."""
    readings = await reader.read([utterance_of(message) for message in messages])
    vectors = await embedder.passages([message.text for message in messages])
    inputs = features(np.asarray(vectors, np.float32), readings, labels)
    is_own = np.array([message.source.startswith(f"{FOLDER}/") for message in messages])
    return Examples(
        inputs.astype(np.float64),
        np.array([bool(message.parts) for message in messages], np.float64),
        np.where(is_own, 1.0, OTHERS),
    )


async def train(output: Path) -> None:
    """From the data to the file of weights."""
    reader, embedder = OnnxMessageReader(), OnnxEmbedder()
    labels = reader.card.classes["labels"]
    seen, unseen = split(chosen(load_messages()))
    taught = await examples(seen, reader, embedder, labels)
    weights = fit(taught.inputs, taught.news, PENALTY, taught.counts)
    held = await examples(unseen, reader, embedder, labels)
    likely, is_own = likelihood(held.inputs, weights), held.counts == 1.0
    for name, rows in (("written for it", is_own), ("others", ~is_own)):
        for kind, of_kind in (("news", held.news > 0), ("chat", held.news == 0)):
            taken = likely[rows & of_kind] >= NEWS
            LOG.info("%s, %s: %.3f of %d", name, kind, taken.mean(), len(taken))
    np.savez(
        output,
        embedder=embedder.name,
        labels=np.array(labels),
        weights=weights.astype(np.float32),
    )


def main() -> None:
    output = trainer.output_of(__doc__, model_folder("message") / WEIGHTS)
    asyncio.run(train(output))


if __name__ == "__main__":
    main()
