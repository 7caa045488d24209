"""Trains the message model: what a message is, whose matter it is, which words are worth keeping.

One encoder with five heads. Over the whole text: labels (several may hold, among them
"worth_keeping") and whose matter it is. Over each token: the kind of what is kept or "nothing",
whether a new stretch begins, and whose matter the stretch is.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from shared.adapters.onnx.classifier import OnnxMessageReader
from shared.adapters.onnx.session import Session
from shared.adapters.onnx.tokenizer import Tokenizer
from shared.adapters.onnx.weights import Weights
from training import trainer
from training.backbone import to_batch
from training.beginning import Beginning, beginning_of, parser_of
from training.data import Message, Talk, load_messages, load_talks, split
from training.export import Export, Head, export, set_thresholds
from training.heads import Classifier, batches, predict, probabilities
from training.kept_turns import kept_turns
from training.lives import Life, load_lives
from training.measure_message import figures, share_kept, thresholds
from training.message_targets import (
    CLASSES,
    DISTRIBUTIONS,
    OUTSIDE,
    SIZES,
    Example,
    example_of,
)
from training.plain_questions import plain_questions
from training.report import Report, counts_of, write
from training.train_short import FOLDER

LOG = logging.getLogger("training")

EPOCHS = 10
RATE = 1.2e-4
BATCH = 32
CALIBRATED = 16
"""Of so many examples one measures the sizes of activations for the export."""
MOST_POSITIVE_WEIGHT = 2.5
TOKEN_WEIGHT = 1.0


class Objective:
    """The loss of a batch: the sum of the five heads' own."""

    def __init__(
        self, model: Classifier, weights: Weights, examples: Sequence[Example]
    ) -> None:
        self._model = model
        self._weights = weights
        shares = (
            torch.tensor([example.labels for example in examples])
            .mean(0)
            .clamp(min=1e-3)
        )
        balance = ((1 - shares) / shares).sqrt().clamp(1, MOST_POSITIVE_WEIGHT)
        self._balance = balance.to(trainer.device())

    def __call__(self, batch: Sequence[Example]) -> Tensor:
        self._model.train()
        device = trainer.device()
        outputs = self._model(to_batch([e.ids for e in batch], self._weights, device))
        labels = torch.tensor([e.labels for e in batch], device=device)
        about = torch.tensor([e.about for e in batch], device=device)
        loss = functional.binary_cross_entropy_with_logits(
            outputs["labels"], labels, pos_weight=self._balance
        )
        loss = 3 * loss + 0.5 * functional.cross_entropy(outputs["about"], about)
        return loss + TOKEN_WEIGHT * self._token_loss(outputs, batch)

    def _token_loss(
        self, outputs: Mapping[str, Tensor], batch: Sequence[Example]
    ) -> Tensor:
        length = outputs["tags"].shape[1]
        tags = _padded([e.tags for e in batch], length).to(outputs["tags"].device)
        about = _padded([e.part_about for e in batch], length).to(tags.device)
        begins = _padded([e.begins for e in batch], length).to(tags.device)
        own = begins >= 0
        loss = functional.cross_entropy(outputs["tags"].flatten(0, 1), tags.flatten())
        loss = loss + 0.5 * functional.binary_cross_entropy_with_logits(
            outputs["begins"][..., 0][own], begins[own].float()
        )
        if not (about >= 0).any():
            return loss
        owners = functional.cross_entropy(
            outputs["part_about"].flatten(0, 1), about.flatten()
        )
        return loss + 0.5 * owners


def _padded(rows: Sequence[Sequence[int]], length: int) -> Tensor:
    return torch.tensor([[*row, *[OUTSIDE] * (length - len(row))] for row in rows])


def steps(examples: Sequence[Example], chance: random.Random) -> list[list[Example]]:
    """An epoch."""
    shuffled = list(range(len(examples)))
    chance.shuffle(shuffled)
    outputs = batches([len(example.ids) for example in examples], BATCH, shuffled)
    chance.shuffle(outputs)
    return [[examples[place] for place in batch] for batch in outputs]


def messages() -> list[Message]:
    """Those to learn from: what `train_short` learns from, on top of this model, this one
    must not have seen.
    """
    return [m for m in load_messages() if not m.source.startswith(f"{FOLDER}/")]


def train(plan: trainer.Plan, output: Path, begin: Beginning) -> None:
    """From the data to the folder of the model."""
    trainer.seed(plan.seed)
    weights = Weights()
    tokenizer = Tokenizer(weights)
    seen, unseen = split(messages())
    talks = load_talks()
    every: list[Talk | Life] = [*talks, *load_lives()]
    asked, asked_later = map(plain_questions, split(every))
    seen += asked + kept_turns(split(talks)[0], OnnxMessageReader())
    LOG.info("%d messages to train on, %d unseen", len(seen), len(unseen))
    examples = [example_of(message, tokenizer, weights) for message in seen]
    later = [example_of(message, tokenizer, weights) for message in unseen]
    model = begin.classifier(weights, SIZES)
    first = trainer.copied(model)
    objective = Objective(model, weights, examples)
    progress = trainer.fit(
        model, lambda chance: steps(examples, chance), objective, plan
    )
    model.load_state_dict(trainer.between(first, model.state_dict(), begin.stays))
    texts = [example.ids for example in later]
    sample = [example.ids for example in examples[::CALIBRATED]]
    exact = predict(
        lambda part: probabilities(model, weights, part, DISTRIBUTIONS), texts
    )
    export(export_of(model, sample), weights, output)
    shipped = predict(Session(output).run, texts)
    set_thresholds(output, thresholds(shipped, later))
    plain = [example_of(message, tokenizer, weights) for message in asked_later]
    answers = predict(Session(output).run, [example.ids for example in plain])
    outputs = {
        "32 bit": figures(exact, later, unseen),
        "as shipped, 8 bit": {
            **figures(shipped, later, unseen),
            "plain questions of which something is kept": share_kept(answers, plain),
        },
    }
    LOG.info("%s", outputs)
    report = _report(plan, progress, counts_of("messages", seen, unseen), outputs)
    write(replace(report, beginning=begin.said), output)


def export_of(model: Classifier, texts: Sequence[Sequence[int]]) -> Export:
    """What is shipped of a trained model."""
    heads: list[Head] = []
    for size in SIZES:
        linear = model.heads[size.name]
        assert isinstance(linear, torch.nn.Linear)
        exclusive = size.name in DISTRIBUTIONS
        heads.append(Head(size.name, linear, CLASSES[size.name], exclusive, size.over))
    return Export("souvenir-message", model.encoder, heads, texts=texts)


def _report(
    plan: trainer.Plan,
    progress: trainer.Progress,
    counts: Mapping[str, int],
    outputs: Mapping[str, Any],
) -> Report:
    return Report(
        title="Message: what it is, whose matter it is, what is worth keeping",
        task=__doc__ or "",
        plan=plan,
        progress=progress,
        counts=counts,
        figures=outputs,
        limits=(
            "Reads the first 384 tokens of a message and the last 64 of the turn before.",
            "Thresholds were set on the unseen split that the figures are from: expect a little "
            "less elsewhere.",
        ),
    )


def main() -> None:
    said = trainer.read(parser_of(__doc__, "message", EPOCHS, RATE))
    train(trainer.plan_of("message", said), said.output, beginning_of(said))


if __name__ == "__main__":
    main()
