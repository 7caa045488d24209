"""Trains the relation model: how what is said later bears on a remembered statement.

A cross-encoder: both texts in one input. Out come ten relations, and for each token of the older
statement whether it holds no more, of the newer one whether it tells so. What the program needs most
is one number, whether the old statement is changed: the sum of the four relations that replace.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from shared.adapters.onnx.weights import Weights
from training import trainer
from training.backbone import to_batch
from training.beginning import Beginning, beginning_of, parser_of
from training.data import RELATIONS
from training.export import Export, Head, export
from training.heads import Classifier, HeadSize, class_weights
from training.measure_relation import HEAD, KEPT, PARTS, measured
from training.relation_examples import OUTSIDE, Example, Form
from training.relation_material import data, steps
from training.report import Report, write

LOG = logging.getLogger("training")

EPOCHS = 16
RATE = 1.2e-4
CALIBRATED = 100
"""Of so many examples one measures the sizes of activations for the export."""
TOKEN_WEIGHT = 1.0
POSITIVE = torch.tensor(2.0)
"""How much more a token weighs that holds no more: few do."""
SIZES = (HeadSize(HEAD, len(RELATIONS)), HeadSize(PARTS, 1, "each token"))


class Objective:
    """The loss of a batch: cross-entropy, rare relations weighing more."""

    def __init__(
        self, model: Classifier, weights: Weights, examples: Sequence[Example]
    ) -> None:
        self._model = model
        self._weights = weights
        counts = Counter(example.relation for example in examples)
        balance = class_weights([counts[number] for number in range(len(RELATIONS))])
        self._balance = balance.to(trainer.device())

    def __call__(self, batch: Sequence[Example]) -> Tensor:
        self._model.train()
        forms = [random.choice(example.forms) for example in batch]
        texts = to_batch([form.ids for form in forms], self._weights, trainer.device())
        outputs = self._model(texts)
        right = torch.tensor([e.relation for e in batch], device=texts.mask.device)
        loss = self._of_relations(outputs[HEAD], right)
        return loss + TOKEN_WEIGHT * _of_tokens(outputs[PARTS], forms)

    def _of_relations(self, logits: Tensor, right: Tensor) -> Tensor:
        """Of a pair that is no change, whatever it is, the sum of all that are none."""
        likely = functional.log_softmax(logits, -1)
        keeps = likely[:, KEPT].logsumexp(-1)
        named = likely.gather(1, right.clamp(min=0)[:, None])[:, 0]
        weight = torch.where(right >= 0, self._balance[right.clamp(min=0)], 1.0)
        picked = torch.where(right >= 0, named, keeps)
        return -(weight * picked).sum() / weight.sum()


def _of_tokens(logits: Tensor, forms: Sequence[Form]) -> Tensor:
    length = logits.shape[1]
    rows = [[*form.told, *[OUTSIDE] * (length - len(form.told))] for form in forms]
    told = torch.tensor(rows, device=logits.device)
    known = told >= 0
    return functional.binary_cross_entropy_with_logits(
        logits[..., 0][known],
        told[known].float(),
        pos_weight=POSITIVE.to(logits.device),
    )


def train(plan: trainer.Plan, output: Path, begin: Beginning) -> None:
    """From the data to the folder of the model."""
    trainer.seed(plan.seed)
    weights = Weights()
    given = data(weights, plan.seed)
    model = begin.classifier(weights, SIZES)
    first = trainer.copied(model)
    objective = Objective(model, weights, given.material.pairs)
    progress = trainer.fit(
        model, lambda chance: steps(given.material, chance), objective, plan
    )
    model.load_state_dict(trainer.between(first, model.state_dict(), begin.stays))
    sample = [example.tokens for example in given.material.all[::CALIBRATED]]
    export(export_of(model, sample), weights, output)
    report = _report(plan, progress, given.counts, measured(output, given))
    write(replace(report, beginning=begin.said), output)


def export_of(model: Classifier, texts: Sequence[Sequence[int]]) -> Export:
    """What is shipped of a trained model."""
    relations, parts = (model.heads[size.name] for size in SIZES)
    assert isinstance(relations, torch.nn.Linear)
    assert isinstance(parts, torch.nn.Linear)
    heads = [
        Head(HEAD, relations, RELATIONS, exclusive=True),
        Head(PARTS, parts, ("told",), over="each token"),
    ]
    return Export("souvenir-relation", model.encoder, heads, texts=texts)


def _report(
    plan: trainer.Plan,
    progress: trainer.Progress,
    counts: Mapping[str, int],
    result: Mapping[str, Any],
) -> Report:
    return Report(
        title="Relation: how what is said later bears on a remembered statement",
        task=__doc__ or "",
        plan=plan,
        progress=progress,
        counts=counts,
        figures=result,
        limits=(
            "Judges two statements alone: no dates, no talk around them.",
            "Thresholds were set on the unseen split that the figures are from: expect a little "
            "less elsewhere.",
        ),
    )


def main() -> None:
    said = trainer.read(parser_of(__doc__, "relation", EPOCHS, RATE))
    train(trainer.plan_of("relation", said), said.output, beginning_of(said))


if __name__ == "__main__":
    main()
